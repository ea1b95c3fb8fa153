import type { Millis } from "../../contracts/values.ts";
import type { Build, Override } from "./policy.ts";

/** Breaking the glass: somebody answers for a release that the gate has not let through. */

const longestMs: Millis = 7 * 24 * 3_600_000;

export type Overridden = { by: Override } | { refused: string } | null;

/** The override of these builds, or why there is none in force; null where none names them. */
export function overrideOf(all: readonly Override[], candidate: readonly Build[], now: Millis): Overridden {
  const mine = all.filter(({ builds }) => isOf(builds, candidate));
  const [first] = mine;
  if (first === undefined) return null;
  const [issued, expires] = [Date.parse(first.issued), Date.parse(first.expires)];
  if (mine.length > 1) return { refused: "it was renewed: the same builds have more than one" };
  if (expires - issued > longestMs) return { refused: "it is to last longer than 7 days" };
  if (issued > now) return { refused: "it begins in the future" };
  return expires <= now ? { refused: `it has expired on ${first.expires}` } : { by: first };
}

/** Whether it names all builds of the candidate, each by its digest or image, and no others. */
const isOf = (named: readonly string[], candidate: readonly Build[]): boolean =>
  candidate.every(({ digest, image }) => named.some((one) => one === digest || one === image)) &&
  named.every((one) => candidate.some(({ digest, image }) => one === digest || one === image));
