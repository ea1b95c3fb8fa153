import type { KeyObject } from "node:crypto";
import { type Damaged, type Evidence, evidenceFolders, historyOf, readEvidence } from "../evidence/read.ts";
import type { Build } from "./policy.ts";
import { type Proof, proofOf } from "./proof.ts";
import { hasRun } from "./question.ts";

interface Wanted {
  keys: readonly KeyObject[];
  candidate: readonly Build[];
  note: (line: string) => void;
}

/**
 * Reads the evidence in folders and judges its histories again: of all runs of the candidate, and of those of others that
 * say whether a trouble is the candidate's alone.
 */
export async function gather(
  places: readonly string[],
  { keys, candidate, note }: Wanted,
): Promise<{ proofs: Proof[]; damaged: Damaged[] }> {
  const folders = await evidenceFolders(places);
  const read = await Promise.all(folders.map((folder) => readEvidence(folder, keys)));
  const damaged = read.filter((one): one is Damaged => "damage" in one);
  const evidence = read.filter((one): one is Evidence => "predicate" in one);
  const isWanted = ({ predicate }: Evidence) =>
    candidate.some((build) => hasRun(predicate, build)) ||
    predicate.cells.some(({ verdict }) => verdict === "infrastructure");
  const wanted = evidence.filter(isWanted);
  const proofs: Proof[] = [];
  for (const [i, one] of wanted.entries()) {
    note(`judging ${one.folder} again, ${i + 1} of ${wanted.length}`);
    const events = await historyOf(one);
    if ("damage" in events) damaged.push(events);
    else proofs.push(proofOf(one, events));
  }
  return { proofs, damaged };
}
