import type { CountedRows, Departure, ModelCall } from "../call.ts";
import { isAbsent, type Known, takersOf } from "./names.ts";
import { movesIn, type Origin, originOf } from "./origins.ts";
import { tablesIn } from "./statement-tables.ts";

/**
 * Rows go where their table goes: what was counted of a table before sure moves is counted afterwards, by its new name, and
 * under a name that was given away or deleted there is nothing. Tables that chunks fill are judged by these.
 */

export function countedDepartures(
  counted: readonly CountedRows[],
  asked: readonly ModelCall[],
  known: Known,
): Departure[] {
  if (counted.length === 0) return [];
  const lasts = new Map<Origin["of"], CountedRows>();
  const moves = movesIn(asked, known);
  return counted
    .toSorted((a, b) => a.sent - b.sent)
    .flatMap((one) => {
      const gone = goneProblem(one, known);
      if (gone !== null) return [gone];
      const origin = originOf(keyIn(one), one, moves, known);
      if (origin === null) return [];
      const before = lasts.get(origin.of);
      lasts.set(origin.of, one);
      return before === undefined ? [] : lostProblem(before, one, origin, known);
    });
}

const keyIn = ({ account, database, table }: CountedRows): string => [account, database, table].join("/");

function goneProblem(one: CountedRows, known: Known): Departure | null {
  const { rows, sent, returned } = one;
  const key = keyIn(one);
  const by = takersOf(key, known).findLast((taker) => taker.status === 200 && taker.returned < sent);
  if (rows === null || by === undefined || !isAbsent(key, known, { ...by, sent, returned })) return null;
  if (mayBeChanged([key], by.sent, one, known)) return null;
  return told(by, one, `expected no table of that name, got one of ${rows} rows`);
}

function lostProblem(before: CountedRows, one: CountedRows, { keys, by }: Origin, known: Known): Departure[] {
  const [was, is] = [before.rows ?? 0, one.rows ?? 0];
  if (was === is || by === null || keys.some((key) => known.streamed.has(key))) return [];
  if (mayBeChanged(keys, before.sent, one, known)) return [];
  return [told(by, one, `expected ${was} as before, got ${is}`)];
}

/** Whether a job that names it may have added rows, or taken some away, since then. */
function mayBeChanged(
  keys: readonly string[],
  since: number,
  { account, database, returned }: CountedRows,
  { jobs, finishes }: Known,
): boolean {
  const names = keys.map((key) => key.slice(key.lastIndexOf("/") + 1));
  return [...jobs].some(([id, facts]) => {
    if (facts === null) return true;
    const { request, sent, account: owner } = facts.issue;
    if (sent > returned || (owner !== null && owner.name !== account)) return false;
    if (request["database"] !== database || hasEnded(finishes.get(id) ?? [], since)) return false;
    const { query } = request;
    return (
      typeof query !== "string" || (!tablesIn(query).addsNone && names.some((name) => query.includes(name)))
    );
  });
}

const hasEnded = (reports: readonly ModelCall[], since: number): boolean =>
  reports.some(({ status, returned }) => status === 200 && returned < since);

const told = (call: ModelCall, { database, table }: CountedRows, problem: string): Departure => ({
  call,
  job: null,
  problem: `rows of ${database}.${table}: ${problem}`,
});
