import { readWorded } from "../../contracts/worded-jobs.ts";

/**
 * The names by which a job of a workload is known again before it has an id: the table or path that is its own, and its
 * domain key. `prefix` keeps apart the schedules of a rig that outlives them.
 */

/** The name that stands for the job's effect: its table, or its place at a destination. */
export const targetTable = (number: number, prefix = ""): string => `${prefix}effect_${number}`;

/** The key under which the customer knows its own job again. */
export const domainKey = (number: number): string => `workload-${number}`;

/** The number of the job that a statement or a destination names, with its prefix; null where it names none. */
export function targetOf(text: unknown): { number: number; prefix: string } | null {
  const whole = String(text);
  // Some texts are a megabyte long: to look for the word alone takes a hundredth of the time.
  if (!whole.includes("effect_")) return null;
  const [, prefix, number] = /\b((?:r\d+_)?)effect_(\d+)\b/.exec(whole) ?? [];
  return prefix === undefined ? null : { number: Number(number), prefix };
}

/** The same where only the jobs under one prefix are of interest. */
export function numberOf(text: unknown, prefix = ""): number | null {
  const target = targetOf(text);
  return target?.prefix === prefix ? target.number : null;
}

/** The number of the job whose domain key this is; null if it is that of none. */
export function numberOfKey(key: string): number | null {
  const [, number] = /^workload-(\d+)$/.exec(key) ?? [];
  return number === undefined ? null : Number(number);
}

/** The id of the job whose result this query exports, which is for the same job of the workload; null for any other query. */
export function exportedBy(query: unknown): string | null {
  const job = typeof query === "string" ? readWorded(query) : null;
  return job?.type === "result_export" ? job.values.job : null;
}
