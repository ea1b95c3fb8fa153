import { type Departure, fieldsIn, type ModelCall, wrong } from "../call.ts";
import { isJobs, jobOf, type Known, mayBeTaken, parts } from "./names.ts";
import { hasOneTable, movesIn, originOf } from "./origins.ts";
import { changeIn, type TableChange, tablesIn } from "./statement-tables.ts";

/**
 * What a table is shown to hold that a job has made: as many rows as the job has said, once its success was answered, by
 * whatever name; with what other jobs have added and taken away under its first one, unless anything else may have. One that its
 * customer has made begins without rows, and is judged once a job has added to it.
 */
export function filledDepartures(asked: readonly ModelCall[], known: Known): Departure[] {
  // A service from before moves counts nothing either, and which build has counted is not known of several.
  if (known.lacksMoves) return [];
  const moves = movesIn(asked, known);
  const changing = changingIn(known);
  const said = saidIn(asked, known);
  return asked.flatMap((call) =>
    rowsIn(call).flatMap(({ key, count }) => {
      const origin = originOf(key, call, moves, known);
      if (origin === null || typeof origin.of === "string") return [];
      const made = madeBy(origin.of, call, said);
      const expected = made && rowsOf(origin.keys, call, made, known, changing);
      if (expected === null || expected === count) return [];
      return [{ call, job: null, problem: wrong(`count of ${key.split("/")[2]}`, expected, count) }];
    }),
  );
}

/** Tables that a reply shows, by their keys. */
function rowsIn(call: ModelCall): { key: string; count: unknown }[] {
  const { account, operation, request, reply, status } = call;
  const part = parts[operation];
  if (status !== 200 || account === null || (part !== "show" && part !== "list")) return [];
  const rows: unknown = operation === "table.list" ? fieldsIn(reply)["tables"] : [reply];
  if (!operation.startsWith("table.") || !Array.isArray(rows)) return [];
  return rows.map(fieldsIn).map(({ name, count }) => ({
    key: [account.name, request["database"], name].join("/"),
    count,
  }));
}

interface Made {
  /** Null of one that is judged from the first job on that has added to it. */
  rows: number | null;
  /** The answer from which on the table has them. */
  by: ModelCall;
}

/** How many rows a job has said that its one table has, and none of a customer's; null where that is not sure by then. */
function madeBy(maker: ModelCall, { sent }: ModelCall, said: SaidByJob): Made | null {
  if (!isJobs(maker)) return maker.operation === "table.create" ? { rows: null, by: maker } : null;
  const by = said(jobOf(maker)).find(({ returned }) => returned < sent);
  const records = by?.request["num_records"];
  return by !== undefined && typeof records === "number" ? { rows: records, by } : null;
}

/** The successes that a job's one table has its rows by, as they were answered; none where it may have another, or adds to one. */
type SaidByJob = (job: string) => readonly ModelCall[];

const saidIn = (asked: readonly ModelCall[], { finishes, jobs }: Known): SaidByJob =>
  remembered((job) =>
    tablesIn(String(jobs.get(job)?.issue.request["query"])).addsNone && hasOneTable(job, asked)
      ? (finishes.get(job) ?? []).filter(
          ({ status, request }) => status === 200 && request["status"] === "success",
        )
      : [],
  );

/** The same for the same word, found once: lists show hundreds of tables hundreds of times. */
function remembered<T>(find: (word: string) => T): (word: string) => T {
  const known = new Map<string, T>();
  return (word) => {
    const found = known.get(word) ?? find(word);
    known.set(word, found);
    return found;
  };
}

/** A job that adds rows to a table that is there, or takes some away. */
interface Changing {
  /** Null where nobody knows which order it was. */
  order: { query: string; issued: ModelCall } | null;
  /** Null where its text leaves a doubt of which table, or how. */
  change: TableChange | null;
  /** Reports of its success that may have been taken. */
  successes: readonly ModelCall[];
}

/** Those whose order names a table, and those of which nobody knows the order. */
type ChangingByName = (table: string) => readonly Changing[];

function changingIn({ jobs, finishes }: Known): ChangingByName {
  const all = [...jobs].flatMap(([id, facts]): Changing[] => {
    const successes = (finishes.get(id) ?? []).filter(
      (report) => report.request["status"] === "success" && mayBeTaken(report),
    );
    if (facts === null) return [{ order: null, change: null, successes }];
    const query = String(facts.issue.request["query"]);
    if (tablesIn(query).addsNone) return [];
    return [{ order: { query, issued: facts.issue }, change: changeIn(query), successes }];
  });
  return remembered((table) => all.filter(({ order }) => order === null || order.query.includes(table)));
}

/**
 * How many rows a table has by what jobs have said that they added since it was made, and took away; null where that is not
 * sure: somebody has moved it, a chunk may have come, or a report is on its way.
 */
function rowsOf(
  keys: readonly string[],
  { sent, returned }: ModelCall,
  made: Made,
  { streamed }: Known,
  changing: ChangingByName,
): number | null {
  if (keys.some((key) => streamed.has(key))) return null;
  const named = keys.map((key) => changing(key.slice(key.lastIndexOf("/") + 1)));
  let { rows } = made;
  for (const { order, change, successes: all } of new Set(named.flat())) {
    const successes = all.filter((report) => report.sent <= returned);
    const isBefore = successes.every((one) => one.status === 200 && one.returned < made.by.sent);
    if (order === null && isBefore) continue;
    if (order !== null && order.issued.sent > returned) continue;
    const [account, database, table] = keys[0]?.split("/") ?? [];
    const isOfOne = keys.length === 1 && order !== null && change !== null;
    if (!isOfOne || order.issued.account?.name !== account || order.issued.request["database"] !== database)
      return null;
    if (change.table !== table) continue;
    if (successes.length === 0) continue;
    const said = successes.find(({ status, returned: known }) => status === 200 && known < sent);
    const records = said?.request["num_records"];
    // Which table it was counted for is sure where this one was there before anybody said so.
    if (typeof records !== "number" || successes.some((one) => one.sent <= made.by.returned)) return null;
    rows = (rows ?? 0) + (change.way === "takes" ? -records : records);
    if (rows < 0) return null;
  }
  return rows;
}
