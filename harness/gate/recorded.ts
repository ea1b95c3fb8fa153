import { join } from "node:path";
import type { HistoryEvent } from "../history/event.ts";
import { readHistory } from "../history/read.ts";
import { historyFile } from "../run-files.ts";
import type { Proof, ProvenCell } from "./proof.ts";
import type { Finding } from "./question.ts";

/** Runs whose histories are read once more for a page: who looks at reds looks at a few. */
const mostRuns = 8;

/** The run that shows something, and the number of the job in it that it is about; 0 for what is about none. */
interface Place {
  folder: string;
  job: number;
}

/** The history of that run, and the number of the job. */
export interface Recorded {
  events: readonly HistoryEvent[];
  job: number;
}

/** What was recorded of the cells that have not passed. */
export const recordedOfCells = (cells: readonly ProvenCell[], proofs: readonly Proof[]) =>
  recorded(cells, (cell) => {
    const proof = cell.verdict === "pass" ? undefined : proofs.find((one) => one.cells.includes(cell));
    return proof === undefined ? null : { folder: proof.folder, job: proof.cells.indexOf(cell) + 1 };
  });

/** What was recorded of what the gate holds against a candidate. */
export const recordedOfFindings = (findings: readonly Finding[], proofs: readonly Proof[]) =>
  recorded(findings, ({ cell, next }) => {
    const proof = "check" in next ? proofs.find(({ folder }) => folder === next.check) : undefined;
    if (proof === undefined) return null;
    return { folder: proof.folder, job: proof.cells.findIndex((one) => one.cell === cell) + 1 };
  });

async function recorded<T>(
  all: readonly T[],
  placeOf: (one: T) => Place | null,
): Promise<ReadonlyMap<T, Recorded>> {
  const places = all.flatMap((one) => {
    const place = placeOf(one);
    return place === null ? [] : [{ one, ...place }];
  });
  const histories = new Map<string, readonly HistoryEvent[]>();
  for (const folder of [...new Set(places.map((place) => place.folder))].slice(0, mostRuns))
    histories.set(folder, await readHistory(join(folder, historyFile)));
  return new Map(
    places.flatMap(({ one, folder, job }): [T, Recorded][] => {
      const events = histories.get(folder);
      return events === undefined ? [] : [[one, { events, job }]];
    }),
  );
}
