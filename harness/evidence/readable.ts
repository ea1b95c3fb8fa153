import type { KeyObject } from "node:crypto";
import { readdir } from "node:fs/promises";
import { reasonOf, UsageError } from "../errors.ts";
import { costFile, evidenceFile } from "../run-files.ts";
import { readCost } from "./cost.ts";
import { type Damaged, damaged, damageInWords } from "./damage.ts";
import { historyOf, readEvidence } from "./read.ts";

const noKeys: readonly KeyObject[] = [];

/** What a folder may attest, read as the gate reads it. */
const damageOf: Readonly<Record<string, (folder: string) => Promise<Damaged | null>>> = {
  [evidenceFile]: async (folder) => {
    const evidence = await readEvidence(folder, noKeys);
    const read = "damage" in evidence ? evidence : await historyOf(evidence);
    return "damage" in read ? read : null;
  },
  [costFile]: (folder) =>
    readCost(folder, noKeys).then(
      () => null,
      (error: unknown) => damaged(folder, error),
    ),
};

/**
 * Whoever keeps evidence for others wants it to be read.
 *
 * @throws UsageError where a folder attests nothing, or something that no gate can read
 */
export async function refuseUnreadable(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new UsageError(`${folder}: expected the folder of a run: ${reasonOf(error)}`);
  });
  const attested = names.filter((name) => Object.hasOwn(damageOf, name));
  if (attested.length === 0)
    throw new UsageError(`${folder}: expected a folder with evidence, there is none`);
  for (const name of attested) {
    const damage = await damageOf[name]?.(folder);
    if (damage == null) continue;
    const { what, next } = damageInWords(damage);
    throw new UsageError(`${what}: ${next}`);
  }
}
