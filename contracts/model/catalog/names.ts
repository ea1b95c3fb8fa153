import type { OperationId } from "../../operations.ts";
import type { Millis } from "../../values.ts";
import { type Fields, isUnanswered, type ModelCall } from "../call.ts";
import type { Jobs } from "../jobs.ts";
import type { CatalogLook } from "./rows.ts";

/** Of each name of a database or table: which calls make it known, and which take it away. */

/** One database of a customer, or one table in it, by all that is known of its name. */
export interface Named {
  /** Calls that made it known, or may have, and those that show that it is. */
  makers: ModelCall[];
  /** Those of them that are jobs'. */
  registrations: ModelCall[];
  /** Answers that it is not there. */
  misses: ModelCall[];
  /** Calls that took it away, or may have; not those that took its database away. */
  takers: ModelCall[];
  /** Calls that gave it, or may have, what another table was, other columns, or other settings. */
  changers: ModelCall[];
}

export interface Known {
  names: ReadonlyMap<string, Named>;
  /** Reports of an end, or what may be one, by job. */
  finishes: ReadonlyMap<string, readonly ModelCall[]>;
  jobs: Jobs;
  /** Something may have been made of which nobody knows whose it is: then nothing is surely absent. */
  isBlind: boolean;
  /** Whether a 404 to a call that moves tables says that the service has no such operation: older ones have none of them. */
  lacksMoves: boolean;
  /** The last look at each so far. */
  shown: Map<string, CatalogLook>;
  /** Those of which chunks may come up under this name: their columns and rows change at any time. */
  streamed: ReadonlySet<string>;
  /** The columns of each that were said last, where that is sure. */
  columns: Map<string, unknown>;
  /** The settings of each that were said last, where that is sure. */
  settings: Map<string, Fields>;
  clockErrorMs: Millis;
  /** Calls whose 404 may be about another thing than a database or table. */
  isOfAnother: (call: ModelCall) => boolean;
}

export const mayBeTaken = (call: ModelCall): boolean => call.status === 200 || isUnanswered(call);

export type Part = "make" | "use" | "show" | "list" | "delete" | "rename" | "swap" | "alter" | "set";

/** What each operation does with a name: it makes it known, needs it to be there, shows it, shows all of them, or moves it. */
export const parts: Partial<Record<OperationId, Part>> = {
  "job.issue": "use",
  "table.partial_delete": "use",
  "table.export": "use",
  "connector.issue": "use",
  "bulk_import.create": "use",
  "scheduled_query.create": "use",
  "scheduled_query.update": "use",
  "table.import": "use",
  "table.import_with_id": "use",
  "database.create": "make",
  "table.create": "make",
  "worker.register_table": "make",
  "database.show": "show",
  "table.show": "show",
  "database.list": "list",
  "table.list": "list",
  "database.delete": "delete",
  "table.delete": "delete",
  "table.rename": "rename",
  "table.swap": "swap",
  "table.update_schema": "alter",
  "table.update": "set",
};

/** Whether a call has to do with databases or tables at all: an update may leave out its database. */
export const isOfCatalog = ({ operation, request }: ModelCall): boolean =>
  parts[operation] !== undefined && (operation !== "scheduled_query.update" || request["database"] != null);

const moving: readonly (Part | undefined)[] = ["delete", "rename", "swap", "alter", "set"];
export const isMove = ({ operation }: ModelCall): boolean => moving.includes(parts[operation]);

export function namesOf(
  asked: readonly ModelCall[],
  { jobs, lacksMoves, isOfAnother }: Pick<Known, "jobs" | "lacksMoves" | "isOfAnother">,
): Map<string, Named> {
  const names = new Map<string, Named>();
  const at = (key: string): Named => {
    const named = names.get(key) ?? {
      makers: [],
      registrations: [],
      misses: [],
      takers: [],
      changers: [],
    };
    names.set(key, named);
    return named;
  };
  for (const call of asked) {
    const part = parts[call.operation];
    const [key, other = key] = keysOf(call, jobs);
    if (key === undefined || other === undefined || part === "list") continue;
    const own = at(key);
    const isTaken = mayBeTaken(call);
    const isMiss = call.status === 404 && part !== "make" && part !== "swap";
    if (isMiss && !(lacksMoves && isMove(call)) && !isOfAnother(call)) own.misses.push(call);
    if (!isTaken) continue;
    if (part === "make") own.makers.push(call);
    if (isJobs(call)) own.registrations.push(call);
    if (part === "use" && call.status === 200) own.makers.push(call);
    if (part === "delete" || part === "rename") own.takers.push(call);
    if (part === "rename") at(other).makers.push(call);
    for (const one of part === "swap" || part === "alter" || part === "set" ? new Set([key, other]) : []) {
      if (call.status === 200) at(one).makers.push(call);
      // A table that is swapped with itself stays as it is.
      if (part !== "swap" || key !== other) at(one).changers.push(call);
    }
    if (part === "rename") at(other).changers.push(call);
  }
  return names;
}

export const isJobs = ({ operation }: ModelCall): boolean => operation === "worker.register_table";
export const jobOf = ({ request }: ModelCall): string => String(request["job_id"]);

/** Customer, database, and table if it is about one; none where it is not known whose they are. Of a rename the old name first. */
export function keysOf(call: ModelCall, jobs: Jobs): string[] {
  const { account, request } = call;
  const owner = isJobs(call) ? jobs.get(jobOf(call))?.account : account;
  if (owner == null) return [];
  const { database, table, first, second, new_name } = request;
  const within = `${owner.name}/${String(database)}`;
  const tables = [table, first, second, new_name].filter((one) => typeof one === "string");
  return tables.length === 0 ? [within] : tables.map((one) => `${within}/${one}`);
}

/** The key of the database that a table is in; null for a database's own. */
export const databaseIn = (key: string): string | null => {
  const last = key.lastIndexOf("/");
  return key.indexOf("/") < last ? key.slice(0, last) : null;
};

/** Calls that took what the key names away, or may have, with those that took its database. */
export const takersOf = (key: string, { names }: Known): readonly ModelCall[] => {
  const own = names.get(key)?.takers ?? [];
  const within = names.get(databaseIn(key) ?? "")?.takers ?? [];
  return within.length === 0 ? own : [...own, ...within];
};

/** What may have made forgotten what a maker of the name made known. What a use has found may have been a table of a job's. */
function endsAt(key: string, known: Known): (maker: ModelCall) => readonly ModelCall[] {
  const registrations = known.names.get(key)?.registrations ?? [];
  const takers = takersOf(key, known);
  // Thousands of calls use a database that nobody takes away.
  if (registrations.length === 0 && takers.length === 0) return () => none;
  const found = new Set(registrations.map(jobOf));
  return (maker) => {
    const isUse = parts[maker.operation] === "use";
    const jobs = isJobs(maker) ? [jobOf(maker)] : isUse ? [...found] : [];
    const failures = jobs
      .flatMap((job) => known.finishes.get(job) ?? [])
      .filter(
        ({ request, returned }) => request["status"] !== "success" && !(isUse && returned < maker.sent),
      );
    const taken = takers.filter((taker) => taker !== maker && taker.returned >= maker.sent);
    return taken.length === 0 ? failures : [...failures, ...taken];
  };
}

const none: readonly ModelCall[] = [];

/** The call that made the name known for as long as this one was under way; undefined where none surely did. */
export function keeperOf(key: string, known: Known, { sent, returned }: ModelCall): ModelCall | undefined {
  const endsOf = endsAt(key, known);
  return known.names
    .get(key)
    ?.makers.find(
      (maker) =>
        maker.status === 200 && maker.returned < sent && endsOf(maker).every((end) => end.sent > returned),
    );
}

/** Whether a call has made the name known and may be the reason that it still is. */
export function isAliveAt(
  key: string,
  known: Known,
  { sent, returned }: Pick<ModelCall, "sent" | "returned">,
): (maker: ModelCall) => boolean {
  const endsOf = endsAt(key, known);
  return (maker) =>
    maker.sent <= returned &&
    endsOf(maker).every((end) => end.status !== 200 || maker.returned >= end.sent || end.returned >= sent);
}

/**
 * Whether the name was surely unknown for as long as a call was under way: all who made it known had ended otherwise, or
 * somebody had been told that it is not there or had taken it away, and nobody has made it since.
 */
export function isAbsent(key: string, known: Known, call: ModelCall): boolean {
  const named = known.names.get(key);
  if (named === undefined || known.isBlind) return false;
  const isAlive = isAliveAt(key, known, call);
  if (named.makers.some((maker) => maker !== call && isAlive(maker))) return false;
  // Of a name that nobody has made here somebody must have been told; one that was made and forgotten is gone.
  return (
    named.makers.some((maker) => maker !== call && maker.status === 200 && maker.sent <= call.returned) ||
    named.misses.some((miss) => miss !== call && miss.returned < call.sent) ||
    takersOf(key, known).some((taker) => taker !== call && taker.status === 200 && taker.returned < call.sent)
  );
}

/**
 * Whether what the key names was surely unknown. Nothing is in a database that is not there, and in one that its customer
 * has made there is no more than what was made in it since.
 */
export function isMissing(key: string, known: Known, call: ModelCall): boolean {
  const { names, isBlind } = known;
  if (isBlind) return false;
  if (isAbsent(key, known, call)) return true;
  const database = databaseIn(key);
  const within = database === null ? undefined : names.get(database);
  if (database === null || within === undefined) return false;
  if (isAbsent(database, known, call)) return true;
  const made = within.makers.find(
    ({ operation, status }) => operation === "database.create" && status === 200,
  );
  const makers = names.get(key)?.makers ?? [];
  return made !== undefined && makers.every((maker) => maker === call || maker.sent > call.returned);
}

/** A service may list a table of its own: it has a name that nobody has made or asked for, in whatever database. */
export const isServices = (key: string, { names }: Known): boolean => {
  const name = key.slice(key.lastIndexOf("/"));
  return ![...names.keys()].some((other) => other.endsWith(name));
};

/** A job may register its table again. */
export const isSameJob = (a: ModelCall, b: ModelCall): boolean =>
  isJobs(a) && isJobs(b) && jobOf(a) === jobOf(b);

export function wordsFor(maker: ModelCall, key: string): string {
  const name = key.split("/").slice(1).join(".");
  if (isJobs(maker)) return `${name} of job ${jobOf(maker)}`;
  return maker.operation === "job.issue"
    ? `${name}, in which its customer has jobs,`
    : `${name} of its customer`;
}
