/** What `interlock doctor` looks at: checks are data and pure functions of facts; `look/` gathers the facts. */

/** `unknown`: it could not be looked at, which is never told as good. */
export type Health = "ok" | "warn" | "fail" | "unknown";

export interface Finding {
  health: Health;
  found: string;
  /** What to do about it; "" where that is nothing. */
  next: string;
}

export interface Check<F> {
  /** What is needed. */
  expected: string;
  /** What goes wrong in a run without it. */
  why: string;
  judge: (facts: F) => Finding;
}

export type Checks<F> = Readonly<Record<string, Check<F>>>;

/** A check as it was judged. */
export interface Examined extends Finding {
  name: string;
  expected: string;
  why: string;
}

export const ok = (found: string): Finding => ({ health: "ok", found, next: "" });
export const warn = (found: string, next: string): Finding => ({ health: "warn", found, next });
export const fail = (found: string, next: string): Finding => ({ health: "fail", found, next });
export const unknown = (found: string): Finding => ({ health: "unknown", found, next: "" });

/** All checks of a table, in its order; without facts, why there are none. */
export const examine = <F>(checks: Checks<F>, facts: F | null, without: string): Examined[] =>
  Object.entries(checks).map(([name, { expected, why, judge }]) => ({
    name,
    expected,
    why,
    ...(facts === null ? unknown(without) : judge(facts)),
  }));

/** A figure below two bars: what a run needs, and what it is at ease with. Null where the system does not tell it. */
export function atLeast(
  figure: number | null,
  bars: { fail: number; warn: number },
  told: (figure: number) => string,
  next: string,
): Finding {
  if (figure === null) return unknown("this system does not tell it");
  if (figure < bars.fail) return fail(told(figure), next);
  return figure < bars.warn ? warn(told(figure), next) : ok(told(figure));
}

/** Whether the first two numbers of a version are these or later. */
export function isVersion(told: string, [leastMajor, leastMinor]: readonly [number, number]): boolean {
  const [major = 0, minor = 0] = told.split(".").map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

export const mebibyte = 2 ** 20;
export const gibibyte = 2 ** 30;

export const inBytes = (bytes: number): string =>
  bytes < gibibyte ? `${Math.floor(bytes / mebibyte)} MiB` : `${(bytes / gibibyte).toFixed(1)} GiB`;

/** Names in a sentence, however many there are. */
export const listed = (names: readonly string[]): string =>
  names.length <= mostListed
    ? names.join(", ")
    : `${names.slice(0, mostListed).join(", ")} and ${names.length - mostListed} more`;

const mostListed = 6;
