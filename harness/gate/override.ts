import type { Millis } from "../../contracts/values.ts";
import type { Override } from "./policy.ts";

/** Breaking the glass: somebody answers for a release that the gate has not let through. */

const longestMs: Millis = 7 * 24 * 3_600_000;

export type Overridden = { by: Override } | { refused: string } | null;

/** A build of the candidate that is not live yet, by all digests and images that it is known under. */
export type Names = readonly string[];

/** The override of these builds, or why it is not in force; null where no override names one of them. */
export function overrideOf(all: readonly Override[], candidate: readonly Names[], now: Millis): Overridden {
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
  if (issued > now) return { refused: "it begins in the future" };
  return expires <= now ? { refused: `it has expired on ${first.expires}` } : { by: first };
}

/** Whether it names every build, and no other. */
const isOf = (named: readonly string[], candidate: readonly Names[]): boolean =>
  candidate.every((names) => named.some((one) => names.includes(one))) &&
  named.every((one) => candidate.some((names) => names.includes(one)));
