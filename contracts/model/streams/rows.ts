import type { CountedRows, Departure } from "../call.ts";
import type { Life, Stay } from "./lives.ts";

/**
 * Rows are where their table is: what somebody has counted under a name, past the service, is what has come by chunks to the
 * table that has the name. What is shown as counted is there; what is made again under a name is empty.
 */

export function rowsDepartures(lives: readonly Life[], counted: readonly CountedRows[]): Departure[] {
  const inOrder = counted.toSorted((a, b) => a.sent - b.sent);
  return lives.flatMap((life) => {
    // What a customer makes known may have rows that were there before.
    let before: number | null = life.chunks.length > 0 || life.isAnew ? 0 : null;
    return inOrder.flatMap((one) => {
      const stay = life.stays.find(isAt(one));
      if (stay === undefined) return [];
      const problem = before === null ? [] : rowsProblem(life, stay, one, before);
      before ??= one.rows ?? 0;
      return problem;
    });
  });
}

const isAt =
  ({ account, database, table, sent, returned }: CountedRows) =>
  ({ key, from, to }: Pick<Stay, "key" | "from" | "to">): boolean =>
    key === [account, database, table].join("/") && sent >= from && returned <= to;

/** @param before the rows that no chunk has brought */
function rowsProblem(
  { chunks, looks }: Life,
  { begin }: Stay,
  { rows, sent, returned, ...at }: CountedRows,
  before: number,
): Departure[] {
  const found = rows ?? 0;
  const most = chunks
    .filter((chunk) => chunk.sent <= returned)
    .reduce((sum, { content }) => sum + content.records, before);
  const shown = looks.filter(({ call }) => call.returned < sent).map(({ row }) => Number(row["count"]));
  const least = Math.max(0, ...shown);
  if (found > most)
    return [told(begin, at, `expected at most the ${most} records that were sent, got ${found}`)];
  return found < least
    ? [told(begin, at, `expected at least the ${least} that were shown, got ${found}`)]
    : [];
}

const told = (
  call: Departure["call"],
  { database, table }: Pick<CountedRows, "database" | "table">,
  problem: string,
): Departure => ({ call, job: null, problem: `rows of ${database}.${table}: ${problem}` });
