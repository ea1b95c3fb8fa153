/** The name of the next life of a worker where it has a name of its own: `worker-v5-1.life-2`, `worker-v5-1.life-3`. */
export function laterLife(name: string): string {
  const [, first, number] = /^(.*)\.life-(\d+)$/.exec(name) ?? [];
  return `${first ?? name}.life-${Number(number ?? 1) + 1}`;
}

/** The name that its first life had. */
export const firstLife = (name: string): string => name.replace(/\.life-\d+$/, "");
