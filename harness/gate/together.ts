import { lacksOfParts } from "../coverage/parts.ts";
import type { Proof } from "./proof.ts";

/** What runs of the same builds lack together of a whole matrix, in words; nothing where they make one up. */
export function coverageLacks(proofs: readonly Proof[]): readonly string[] {
  if (proofs.length === 1) return proofs[0]?.lacks ?? [];
  const parts = proofs.flatMap(({ part }) => part ?? []);
  if (parts.length < proofs.length) return ["not all of it could be judged"];
  return isSome(parts) ? lacksOfParts(parts).map(({ what }) => what) : ["there is no run"];
}

const isSome = <T>(list: readonly T[]): list is readonly [T, ...T[]] => list.length > 0;
