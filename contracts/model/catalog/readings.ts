import { type Departure, isUnanswered, type ModelCall, wrong } from "../call.ts";
import { isAbsent, isJobs, isMove, jobOf, type Known, keysOf, mayBeTaken, parts, takersOf } from "./names.ts";
import { hasOneTable, movesIn, originOf } from "./origins.ts";
import { type StatementTables, tablesIn } from "./statement-tables.ts";

/**
 * What jobs find under names that move. A statement is about the tables that have the names while it runs, and it runs
 * at some time between the job's first claim and its end: only what was so all that time is judged.
 */

/** A success, and the tables of its statement for as long as it may have run. */
interface Success {
  /** The report, sent when the job was first claimed. */
  run: ModelCall;
  database: string;
  tables: StatementTables;
}

/** @param calls all of the history */
export function readingDepartures(
  calls: readonly ModelCall[],
  asked: readonly ModelCall[],
  known: Known,
): Departure[] {
  if (!asked.some((call) => isMove(call) && call.status === 200)) return [];
  // It may have moved whatever there is.
  if (
    asked.some(
      (call) => mayBeTaken(call) && parts[call.operation] !== "list" && keysOf(call, known.jobs).length === 0,
    )
  )
    return [];
  return calls.flatMap((call) => {
    const success = successOf(call, calls, known);
    const problem =
      success === null ? null : (goneProblem(success, known) ?? rowsProblem(success, asked, known));
    return problem === null ? [] : [{ call, job: jobOf(call), problem }];
  });
}

function successOf(call: ModelCall, calls: readonly ModelCall[], { jobs }: Known): Success | null {
  const isSuccess = call.operation === "worker.finish" && call.request["status"] === "success";
  // The service is also told of ends that no worker has seen.
  if (!isSuccess || call.status !== 200 || call.probe !== undefined) return null;
  const issue = jobs.get(jobOf(call))?.issue;
  const { database, query } = issue?.request ?? {};
  const owner = issue?.account;
  if (owner == null || typeof query !== "string") return null;
  const claims = calls.filter(
    (one) => one.operation === "worker.claim" && (isUnanswered(one) || claimedIn(one) === jobOf(call)),
  );
  const sent = Math.min(call.sent, ...claims.map((one) => one.sent));
  return { run: { ...call, sent }, database: `${owner.name}/${String(database)}`, tables: tablesIn(query) };
}

const claimedIn = ({ reply }: ModelCall): unknown =>
  (reply as { job?: { job_id?: unknown } | null } | null)?.job?.job_id;

function goneProblem({ run, database, tables }: Success, known: Known): string | null {
  const gone = tables.needs.find((name) => {
    const key = `${database}/${name}`;
    const isTaken = takersOf(key, known).some(
      ({ status, returned }) => status === 200 && returned < run.sent,
    );
    return isTaken && isAbsent(key, known, run);
  });
  return gone === undefined
    ? null
    : `it ended in success although there was no ${database.split("/")[1]}.${gone} while it ran`;
}

/** All rows of a table are as many as the job that made it has said, under whatever name it is by then. */
function rowsProblem(
  { run, database, tables }: Success,
  asked: readonly ModelCall[],
  known: Known,
): string | null {
  const records = run.request["num_records"];
  if (tables.whole === null || typeof records !== "number") return null;
  const maker = makerOf(`${database}/${tables.whole}`, run, asked, known);
  if (maker === null || mayBeAddedTo(database, run, known)) return null;
  if (known.streamed.has(`${database}/${tables.whole}`)) return null;
  const said = (known.finishes.get(maker) ?? []).find(
    ({ status, returned, request }) =>
      status === 200 && returned < run.sent && request["status"] === "success",
  );
  const made = said?.request["num_records"];
  return typeof made !== "number" || made === records
    ? null
    : wrong(`rows of ${tables.whole}, which job ${maker} made`, made, records);
}

/** The job that made what has the name at that time; null where that is not sure, or no job did. */
function makerOf(
  key: string,
  at: Pick<ModelCall, "sent" | "returned">,
  asked: readonly ModelCall[],
  known: Known,
): string | null {
  const of = originOf(key, at, movesIn(asked, known), known)?.of;
  return typeof of === "object" && isJobs(of) && hasOneTable(jobOf(of), asked) ? jobOf(of) : null;
}

function mayBeAddedTo(database: string, { returned }: ModelCall, { jobs }: Known): boolean {
  return [...jobs.values()].some((facts) => {
    if (facts === null) return true;
    const { account, request, sent } = facts.issue;
    const isThere = account === null || `${account.name}/${String(request["database"])}` === database;
    return isThere && sent <= returned && !tablesIn(String(request["query"])).addsNone;
  });
}
