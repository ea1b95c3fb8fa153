import { type Departure, doneBy, fieldsIn, isUnanswered, type ModelCall, type ModelLimits } from "../call.ts";
import type { Jobs } from "../jobs.ts";
import { reasonOf } from "../refusals.ts";
import { isSurelyThere } from "../scheduled/settings.ts";
import { carry } from "./carry.ts";
import { countedDepartures } from "./counted.ts";
import { filledDepartures } from "./filled.ts";
import { looked } from "./looked.ts";
import { moves } from "./moves.ts";
import {
  databaseIn,
  isAbsent,
  isJobs,
  isMissing,
  isMove,
  isOfCatalog,
  isSameJob,
  isServices,
  jobOf,
  type Known,
  keeperOf,
  keysOf,
  mayBeTaken,
  namesOf,
  type Part,
  parts,
  wordsFor,
} from "./names.ts";
import { readingDepartures } from "./readings.ts";
import { type Ask, echoProblem, unlike } from "./said.ts";
import { streamedIn } from "./streamed.ts";

/**
 * Which databases and tables the service knows: customers make and move them, orders of jobs show that a database is there,
 * and jobs register tables, which their success keeps and any other end makes forgotten. Only what is sure is judged; what
 * was there before nobody knows.
 */

export function catalogDepartures(
  calls: readonly ModelCall[],
  jobs: Jobs,
  { clockErrorMs, isOneBuild, counted = [] }: Pick<ModelLimits, "clockErrorMs" | "isOneBuild" | "counted">,
): Departure[] {
  const asked = calls
    .filter(isOfCatalog)
    // The service refuses registrations of a job that has ended: none comes up later.
    .map((call) => (isUnanswered(call) && !isJobs(call) ? { ...call, returned: doneBy(call) } : call))
    .sort((a, b) => a.sent - b.sent);
  if (asked.length === 0) return [];
  const finishes = Map.groupBy(
    calls.filter((call) => call.operation === "worker.finish" && mayBeTaken(call)),
    jobOf,
  );
  const isBlind = asked.some(
    (call) => parts[call.operation] === "make" && mayBeTaken(call) && keysOf(call, jobs).length === 0,
  );
  const lacksMoves = !isOneBuild || !asked.some((call) => isMove(call) && call.status === 200);
  const isOfAnother = (call: ModelCall) =>
    call.operation === "scheduled_query.update" && !isSurelyThere(call, calls);
  const known: Known = {
    names: namesOf(asked, { jobs, lacksMoves, isOfAnother }),
    isOfAnother,
    finishes,
    jobs,
    isBlind,
    lacksMoves,
    streamed: streamedIn(asked, jobs),
    shown: new Map(),
    columns: new Map(),
    settings: new Map(),
    clockErrorMs,
  };
  const departures = asked.flatMap((call) => {
    const problem = isUnanswered(call) ? null : ask[parts[call.operation] as Part](call, known);
    if (mayBeTaken(call)) carry(call, known);
    return problem === null ? [] : [{ call, job: isJobs(call) ? jobOf(call) : null, problem }];
  });
  return [
    ...departures,
    ...readingDepartures(calls, asked, known),
    ...countedDepartures(counted, asked, known),
    ...filledDepartures(asked, known),
  ];
}

const ask: Record<Part, Ask> = {
  ...moves,
  use: (call, known) => {
    const [key] = keysOf(call, known.jobs);
    if (key === undefined || !known.names.has(key)) return null;
    const keeper = keeperOf(key, known, call);
    if (call.status === 404 && keeper !== undefined && !known.isOfAnother(call))
      return `it was refused (${reasonOf(call)}) although ${wordsFor(keeper, key)} is there`;
    const isGone = call.operation === "job.issue" ? isAbsent : isMissing;
    return call.status === 200 && isGone(key, known, call)
      ? `it was taken although ${databaseIn(key) === null ? "its database" : "its table"} is not there`
      : null;
  },
  make: (call, known) => {
    const misnamed = call.status === 200 ? echoProblem(call) : null;
    if (misnamed !== null) return misnamed;
    const [key] = keysOf(call, known.jobs);
    if (key === undefined) return null;
    const keeper = keeperOf(key, known, call);
    if (call.status === 200 && keeper !== undefined && !isSameJob(keeper, call))
      return `it was taken although ${wordsFor(keeper, key)} has that name already`;
    const database = databaseIn(key) ?? "";
    if (call.status === 200 && isAbsent(database, known, call))
      return "it was taken although its database is not there";
    const within = keeperOf(database, known, call);
    if (call.status === 404 && within !== undefined)
      return `it was refused (${reasonOf(call)}) although ${wordsFor(within, database)} is there`;
    if (!["already_exists", "table_exists"].includes(reasonOf(call))) return null;
    const refused = `it was refused (${reasonOf(call)}) although`;
    if (keeper !== undefined && isSameJob(keeper, call)) return `${refused} the job itself has registered it`;
    return isMissing(key, known, call) ? `${refused} nothing has that name` : null;
  },
  show: (call, known) => {
    const { database, table } = call.request;
    const misnamed = call.status === 200 ? unlike(call, "name", table ?? database) : null;
    if (misnamed !== null) return misnamed;
    const [key] = keysOf(call, known.jobs);
    if (key === undefined) return null;
    const keeper = keeperOf(key, known, call);
    if (keeper !== undefined && call.status === 404)
      return `it is not shown although ${wordsFor(keeper, key)} is there`;
    if (call.status !== 200) return null;
    if (isMissing(key, known, call)) return "it is shown although it is not there";
    return looked(key, call, call.reply, known);
  },
  list: (call, known) => {
    const { account, operation, request, reply, status } = call;
    const isOfTables = operation === "table.list";
    const field = isOfTables ? "tables" : "databases";
    const list = fieldsIn(reply)[field];
    if (status !== 200 || !Array.isArray(list)) return null;
    const misnamed = isOfTables ? unlike(call, "database", request["database"]) : null;
    if (misnamed !== null) return misnamed;
    const prefix = [account?.name, ...(isOfTables ? [request["database"]] : []), ""].join("/");
    const shown = new Map(list.map((one) => [prefix + String(fieldsIn(one)["name"]), one as unknown]));
    if (shown.size < list.length) return `${field}: one of them is listed twice`;
    if (isOfTables && new Set(list.map((one) => fieldsIn(one)["id"])).size < list.length)
      return `${field}: two of them have one id`;
    if (account === null) return null;
    if (isOfTables && isAbsent(prefix.slice(0, -1), known, call))
      return "its tables are listed although it is not there";
    for (const key of known.names.keys()) {
      if (!key.startsWith(prefix) || key.slice(prefix.length).includes("/")) continue;
      const keeper = keeperOf(key, known, call);
      if (keeper !== undefined && !shown.has(key)) return `${wordsFor(keeper, key)} is left out`;
    }
    for (const [key, one] of shown) {
      if (isMissing(key, known, call) && !isServices(key, known))
        return `${key.slice(prefix.length)} is listed although it is not there`;
      const problem = looked(key, call, one, known);
      if (problem !== null) return problem;
    }
    return null;
  },
};
