import type { Millis } from "../../contracts/values.ts";
import type { Override } from "./policy.ts";

/** Breaking the glass: somebody answers for a release that the gate has not let through. */

export const longestMs: Millis = 7 * 24 * 3_600_000;

export type Overridden = { by: Override } | { refused: string } | null;

/** A build of the candidate that is not live yet, by all digests and images that it is known under. */
export type Names = readonly string[];

interface Asked {
  now: Millis;
  /** When the first run of one of the builds began: whoever writes an entry anew cannot move that. Null where none has run. */
  firstRun: Millis | null;
}

/** The override of these builds, or why it is not in force; null where no override names one of them. */
export function overrideOf(
  all: readonly Override[],
  candidate: readonly Names[],
  { now, firstRun }: Asked,
): Overridden {
  const mine = all.filter(({ builds }) =>
    builds.some((one) => candidate.some((names) => names.includes(one))),
  );
  const [first] = mine;
  if (first === undefined) return null;
  const [issued, expires] = [Date.parse(first.issued), Date.parse(first.expires)];
  if (mine.length > 1) return { refused: "it was renewed: the same builds have more than one" };
  if (!isOf(first.builds, candidate))
    return { refused: "it is of other builds than those that are to go out" };
  if (expires - issued > longestMs) return { refused: "it is to last longer than 7 days" };
  if (firstRun !== null && expires > firstRun + longestMs)
    return {
      refused: `it is to last longer than 7 days after the first run of these builds, which began on ${new Date(firstRun).toISOString()}`,
    };
  if (issued > now) return { refused: "it begins in the future" };
  return expires <= now ? { refused: `it has expired on ${first.expires}` } : { by: first };
}

/** Whether it names every build, and no other. */
const isOf = (named: readonly string[], candidate: readonly Names[]): boolean =>
  candidate.every((names) => named.some((one) => names.includes(one))) &&
  named.every((one) => candidate.some((names) => names.includes(one)));
