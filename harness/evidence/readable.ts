import type { KeyObject } from "node:crypto";
import { readdir, realpath } from "node:fs/promises";
import { join, relative } from "node:path";
import { costFile, evidenceFile, historyFile } from "../run-files.ts";
import { readCost } from "./cost.ts";
import { type Damaged, damaged, damageInWords, endedUnattested } from "./damage.ts";
import { lookFor } from "./folders.ts";
import { historyOf, readEvidence, unattestedAt } from "./read.ts";

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

/** The runs among folders and below them that a gate can read, and why it cannot read the others, a line each. */
export async function readableRuns(
  places: readonly string[],
  note: (line: string) => void,
): Promise<{ readable: string[]; refused: string[] }> {
  const readable: string[] = [];
  const refused: string[] = [];
  for (const place of places) {
    const looked = await lookFor([...Object.keys(damageOf), historyFile], [place]);
    refused.push(...looked.refused);
    let isEmpty = looked.refused.length === 0;
    const top = await realpath(place).catch(() => place);
    for (const [i, real] of looked.found.entries()) {
      note(`reading a run of ${place}, ${i + 1} of ${looked.found.length}`);
      const below = relative(top, real);
      const folder = below.startsWith("..") ? real : join(place, below);
      const damage = await damageAt(folder);
      if (damage === "no run") continue;
      isEmpty = false;
      if (damage === null) readable.push(folder);
      else {
        const { what, next } = damageInWords(damage);
        refused.push(`${what}: ${next}`);
      }
    }
    if (isEmpty) refused.push(`${place}: expected folders with evidence, there is none`);
  }
  return { readable, refused };
}

/** What is wrong with the run of a folder; null where nothing is, and `no run` where none was attested or had to be. */
async function damageAt(folder: string): Promise<Damaged | "no run" | null> {
  const names = await readdir(folder);
  const attested = names.filter((name) => Object.hasOwn(damageOf, name));
  for (const name of attested) {
    const damage = await damageOf[name]?.(folder);
    if (damage != null) return damage;
  }
  const isCut = names.includes(historyFile) && !names.includes(evidenceFile);
  const cut = isCut ? await unattestedAt(folder) : null;
  if (cut !== null) return "damage" in cut ? cut : endedUnattested(folder);
  return attested.length === 0 ? "no run" : null;
}
