import type { CountedRows, Departure } from "../call.ts";
import type { Gap, Life, Lives, Stay } from "./lives.ts";

/**
 * Rows are where their table is: what somebody has counted under a name, past the service, is what has come by chunks to the
 * table that has the name. What is shown as counted is there; what is made again under a name is empty.
 */

export function rowsDepartures({ lives, gaps }: Lives, counted: readonly CountedRows[]): Departure[] {
  return counted.flatMap((one) => [
    ...lives.flatMap((life) => life.stays.filter(isAt(one)).flatMap((stay) => rowsProblem(life, stay, one))),
    ...gaps.filter(isAt(one)).flatMap((gap) => goneProblem(gap, one)),
  ]);
}

const isAt =
  ({ account, database, table, sent, returned }: CountedRows) =>
  ({ key, from, to }: Pick<Stay | Gap, "key" | "from" | "to">): boolean =>
    key === [account, database, table].join("/") && sent >= from && returned <= to;

function rowsProblem({ chunks, looks }: Life, { begin }: Stay, { rows, sent, returned, ...at }: CountedRows) {
  const found = rows ?? 0;
  const most = chunks
    .filter((chunk) => chunk.sent <= returned)
    .reduce((sum, { content }) => sum + content.records, 0);
  const shown = looks.filter(({ call }) => call.returned < sent).map(({ row }) => Number(row["count"]));
  const least = Math.max(0, ...shown);
  if (found > most)
    return [told(begin, at, `expected at most the ${most} records that were sent, got ${found}`)];
  return found < least
    ? [told(begin, at, `expected at least the ${least} that were shown, got ${found}`)]
    : [];
}

const goneProblem = ({ by }: Gap, { rows, ...at }: CountedRows): Departure[] =>
  rows === null ? [] : [told(by, at, `expected no table of that name, got one of ${rows} rows`)];

const told = (
  call: Departure["call"],
  { database, table }: Pick<CountedRows, "database" | "table">,
  problem: string,
): Departure => ({ call, job: null, problem: `rows of ${database}.${table}: ${problem}` });
