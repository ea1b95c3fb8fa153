import type { KeyObject } from "node:crypto";
import { type Damaged, type Evidence, evidenceFolders, historyOf, readEvidence } from "../evidence/read.ts";
import type { Build } from "./policy.ts";
import { type Proof, proofOf } from "./proof.ts";
import { hasRun } from "./question.ts";

interface Wanted {
  keys: readonly KeyObject[];
  /** Builds that the evidence must be of: the rest is not judged again. */
  about: readonly Build[];
  note: (line: string) => void;
}

/** Reads the evidence in folders and judges its histories again. */
export async function gather(
  places: readonly string[],
  { keys, about, note }: Wanted,
): Promise<{ proofs: Proof[]; damaged: Damaged[] }> {
  const folders = await evidenceFolders(places);
  const read = await Promise.all(folders.map((folder) => readEvidence(folder, keys)));
  const damaged = read.filter((one): one is Damaged => "damage" in one);
  const evidence = read.filter((one): one is Evidence => "predicate" in one);
  const wanted = evidence.filter(({ predicate }) =>
    predicate.builds.some(({ component }) =>
      about.some((build) => build.component === component && hasRun(predicate, build)),
    ),
  );
  const proofs: Proof[] = [];
  for (const [i, one] of wanted.entries()) {
    note(`judging ${one.folder} again, ${i + 1} of ${wanted.length}`);
    const events = await historyOf(one);
    if ("damage" in events) damaged.push(events);
    else proofs.push(proofOf(one, events));
  }
  return { proofs, damaged };
}
