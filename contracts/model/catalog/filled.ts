import { type Departure, fieldsIn, type ModelCall, wrong } from "../call.ts";
import { isJobs, jobOf, type Known, parts } from "./names.ts";
import { hasOneTable, movesIn, originOf } from "./origins.ts";
import { tablesIn } from "./statement-tables.ts";

/**
 * What a table is shown to hold that a job has made: as many rows as the job has said, once its success was answered, by
 * whatever name, unless something may have added to it since.
 */
export function filledDepartures(asked: readonly ModelCall[], known: Known): Departure[] {
  // A service from before moves counts nothing either, and which build has counted is not known of several.
  if (known.lacksMoves || !asked.some(isJobs)) return [];
  const moves = movesIn(asked, known);
  return asked.flatMap((call) =>
    rowsIn(call).flatMap(({ key, count }) => {
      const origin = originOf(key, call, moves, known);
      if (origin === null || typeof origin.of === "string" || !isJobs(origin.of)) return [];
      const made = madeBy(jobOf(origin.of), call, asked, known);
      if (made === null || made === count || mayBeAddedTo(origin.keys, call, known)) return [];
      return [{ call, job: null, problem: wrong(`count of ${key.split("/")[2]}`, made, count) }];
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

/** How many rows a job has said that its one table has; null where that is not sure by then. */
function madeBy(
  job: string,
  { sent }: ModelCall,
  asked: readonly ModelCall[],
  { finishes, jobs }: Known,
): number | null {
  if (!tablesIn(String(jobs.get(job)?.issue.request["query"])).addsNone || !hasOneTable(job, asked))
    return null;
  const said = (finishes.get(job) ?? []).find(
    ({ status, returned, request }) => status === 200 && returned < sent && request["status"] === "success",
  );
  const records = said?.request["num_records"];
  return typeof records === "number" ? records : null;
}

/** Whether a chunk or a job that names it may have added rows, or taken some away. */
const mayBeAddedTo = (
  keys: readonly string[],
  { returned }: ModelCall,
  { jobs, streamed }: Known,
): boolean => {
  const names = keys.map((key) => key.slice(key.lastIndexOf("/") + 1));
  return (
    keys.some((key) => streamed.has(key)) ||
    [...jobs.values()].some((facts) => {
      if (facts === null) return true;
      const { request, sent } = facts.issue;
      const query = String(request["query"]);
      return sent <= returned && names.some((name) => query.includes(name)) && !tablesIn(query).addsNone;
    })
  );
};
