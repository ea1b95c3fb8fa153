import { columnsIn } from "../../../../contracts/values.ts";
import { probeLack } from "../../../config/probe-lack.ts";
import { kindNamed } from "../../../destinations/index.ts";
import { InfrastructureError, reasonOf } from "../../../errors.ts";
import type { WorldEvent } from "../../../history/event.ts";
import type { MadeTable } from "../../../history/modelled/made-tables.ts";
import {
  countRows,
  type Known,
  surveyLocks,
  surveyOwn,
  surveyServer,
  surveyTables,
} from "../../../oracle/survey.ts";
import { isKept } from "../../../probe/names.ts";
import { serviceTableOf, tableUseOf } from "../../../schedule/scenario.ts";
import { type Schedule, versionStepsOf } from "../../../schedule/schedule.ts";
import { targetOf } from "../../../schedule/targets.ts";
import { type Change, changesBetween, type Owners, placedIn, type Survey } from "../../../world/world.ts";
import { untold } from "../../untold.ts";
import type { Job } from "../../workload.ts";
import { changedTables, destinationPlaceOf, unreadablePlaces } from "../system/landed.ts";
import type { ContainersRig } from "../system/open-rig.ts";
import { placeOfTable } from "../system/way-into-table.ts";
import { followLogs, schemaOfMade } from "./log-traces.ts";
import { customerOf } from "./oracle.ts";
import { noticesOf } from "./processes/notices.ts";

/** The whole world of a rig, before its jobs and after them: the databases of both servers, and what destinations hold. */

/** One part of the world and what was found there, or why nobody could look. */
type Part = { name: string; survey: Survey } | { name: string; missing: string };

/**
 * Ids of all jobs that a rig has had, with the warehouse of each where that is known: what comes late of an earlier
 * schedule is no finding about this one.
 */
const jobsOfRigs = new WeakMap<ContainersRig, Map<string, string | null>>();
function jobsOf(rig: ContainersRig): Map<string, string | null> {
  const known = jobsOfRigs.get(rig) ?? new Map<string, string | null>();
  jobsOfRigs.set(rig, known);
  return known;
}

/** Tables of the system's own that are not in this look. */
const absentIn = (rig: ContainersRig, parts: Iterable<Part>): string[] => {
  const [looked] = [...parts].flatMap((part) =>
    part.name === "mysql" && "survey" in part ? [part.survey] : [],
  );
  return Object.keys(rig.config.mysql.world.own).filter((table) => looked?.has(table) === false);
};

/** What a release of the API that begins meanwhile may change, and what it may make; none where none does. */
const changedAtStart = (
  rig: ContainersRig,
  schedule: Pick<Schedule, "faults">,
  absent: readonly string[],
): string[] =>
  versionStepsOf(schedule).some(({ process }) => process === "api")
    ? [...rig.config.mysql.world.atStart, ...absent].map((table) => `mysql ${table}`)
    : [];

/** What became known between two looks. */
interface Meanwhile {
  ids: readonly (string | null)[];
  /** What was asked of destinations. */
  requested: ReadonlySet<string>;
  made: readonly MadeTable[];
}

/** Looks at the world as it is now. @returns a second look, which tells what has changed since */
export async function lookAtWorld(
  rig: ContainersRig,
  jobs: readonly Job[],
  prefix: string,
  schedule: Pick<Schedule, "faults"> = { faults: [] },
): Promise<(meanwhile: Meanwhile) => Promise<WorldEvent>> {
  const known = jobsOf(rig);
  const readLogs = await followLogs(rig);
  const before = await partsOf(rig, { prefix, jobs }, [...known.keys()]);
  const absent = absentIn(rig, before);
  const passedOver = changedAtStart(rig, schedule, absent);
  return async ({ ids, requested, made }) => {
    ids.forEach((id, i) => {
      const job = jobs[i];
      if (id !== null) known.set(id, job === undefined ? null : customerOf(rig, job).schema);
    });
    const after = new Map(
      (await partsOf(rig, { prefix, jobs }, [...known.keys()])).map((part) => [part.name, part]),
    );
    const owners = ownersOf(rig, jobs);
    // A service may keep the place of a database that is gone.
    const ours = new Set([...passedOver, ...made.map((one) => `server database ${schemaOfMade(rig, one)}`)]);
    const tried = new Set(jobs.flatMap((job) => unreadablePlaces(rig, job)));
    const changes: Change[] = [];
    const compared: string[] = [];
    const notCompared: string[] = [];
    for (const part of before) {
      const later = after.get(part.name) ?? part;
      const missing = reasonNot(part) ?? reasonNot(later);
      if (missing !== null) notCompared.push(`${part.name}: ${missing}`);
      if (!("survey" in part && "survey" in later)) continue;
      compared.push(part.name);
      changes.push(
        ...changesBetween(placed(part), placed(later), owners).filter(
          ({ place }) => !isOfEarlier(place, prefix) && !isKept(place) && !ours.has(place),
        ),
      );
    }
    const odd = [...new Set([...requested].map((request) => placeOfRequest(rig, request)))].filter(
      (place) =>
        !owners.has(place) &&
        !tried.has(place) &&
        !isOfEarlier(place, prefix) &&
        changes.every((change) => change.place !== place),
    );
    changes.push(...odd.map(asRequest));
    const { traces, ...logs } = await readLogs({
      owners,
      ids: known,
      isPassedOver: (place) => isOfEarlier(place, prefix),
      made,
    });
    const never = absentIn(rig, after.values()).filter((table) => absent.includes(table));
    const begun = passedOver.map((place) => `${place}: an API of another release began meanwhile`);
    return {
      kind: "world",
      changes: await counted(rig, changes),
      traces,
      compared: [...compared, ...logs.compared],
      notCompared: [
        ...notCompared,
        ...untold(jobs, noticesOf(rig.config, rig)),
        ...never.map((table) => `mysql ${table}: it is not there`),
        ...begun,
        ...logs.notCompared,
      ],
    };
  };
}

/** What an earlier schedule on this rig named was compared at its end. */
function isOfEarlier(name: string, prefix: string): boolean {
  const earlier = targetOf(name)?.prefix ?? "";
  return earlier !== "" && scheduleOf(earlier) < scheduleOf(prefix);
}

/** Which schedule of its rig has this prefix. */
const scheduleOf = (prefix: string): number => Number(/\d+/.exec(prefix)?.[0] ?? 0);

/** @param request `destination-<name> <method> <URL>` */
function placeOfRequest({ destinations }: Pick<ContainersRig, "destinations">, request: string): string {
  const name = [...destinations.keys()].find((one) => request.startsWith(`destination-${one} `));
  return (name !== undefined && kindNamed(name).placeOfRequest?.(request)) || request;
}

/** A request that its destination refused, or that delivers nothing. */
const asRequest = (place: string): Change => ({ place, what: "other", job: null, before: null, after: {} });

const placed = ({ name, survey }: { name: string; survey: Survey }): Survey => placedIn(name, survey);
const reasonNot = (part: Part): string | null => ("missing" in part ? part.missing : null);

async function partsOf(
  rig: ContainersRig,
  { prefix, jobs }: { prefix: string; jobs: readonly Job[] },
  ids: readonly string[],
): Promise<Part[]> {
  const { config } = rig;
  const { own, registered, jobRecord } = config.mysql.world;
  const warehouses = warehousesOf(rig);
  const oracle = rig.oracle();
  const isPassedOver = (name: string) => isOfEarlier(name, prefix);
  const options = { isPassedOver, jobs: ids };
  const changed = changedTables(rig, jobs);
  const isChanged: Known["isChanged"] = (by, account, database, table) =>
    isPassedOver(table) || changed[by].has(`${account}/${database}/${table}`);
  // Before the looks begin: none may fail while nobody waits for it.
  const unnamed = await undeclared(rig);
  const parts = [
    look("warehouse", () => surveyTables(oracle, warehouses, isPassedOver)),
    look("mysql", () => surveyOwn(oracle, own, { jobs: ids, isChanged })),
    "image" in config.mysql
      ? look("server", () => surveyServer(oracle))
      : notLookedAt("server", "it is not started by this run, and others may use it"),
    look("locks of mysql", () => surveyLocks(oracle), "performance_schema is off in the server"),
    registered === undefined
      ? notLookedAt("api", "mysql.world.registered is not in the config")
      : look("api", () => registeredTables(rig, registered)),
    ...[...rig.destinations].map(([name, { open }]) =>
      look(
        `destination-${name}`,
        () => kindNamed(name).survey(open, options),
        "it does not list all that came",
      ),
    ),
    notLookedAt("answers to callers without a right", probeLack(config) ?? ""),
    notLookedAt(
      "tables of the system",
      unnamed.length === 0 ? "" : `mysql.world.own does not name ${unnamed.join(", ")}`,
    ),
    notLookedAt(
      "records of jobs",
      jobRecord === undefined ? "mysql.world.jobRecord is not in the config" : "",
    ),
  ];
  return (await Promise.all(parts)).filter((part) => reasonNot(part) !== "");
}

/** Where nobody can look; for no reason where all is declared. */
const notLookedAt = async (name: string, missing: string): Promise<Part> => ({ name, missing });

/** @param missing why there may be nothing to look at */
async function look(name: string, survey: () => Promise<Survey | null>, missing = ""): Promise<Part> {
  try {
    const found = await survey();
    return found === null ? { name, missing } : { name, survey: found };
  } catch (error) {
    if (/^ER_.*ACCESS_DENIED|^ER_.*_DENIED/.test(String((error as { code?: unknown }).code)))
      return { name, missing: `the oracle may not look there: ${reasonOf(error)}` };
    throw new InfrastructureError(
      {
        component: name,
        expected: "to show the oracle what it holds",
        happened: reasonOf(error),
        next: "the statements of mysql.world in the config must fit the system's tables",
      },
      error,
    );
  }
}

const warehousesOf = ({ config }: ContainersRig): string[] => [
  ...new Set(
    Object.values(config.customers).map(({ account, database }) => config.mysql.warehouse(account, database)),
  ),
];

/** The tables that the config says nothing of. */
export async function undeclared(rig: ContainersRig): Promise<string[]> {
  const { config, oracle } = rig;
  const found = await oracle().query(
    "SELECT CONCAT(table_schema, '.', table_name) AS name FROM information_schema.tables WHERE table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema', ?) ORDER BY name",
    [warehousesOf(rig)],
  );
  return found.map(({ name }) => String(name)).filter((name) => !Object.hasOwn(config.mysql.world.own, name));
}

async function registeredTables({ oracle }: ContainersRig, sql: string): Promise<Survey> {
  const found = await oracle().query(sql);
  return new Map(
    found.map((row) => {
      const content = { columns: columnsIn(row["columns"]) };
      const place = `${row["account"]}/${row["database"]}/${row["name"]}`;
      return [place, { what: "registration", mark: JSON.stringify(content), content }];
    }),
  );
}

/** The places that the orders of the jobs name. */
function ownersOf(rig: ContainersRig, jobs: readonly Job[]): Owners {
  const owners = new Map<string, { job: number; what: Change["what"] }>();
  for (const job of jobs) {
    const { account, database, schema } = customerOf(rig, job);
    const { effect, registeredBy } = tableUseOf(job.scenario);
    const { number, target } = job;
    if (effect !== "none") owners.set(`warehouse ${schema}.${target}`, { job: number, what: "table" });
    if (registeredBy !== "nobody")
      owners.set(`api ${account}/${database}/${target}`, { job: number, what: "registration" });
    if (serviceTableOf(job.scenario) !== null)
      owners.set(`service PUT ${placeOfTable(database, target)}`, { job: number, what: "destination" });
    const place = destinationPlaceOf(rig, job);
    if (place !== null) owners.set(place, { job: number, what: "destination" });
  }
  return owners;
}

/** With the rows of tables in the warehouse that nobody asked to make, for the reader. */
const counted = (rig: ContainersRig, changes: readonly Change[]): Promise<Change[]> =>
  Promise.all(
    changes.map(async (change) => {
      const [, database, table] = /^warehouse ([^.]+)\.(.+)$/.exec(change.place) ?? [];
      if (
        change.job !== null ||
        change.before !== null ||
        change.after === null ||
        database === undefined ||
        table === undefined
      )
        return change;
      const rows = await countRows(rig.oracle(), database, table);
      return rows === undefined ? change : { ...change, after: { ...change.after, rows } };
    }),
  );
