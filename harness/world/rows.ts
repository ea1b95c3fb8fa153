import type { Row } from "../../contracts/values.ts";

/** How rows that are somewhere differ from the rows that should be there, as multisets (names as in Jepsen's checkers). */
export interface RowDifference {
  expected: number;
  found: number;
  lost: number;
  duplicated: number;
  unexpected: number;
  /** One row of each kind that occurs, as JSON. */
  samples: readonly string[];
}

export function compareRows(expected: readonly Row[], found: readonly Row[]): RowDifference | null {
  if (isSame(expected, found)) return null;
  const wanted = count(expected);
  const seen = count(found);
  let lost = 0;
  let duplicated = 0;
  let unexpected = 0;
  const samples: string[] = [];
  const note = (kind: string, before: number, row: string) => {
    if (before === 0) samples.push(`${kind}: ${row.length > 120 ? `${row.slice(0, 120)}…` : row}`);
  };
  for (const [row, times] of wanted) {
    const missing = times - (seen.get(row) ?? 0);
    if (missing <= 0) continue;
    note("lost", lost, row);
    lost += missing;
  }
  for (const [row, times] of seen) {
    const allowed = wanted.get(row) ?? 0;
    if (times <= allowed) continue;
    if (allowed > 0) {
      note("duplicated", duplicated, row);
      duplicated += times - allowed;
    } else {
      note("unexpected", unexpected, row);
      unexpected += times;
    }
  }
  if (lost + duplicated + unexpected === 0) return null;
  return { expected: expected.length, found: found.length, lost, duplicated, unexpected, samples };
}

/** Most rows are found in their order: then nothing has to be counted. */
const isSame = (expected: readonly Row[], found: readonly Row[]): boolean =>
  expected.length === found.length && expected.every((row, i) => isSameRow(row, found[i] as Row));

/** Whether the same rows are found in another order. */
export const isReordered = (expected: readonly Row[], found: readonly Row[]): boolean =>
  compareRows(expected, found) === null &&
  expected.some((row, i) => JSON.stringify(row) !== JSON.stringify(found[i]));

const isSameRow = (row: Row, other: Row): boolean =>
  row.length === other.length && row.every((value, i) => Object.is(value, other[i]));

const count = (rows: readonly Row[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const key = JSON.stringify(row);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
};

/** The difference in words: `0 of 3 rows arrived: 3 lost`. */
export const describeDifference = (where: string, difference: RowDifference): string[] => {
  const { expected, found, lost, duplicated, unexpected, samples } = difference;
  const kinds = [
    [lost, "lost"],
    [duplicated, "duplicated"],
    [unexpected, "unexpected"],
  ] as const;
  const parts = kinds.filter(([n]) => n > 0).map(([n, kind]) => `${n} ${kind}`);
  return [`${where} holds ${found} rows where ${expected} belong: ${parts.join(", ")}`, ...samples];
};
