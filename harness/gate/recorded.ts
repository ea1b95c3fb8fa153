import { join } from "node:path";
import { historyFile } from "../evidence/read.ts";
import type { HistoryEvent } from "../history/event.ts";
import { readHistory } from "../history/read.ts";
import type { Proof, ProvenCell } from "./proof.ts";

/** Runs whose histories are read once more for a page: who looks at reds looks at a few. */
const mostRuns = 8;

/** The history of the run that proved a cell, and the number of the cell's job in it. */
export interface Recorded {
  events: readonly HistoryEvent[];
  job: number;
}

/** What was recorded of the cells that have not passed. */
export async function recordedOf(
  cells: readonly ProvenCell[],
  proofs: readonly Proof[],
): Promise<ReadonlyMap<ProvenCell, Recorded>> {
  const places = cells.flatMap((cell) => {
    const proof = cell.verdict === "pass" ? undefined : proofs.find((one) => one.cells.includes(cell));
    return proof === undefined ? [] : [{ cell, folder: proof.folder, job: proof.cells.indexOf(cell) + 1 }];
  });
  const histories = new Map<string, readonly HistoryEvent[]>();
  for (const folder of [...new Set(places.map((place) => place.folder))].slice(0, mostRuns))
    histories.set(folder, await readHistory(join(folder, historyFile)));
  return new Map(
    places.flatMap(({ cell, folder, job }): [ProvenCell, Recorded][] => {
      const events = histories.get(folder);
      return events === undefined ? [] : [[cell, { events, job }]];
    }),
  );
}
