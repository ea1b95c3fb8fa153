import type { DestinationLog } from "../../../destinations/destination.ts";
import { kindNamed } from "../../../destinations/index.ts";
import { reasonOf } from "../../../errors.ts";
import type { MadeTable } from "../../../history/modelled/made-tables.ts";
import { type LoggedServer, type LogPlace, logEnd, readLog } from "../../../oracle/binlog.ts";
import { UnreadableLog } from "../../../oracle/binlog-events.ts";
import type { Act } from "../../../world/acts.ts";
import { isApi } from "../../../world/is-api.ts";
import { Tally, type Told, type Trace } from "../../../world/traces.ts";
import type { Owners } from "../../../world/world.ts";
import type { Asked } from "../docker/name-watch.ts";
import type { ContainersRig } from "../system/open-rig.ts";
import { lifeOf } from "../system/running-process.ts";
import { connectionIn } from "../system/traffic.ts";

/** What came and went on the servers of a rig between two looks, as their binary logs tell. */

/** A server, and what its tables are to the system. */
interface Followed extends LoggedServer {
  name: string;
  isDestination: boolean;
  /** What a table is by `database.table`; `other` also where a job may turn out to be its owner. */
  whatIs: (table: string) => Pick<Trace, "place" | "what">;
  /** Who did it. Null where it was Interlock itself. @param life the server's at the first look */
  whoDid: (act: Act, life: number) => string | null;
  /** Number of the server's present life: one more after each restart. */
  life: () => number;
}

/** A log at the first look, or why there is nothing to read. */
type Begun = { from: LogPlace; life: number; there: readonly string[] } | { missing: string };

/** What the names of tables are held against. */
export interface Known {
  owners: Owners;
  /** Ids of the jobs so far, with the database in which each may make tables; null where that is not known. */
  ids: ReadonlyMap<string, string | null>;
  isPassedOver: (table: string) => boolean;
  /** Tables that customers have asked the API to make. */
  made: readonly MadeTable[];
}

/** The same, with tables by `database.table`. */
type Placed = Omit<Known, "made"> & { made: ReadonlySet<string> };

/** Where the warehouse has the database of a table that a customer asked for. */
export const schemaOfMade = ({ config }: ContainersRig, { customer, database }: MadeTable): string =>
  config.mysql.warehouse(config.customers[customer]?.account ?? 0, database);

export interface Traced {
  traces: Trace[];
  compared: string[];
  notCompared: string[];
}

/** Remembers where the logs end, and which names were looked up. @returns what reads them from there on */
export async function followLogs(rig: ContainersRig): Promise<(known: Known) => Promise<Traced>> {
  const asked = rig.names?.asked.length ?? 0;
  const begun = await Promise.all((await serversOf(rig)).map(({ server }) => begin(server)));
  return async ({ made, ...names }) => {
    const known = { ...names, made: new Set(made.map((one) => `${schemaOfMade(rig, one)}.${one.table}`)) };
    const traced: Traced = { traces: [], compared: [], notCompared: unsaid(rig) };
    const servers = await serversOf(rig);
    for (const [i, { name, server }] of servers.entries()) {
      const found = await readOn(server, begun[i] as Begun, known);
      const label = `log of ${name}`;
      if (typeof found === "string") traced.notCompared.push(`${label}: ${found}`);
      else traced.compared.push(label);
      if (typeof found !== "string") traced.traces.push(...found);
    }
    if (rig.names === null) traced.notCompared.push("names that components look up: nobody can hear it");
    else {
      traced.compared.push("names that components look up");
      traced.traces.push(...namesAsked(await rig.names.heard(), asked));
    }
    return traced;
  };
}

const toldNot = "the config says that it is not to be read";

/** Null in the place of a server whose log the config excepts. */
async function serversOf(rig: ContainersRig): Promise<{ name: string; server: Followed | null }[]> {
  const { binlog } = rig.config.mysql.world;
  const destinations = [...rig.destinations].flatMap(([kind, { open }]) => {
    const log = kindNamed(kind).log?.(open);
    return log === undefined ? [] : [log.then((server) => ({ name: `destination-${kind}`, server }))];
  });
  return [
    { name: "mysql", server: binlog ? systemServer(rig) : null },
    ...(await Promise.all(destinations)).map(({ name, server }) => ({
      name,
      server: server && destinationServer(name, server),
    })),
  ];
}

function systemServer({ config, database, oracle, loader, stage }: ContainersRig): Followed {
  const { mysql, customers } = config;
  const { own, byWorkers } = mysql.world;
  const warehouses = Object.values(customers).map((one) => mysql.warehouse(one.account, one.database));
  const owned = Object.keys(own).map(databaseOf);
  const isOurs = "image" in mysql;
  const threads = [oracle().threads, loader().threads];
  return {
    name: "mysql",
    isDestination: false,
    access: oracle(),
    server: database.address() ?? { host: "127.0.0.1", port: 0 },
    account: mysql.oracle,
    ...(isOurs ? {} : { databases: warehouses }),
    whatIs: (table) => {
      if (warehouses.includes(databaseOf(table))) return { place: `warehouse ${table}`, what: "other" };
      const place = `mysql ${table}`;
      if (!owned.includes(databaseOf(table))) return { place, what: "other" };
      // Where nothing says who writes them, nobody is blamed.
      if (byWorkers === undefined) return { place, what: "working" };
      return { place, what: byWorkers.includes(table) ? "workers" : "own" };
    },
    whoDid: ({ thread, ...act }, life) =>
      stage.connections.get(connectionIn(life + act.life, thread)) ??
      (threads.some((one) => one.has(thread)) ? null : "somebody"),
    life: () => lifeOf(database),
  };
}

/** Workers reach it without a link: nothing tells them apart. */
function destinationServer(name: string, server: DestinationLog): Followed {
  const { access, own } = server;
  return {
    ...server,
    name,
    isDestination: true,
    whatIs: (table) => ({
      place: `${name} ${table}`,
      what: own.includes(table.slice(databaseOf(table).length + 1)) ? "working" : "other",
    }),
    whoDid: ({ thread }) => (access.threads.has(thread) ? null : "somebody"),
    life: () => 1,
  };
}

const databaseOf = (table: string): string => table.slice(0, table.indexOf("."));

async function begin(server: Followed | null): Promise<Begun> {
  if (server === null) return { missing: toldNot };
  try {
    const from = await logEnd(server.access);
    if (typeof from === "string") return { missing: from };
    const found = await server.access.query(
      "SELECT CONCAT(table_schema, '.', table_name) AS name FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')",
    );
    return { from, life: server.life(), there: found.map(({ name }) => String(name)) };
  } catch (error) {
    return { missing: notRead(error) };
  }
}

/** @returns why it was not read, where it was not */
async function readOn(server: Followed | null, begun: Begun, known: Placed): Promise<Trace[] | string> {
  if (server === null) return toldNot;
  if ("missing" in begun) return begun.missing;
  try {
    const to = await logEnd(server.access);
    if (typeof to === "string") return to;
    const tally = new Tally(begun.there);
    for (const act of await readLog(server, begun.from, to)) {
      const name = server.whoDid(act, begun.life);
      if (name !== null) tally.take(act, name);
    }
    return [...tally.told].flatMap(([name, told]) => traceOf(server, name, told, known) ?? []);
  } catch (error) {
    return notRead(error);
  }
}

/** A right that is missing, or a log that cannot be read to its end. Else the look itself has failed. */
function notRead(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (error instanceof UnreadableLog || String(code).startsWith("ER_")) return reasonOf(error);
  throw error;
}

/** Null for what nobody has to answer for. */
function traceOf(server: Followed, name: string, told: Told, known: Placed): Trace | null {
  const { acts } = told;
  const by = [...told.by];
  if (acts.said !== undefined) {
    const isAllowed = server.databases !== undefined || (by.every(isApi) && !isOfRights(name));
    return isAllowed ? null : { place: `${server.name}: ${name}`, what: "other", job: null, by, acts };
  }
  const { place, what } = server.whatIs(name);
  const database = databaseOf(name);
  if (known.isPassedOver(place) || server.databases?.includes(database) === false) return null;
  if (what !== "other") return { place, what, job: null, by, acts };
  const owner = known.owners.get(place);
  if (owner !== undefined) return { place, what: owner.what as "table", job: owner.job, by, acts };
  const isNobodys = !isWorking(server, name, told, known) && !isCustomers(told, known);
  return { place, what: isNobodys ? "other" : "working", job: null, by, acts };
}

const isOfRights = (words: string): boolean =>
  /^(GRANT|REVOKE|SET)\b|^\w+ (USER|ROLE|DEFAULT)\b/i.test(words);

/** A table that bears a job's id, where that job may make tables, or that has had the name of a job's own. */
function isWorking(
  server: Followed,
  name: string,
  { names }: Told,
  { owners, ids }: Pick<Known, "owners" | "ids">,
): boolean {
  const database = databaseOf(name);
  const isJobs = (table: string) => databaseOf(table) === database && owners.has(server.whatIs(table).place);
  if ([...names].some(isJobs)) return true;
  const numbers = name.slice(database.length).match(/\d+/g) ?? [];
  const isHome = (id: string) => server.isDestination || (ids.get(id) ?? database) === database;
  return numbers.some((id) => ids.has(id) && isHome(id));
}

/** What the API alone does with a table that it was asked for is its own business; what is there in the end is compared. */
const isCustomers = ({ names, by }: Told, { made }: Placed): boolean =>
  [...by].every(isApi) && [...names].some((name) => made.has(name));

const namesAsked = (all: readonly Asked[], known: number): Trace[] =>
  [...Map.groupBy(all.slice(known), ({ name }) => name)].map(([name, its]) => ({
    place: `the name ${name}, which no component of the run has`,
    what: "other",
    job: null,
    by: [...new Set(its.map(({ by }) => by))],
    acts: { asked: its.length },
  }));

/** What the config leaves unsaid of those who write. */
const unsaid = ({ config }: ContainersRig): string[] =>
  config.mysql.world.byWorkers === undefined
    ? ["who writes the system's tables: mysql.world.byWorkers is not in the config"]
    : [];
