import type { OperationId } from "../operations.ts";
import type { Millis } from "../values.ts";
import { type Departure, fieldsIn, isUnanswered, type ModelCall, type ModelLimits, wrong } from "./call.ts";
import { type CatalogLook, columnsProblem, rowProblem } from "./catalog-rows.ts";
import type { Jobs } from "./jobs.ts";
import { reasonOf } from "./refusals.ts";

/**
 * Which databases and tables the service knows: customers make them, orders of jobs show that a database is there, and jobs
 * register tables, which their success keeps and any other end makes forgotten. Only what is sure is judged; what was there
 * before nobody knows.
 */

/** One database of a customer, or one table in it, by all that is known of its name. */
interface Named {
  /** Calls that made it known, or may have, and those that show that it is. */
  makers: ModelCall[];
  /** Answers that it is not there. */
  misses: ModelCall[];
}

/** Reports of another end than success, or what may be one, by job. */
type Endings = ReadonlyMap<string, readonly ModelCall[]>;

interface Known {
  names: ReadonlyMap<string, Named>;
  endings: Endings;
  jobs: Jobs;
  /** Something may have been made of which nobody knows whose it is: then nothing is surely absent. */
  isBlind: boolean;
  /** The last look at each so far. */
  shown: Map<string, CatalogLook>;
  clockErrorMs: Millis;
}

const mayBeTaken = (call: ModelCall): boolean => call.status === 200 || isUnanswered(call);

type Part = "make" | "use" | "show" | "list";

/** What each operation does with a name: it makes it known, needs it to be there, shows it, or shows all of them. */
const parts: Partial<Record<OperationId, Part>> = {
  "job.issue": "use",
  "database.create": "make",
  "table.create": "make",
  "worker.register_table": "make",
  "database.show": "show",
  "table.show": "show",
  "database.list": "list",
  "table.list": "list",
};

export function catalogDepartures(
  calls: readonly ModelCall[],
  jobs: Jobs,
  { clockErrorMs }: Pick<ModelLimits, "clockErrorMs">,
): Departure[] {
  const asked = calls
    .filter(({ operation }) => parts[operation] !== undefined)
    .sort((a, b) => a.sent - b.sent);
  if (asked.length === 0) return [];
  const endings = Map.groupBy(
    calls.filter(
      (call) =>
        call.operation === "worker.finish" && call.request["status"] !== "success" && mayBeTaken(call),
    ),
    jobOf,
  );
  const isBlind = asked.some(
    (call) => parts[call.operation] === "make" && mayBeTaken(call) && keyOf(call, jobs) === null,
  );
  const known: Known = {
    names: namesOf(asked, jobs),
    endings,
    jobs,
    isBlind,
    shown: new Map(),
    clockErrorMs,
  };
  return asked.flatMap((call) => {
    if (isUnanswered(call)) return [];
    const problem = ask[parts[call.operation] as Part](call, known);
    return problem === null ? [] : [{ call, job: isJobs(call) ? jobOf(call) : null, problem }];
  });
}

function namesOf(asked: readonly ModelCall[], jobs: Jobs): Map<string, Named> {
  const names = new Map<string, Named>();
  for (const call of asked) {
    const part = parts[call.operation];
    const key = keyOf(call, jobs);
    if (key === null || part === "list") continue;
    const named = names.get(key) ?? { makers: [], misses: [] };
    names.set(key, named);
    if (part === "make" ? mayBeTaken(call) : part === "use" && call.status === 200) named.makers.push(call);
    if (part !== "make" && call.status === 404) named.misses.push(call);
  }
  return names;
}

const isJobs = ({ operation }: ModelCall): boolean => operation === "worker.register_table";
const jobOf = ({ request }: ModelCall): string => String(request["job_id"]);

/** Customer, database, and table if it is about one; null where it is not known whose it is. */
function keyOf(call: ModelCall, jobs: Jobs): string | null {
  const { account, request } = call;
  const owner = isJobs(call) ? jobs.get(jobOf(call))?.account : account;
  if (owner == null) return null;
  const { database, table } = request;
  return [owner.name, database, ...(table === undefined ? [] : [table])].join("/");
}

/** The call that made the name known for as long as this one was under way; undefined where none surely did. */
const keeperOf = (named: Named | undefined, { endings }: Known, { sent, returned }: ModelCall) =>
  named?.makers.find(
    (maker) =>
      maker.status === 200 &&
      maker.returned < sent &&
      endsOf(maker, endings).every((end) => end.sent > returned),
  );

const endsOf = (maker: ModelCall, endings: Endings): readonly ModelCall[] =>
  isJobs(maker) ? (endings.get(jobOf(maker)) ?? []) : [];

/**
 * Whether the name was surely unknown for as long as a call was under way: all who made it known had ended otherwise, or
 * somebody had been told that it is not there, and nobody has made it since.
 */
function isAbsent({ makers, misses }: Named, { endings, isBlind }: Known, call: ModelCall): boolean {
  if (isBlind) return false;
  const { sent, returned } = call;
  const others = makers.filter((maker) => maker !== call && maker.sent <= returned);
  const left = others.filter((maker) =>
    endsOf(maker, endings).every(
      (end) => end.status !== 200 || maker.returned >= end.sent || end.returned >= sent,
    ),
  );
  if (left.length > 0) return false;
  // Of a name that nobody has made here somebody must have been told; one that was made and forgotten is gone.
  return (
    others.some(({ status }) => status === 200) ||
    misses.some((miss) => miss !== call && miss.returned < sent)
  );
}

/**
 * Whether what the key names was surely unknown. Nothing is in a database that is not there, and in one that its customer
 * has made there is no more than what was made in it since.
 */
function isMissing(key: string, known: Known, call: ModelCall): boolean {
  const { names, isBlind } = known;
  if (isBlind) return false;
  const named = names.get(key) ?? { makers: [], misses: [] };
  if (isAbsent(named, known, call)) return true;
  const database = databaseIn(key);
  const within = database === null ? undefined : names.get(database);
  if (within === undefined) return false;
  if (isAbsent(within, known, call)) return true;
  const made = within.makers.find(
    ({ operation, status }) => operation === "database.create" && status === 200,
  );
  return made !== undefined && named.makers.every((maker) => maker === call || maker.sent > call.returned);
}

/** A service may list a table of its own: it has a name that nobody has made or asked for, in whatever database. */
const isServices = (key: string, { names }: Known): boolean => {
  const name = key.slice(key.lastIndexOf("/"));
  return ![...names.keys()].some((other) => other.endsWith(name));
};

/** The key of the database that a table is in; null for a database's own. */
const databaseIn = (key: string): string | null =>
  key.split("/").length > 2 ? key.slice(0, key.lastIndexOf("/")) : null;

type Ask = (call: ModelCall, known: Known) => string | null;

const ask: Record<Part, Ask> = {
  use: (call, known) => {
    const named = known.names.get(keyOf(call, known.jobs) ?? "");
    if (named === undefined) return null;
    const keeper = keeperOf(named, known, call);
    if (call.status === 404 && keeper !== undefined)
      return `it was refused (${reasonOf(call)}) although ${wordsFor(keeper)} is there`;
    return call.status === 200 && isAbsent(named, known, call)
      ? "it was taken although its database is not there"
      : null;
  },
  make: (call, known) => {
    const misnamed = call.status === 200 ? echoProblem(call) : null;
    if (misnamed !== null) return misnamed;
    const key = keyOf(call, known.jobs) ?? "";
    const named = known.names.get(key);
    if (named === undefined) return null;
    const keeper = keeperOf(named, known, call);
    if (call.status === 200 && keeper !== undefined && !isSameJob(keeper, call))
      return `it was taken although ${wordsFor(keeper)} has that name already`;
    const database = known.names.get(databaseIn(key) ?? "");
    if (call.status === 200 && database !== undefined && isAbsent(database, known, call))
      return "it was taken although its database is not there";
    if (!["already_exists", "table_exists"].includes(reasonOf(call))) return null;
    const refused = `it was refused (${reasonOf(call)}) although`;
    if (keeper !== undefined && isSameJob(keeper, call)) return `${refused} the job itself has registered it`;
    return isMissing(key, known, call) ? `${refused} nothing has that name` : null;
  },
  show: (call, known) => {
    const { database, table } = call.request;
    const misnamed = call.status === 200 ? unlike(call, "name", table ?? database) : null;
    if (misnamed !== null) return misnamed;
    const key = keyOf(call, known.jobs);
    if (key === null) return null;
    const named = known.names.get(key);
    const keeper = keeperOf(named, known, call);
    if (keeper !== undefined && call.status === 404)
      return `it is not shown although ${wordsFor(keeper)} is there`;
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
    const database = isOfTables ? known.names.get(prefix.slice(0, -1)) : undefined;
    if (database !== undefined && isAbsent(database, known, call))
      return "its tables are listed although it is not there";
    for (const [key, named] of known.names) {
      if (!key.startsWith(prefix) || key.slice(prefix.length).includes("/")) continue;
      const keeper = keeperOf(named, known, call);
      if (keeper !== undefined && !shown.has(key)) return `${wordsFor(keeper)} is left out`;
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

/** What else it is shown as. A table of the service's own may be made anew at any time. */
function looked(key: string, call: ModelCall, one: unknown, known: Known): string | null {
  const named = known.names.get(key);
  if (named === undefined) return null;
  const look = { call, row: fieldsIn(one) };
  const makers = named.makers.filter(({ operation }) => parts[operation] === "make");
  const before = known.shown.get(key);
  known.shown.set(key, look);
  return (
    columnsProblem(look, makers, keeperOf(named, known, call)) ??
    rowProblem(look, makers, before, known.clockErrorMs)
  );
}

/** What was made is said to be what was asked for. */
function echoProblem(call: ModelCall): string | null {
  for (const field of ["database", "table"])
    if (field in fieldsIn(call.reply) && unlike(call, field, call.request[field]) !== null)
      return unlike(call, field, call.request[field]);
  return null;
}

const unlike = ({ reply }: ModelCall, field: string, asked: unknown): string | null =>
  fieldsIn(reply)[field] === asked ? null : wrong(field, asked, fieldsIn(reply)[field]);

/** A job may register its table again. */
const isSameJob = (a: ModelCall, b: ModelCall): boolean => isJobs(a) && isJobs(b) && jobOf(a) === jobOf(b);

const wordsFor = (maker: ModelCall): string => {
  const { database, table } = maker.request;
  const name = [database, ...(table === undefined ? [] : [table])].join(".");
  if (isJobs(maker)) return `${name} of job ${jobOf(maker)}`;
  return parts[maker.operation] === "use"
    ? `${name}, in which its customer has jobs,`
    : `${name} of its customer`;
};
