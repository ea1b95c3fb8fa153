/** As much of a shell's grammar as the commands of the docs use. */

export interface Call {
  words: string[];
  /** Where its output goes, by `>`. */
  writes: string[];
}

/** What a reader puts something else for: `<id of the run>` becomes this word. */
export const placeholder = "PLACEHOLDER";

/**
 * The calls of a line in their order, those within `$(…)` first. Comments and variables before a call are left out. What
 * stands in brackets is optional in a usage, and read like the rest.
 */
export function callsIn(line: string): Call[] {
  const inner: Call[] = [];
  const whole = line
    .replaceAll(/<[^<>]+>/g, placeholder)
    .replaceAll(/\[([^\]]*)\]/g, "$1")
    .replaceAll(/\$\(([^()]*)\)/g, (_, text: string) => {
      inner.push(...callsIn(text));
      return placeholder;
    });
  const calls: Call[] = [{ words: [], writes: [] }];
  let isTarget = false;
  for (const [token] of whole.matchAll(/'[^']*'|"[^"]*"|#.*|[|;&<>]+|[^\s|;&<>]+/g)) {
    if (token.startsWith("#")) break;
    const call = calls.at(-1) as Call;
    if (token.startsWith(">")) isTarget = true;
    else if (/^[|;&<]/.test(token)) calls.push({ words: [], writes: [] });
    else if (isTarget) isTarget = !call.writes.push(token);
    else if (call.words.length > 0 || !/^[A-Z_]+=/.test(token))
      call.words.push(token.replaceAll(/^['"]|['"]$/g, ""));
  }
  return [...inner, ...calls.filter(({ words }) => words.length > 0)];
}

/** Lines of which each ends where its command does: `\` goes on in the next one. */
export function joined<T extends { text: string }>(lines: readonly T[]): T[] {
  const whole: T[] = [];
  let isOpen = false;
  for (const line of lines) {
    const last = whole.at(-1);
    if (isOpen && last !== undefined)
      whole[whole.length - 1] = { ...last, text: last.text.slice(0, -1) + line.text.trim() };
    else whole.push(line);
    isOpen = line.text.endsWith("\\");
  }
  return whole;
}
