import { clusters, type JobStatus, jobStatuses } from "../../../../contracts/job.ts";
import { columnsIn, type Millis } from "../../../../contracts/values.ts";
import { customerOf as accountOf } from "../../../config/config.ts";
import { kindNamed } from "../../../destinations/index.ts";
import { InfrastructureError, reasonOf } from "../../../errors.ts";
import type { FinalEvent, HeldEvent, JobRecord } from "../../../history/event.ts";
import { destinationNameOf, rowsBefore, type Scenario, scenarioFor } from "../../../schedule/scenario.ts";
import type { Phase } from "../../../schedule/schedule.ts";
import { storedRows } from "../../../schedule/source-table.ts";
import { statementOf } from "../../../schedule/statements.ts";
import type { Seen } from "../../last-look.ts";
import type { Job } from "../../workload.ts";
import { landedAt } from "../system/landed.ts";
import type { ContainersRig } from "../system/open-rig.ts";
import type { RunningWorker } from "../system/system.ts";
import type { Adopted } from "./job-book.ts";

/** What the oracle has put into the warehouses of a rig, and which leftovers it has told of. */
interface Known {
  loaded: Set<string>;
  told: Set<string>;
}
const known = new WeakMap<ContainersRig, Known>();
const knownOf = (rig: ContainersRig): Known => {
  const found = known.get(rig) ?? { loaded: new Set(), told: new Set() };
  known.set(rig, found);
  return found;
};

/** The customer whose job it is, and the schema of its database in the warehouse. */
export function customerOf({ config }: ContainersRig, { engine }: Job) {
  const { account, apikey, database } = accountOf(config, engine);
  return { account, apikey, database, schema: config.mysql.warehouse(account, database) };
}

/** Puts in what the jobs read and fill. Sources are put in once for a rig; every other name is the job's own. */
export const prepare = (rig: ContainersRig, jobs: readonly Job[]): Promise<void> =>
  putIn(() => [
    ...sourcesOf(
      rig,
      jobs.map(({ template }) => template),
    ),
    ...jobs.map((job) => prepareTarget(rig, job)),
  ]);

/** Puts in what scenarios read; by default all that those of the config do. */
export const prepareSources = (rig: ContainersRig, scenarios = rig.config.scenarios): Promise<void> =>
  putIn(() => sourcesOf(rig, scenarios));

async function putIn(what: () => Promise<void>[]): Promise<void> {
  try {
    await Promise.all(what());
  } catch (error) {
    throw notPrepared(error);
  }
}

function sourcesOf(rig: ContainersRig, scenarios: readonly Scenario[]): Promise<void>[] {
  const { loaded } = knownOf(rig);
  const { customers, mysql } = rig.config;
  // Every customer has a table of that name, each with rows of its own.
  return scenarios.flatMap((template) =>
    clusters.flatMap((cluster) => {
      const customer = customers[cluster];
      if (customer === undefined) return [];
      const { source } = scenarioFor(template, cluster);
      const schema = mysql.warehouse(customer.account, customer.database);
      const name = `${schema}.${source.name}`;
      if (loaded.has(name)) return [];
      loaded.add(name);
      return [rig.loader().createTable(schema, source.name, { ...source, rows: storedRows(source) })];
    }),
  );
}

async function prepareTarget(rig: ContainersRig, job: Job): Promise<void> {
  const { scenario, target } = job;
  const rows = rowsBefore(scenario);
  if (rows !== undefined)
    await rig.loader().createTable(customerOf(rig, job).schema, target, { ...scenario.source, rows });
  const name = destinationNameOf(scenario);
  const running = name === null ? undefined : rig.destinations.get(name);
  if (name !== null && scenario.output !== null && running !== undefined)
    await kindNamed(name).prepare(scenario.output, target, scenario.source, running.open);
}

/** So that the job gets the id that its scenario asks for, or a later one. */
export async function reachId(rig: ContainersRig, { scenario: { idFrom } }: Job): Promise<void> {
  const { nextJob } = rig.config.mysql;
  if (idFrom === undefined || nextJob === undefined) return;
  await rig.loader().query(nextJob, [BigInt(idFrom)]);
}

const notPrepared = (error: unknown) =>
  new InfrastructureError(
    {
      component: "mysql",
      expected:
        "its warehouse to take the tables that the scenarios read, and the destinations what is there before",
      happened: reasonOf(error),
      next: "the loader needs SELECT, INSERT, CREATE and DROP, and a server named by url a warehouse without these tables",
    },
    error,
  );

export async function storedStatus(
  { config, oracle }: ContainersRig,
  job: string,
): Promise<JobStatus | null> {
  const [row] = await oracle().query(config.mysql.jobStatus, [job]);
  return jobStatuses.find((name) => name === row?.["status"]) ?? null;
}

/** A report is taken off the disk just after its acknowledgement, which the links have seen. */
const forgetMs: Millis = 500;

/** Reports that these workers still keep on their disks, once they have had time to send and to forget them. */
export async function countUnsent(
  { config }: ContainersRig,
  workers: readonly RunningWorker[],
  waitMs: Millis = forgetMs,
): Promise<number> {
  const outbox = config.schedules?.outbox;
  const handles = workers.flatMap(({ handle }) => (handle === null ? [] : [handle]));
  if (outbox === undefined || handles.length === 0) return 0;
  const limit = performance.now() + waitMs;
  for (;;) {
    const kept = await Promise.all(handles.map((handle) => handle.filesIn(outbox)));
    const count = kept.flat().length;
    if (count === 0 || performance.now() > limit) return count;
  }
}

/** What the customers and the rig know of a job when all is over. */
export interface Ended {
  job: Job;
  id: string | null;
  /** What its customer saw. */
  seen: Seen;
  /** Reports that living workers still keep. */
  unsent: number;
}

/**
 * Looks at what the jobs have come to, over the oracle's own connections. What is left behind in a warehouse is told of
 * the first of its customer's jobs: nobody knows whose it was.
 */
export async function finalLooks(rig: ContainersRig, all: readonly Ended[]): Promise<FinalEvent[]> {
  const schemas = all.map(({ job }) => customerOf(rig, job).schema);
  return Promise.all(
    all.map(async (ended, i) => {
      const schema = schemas[i] as string;
      const residue = schemas.indexOf(schema) === i ? residueIn(rig, schema) : [];
      return finalLook(rig, ended, await residue);
    }),
  );
}

async function finalLook(
  rig: ContainersRig,
  { job, id, seen, unsent }: Ended,
  residue: readonly string[],
): Promise<FinalEvent> {
  const { account, database } = customerOf(rig, job);
  const { effect } = statementOf(job.scenario.statement);
  const { schedules } = rig.config;
  const [stored, effects, registered] = await Promise.all([
    storedOf(rig, id),
    effectsOf(rig, job, true),
    rowsOf(rig, schedules?.registeredTable, [account, database, job.target]),
  ]);
  return {
    kind: "final",
    number: job.number,
    job: id,
    ...stored,
    ...effects,
    ...seen,
    registered: schedules === undefined ? null : effect === "makes" && registered.length > 0,
    residue,
    unsent,
  };
}

/** Looks at a visitor's job. What it was to do in the warehouse or at a destination nobody knows. */
export const finalLookAtAdopted = async (
  rig: ContainersRig,
  { number, id, visitor }: Adopted,
): Promise<FinalEvent> => ({
  kind: "final",
  number,
  visitor,
  job: id,
  ...(await storedOf(rig, id)),
  registered: null,
  residue: [],
  unsent: 0,
});

const rowsOf = async (rig: ContainersRig, sql: string | undefined, values: unknown[]) =>
  sql === undefined ? [] : rig.oracle().query(sql, values);

/** What the API's database says of a job. */
async function storedOf(
  rig: ContainersRig,
  id: string | null,
): Promise<Pick<FinalEvent, "stored" | "leased" | "record">> {
  const [stored, leases, record] = await Promise.all([
    id === null ? null : storedStatus(rig, id),
    id === null ? [] : rowsOf(rig, rig.config.schedules?.jobLease, [id]),
    recordOf(rig, id),
  ]);
  return {
    stored,
    leased: (leases[0]?.["lease"] ?? null) !== null,
    ...(record === undefined ? {} : { record }),
  };
}

/** What is there while a report on a job is held back. */
export async function heldLook(
  rig: ContainersRig,
  job: Job,
  id: string,
  by: string,
  phase: Phase,
): Promise<HeldEvent> {
  const { number } = job;
  return phase === "before"
    ? { kind: "held", phase, number, by, ...(await effectsOf(rig, job, false)) }
    : heldLookAfter(rig, { number, id }, by);
}

/** What the API's database says when it has taken the report, and the worker does not know yet. */
export async function heldLookAfter(
  rig: ContainersRig,
  { number, id }: { number: number; id: string },
  by: string,
): Promise<HeldEvent> {
  const [stored, record] = await Promise.all([storedStatus(rig, id), recordOf(rig, id)]);
  return { kind: "held", phase: "after", number, by, stored, ...(record === undefined ? {} : { record }) };
}

/** The rows in the warehouse and at the destination, for a job that is about them. */
async function effectsOf(
  rig: ContainersRig,
  job: Job,
  isOver: boolean,
): Promise<Pick<FinalEvent, "table" | "destination">> {
  const { scenario, target } = job;
  const isEffective = statementOf(scenario.statement).effect !== "none";
  const [table, landed] = await Promise.all([
    isEffective ? rig.oracle().rows(customerOf(rig, job).schema, target, scenario.source.columns) : undefined,
    landedAt(rig, job, customerOf(rig, job).schema, isOver),
  ]);
  return {
    ...(table === undefined ? {} : { table }),
    ...(landed === undefined ? {} : { destination: landed }),
  };
}

/** What the API's database says of the job; absent where the config does not say how to find out. */
async function recordOf(
  { config, oracle }: ContainersRig,
  id: string | null,
): Promise<JobRecord | undefined> {
  const { jobRecord } = config.mysql.world;
  if (jobRecord === undefined || id === null) return undefined;
  const [row] = await oracle().query(jobRecord, [id]);
  if (row === undefined) return undefined;
  const number = (value: unknown) => (value == null ? null : Number(value));
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  return {
    numRecords: number(row["num_records"]),
    resultSchema: row["result_schema"] == null ? null : columnsIn(row["result_schema"]),
    message: text(row["message"]),
    receiptRows: number(row["receipt_rows"]),
    receiptChecksum: text(row["receipt_checksum"]),
  };
}

/** Tables that no schedule asked for: half-made ones that nobody will use again. Each is told once. */
async function residueIn(rig: ContainersRig, schema: string): Promise<string[]> {
  const found = await rig
    .oracle()
    .query("SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ?", [schema]);
  const { loaded, told } = knownOf(rig);
  const names = found.map(({ name }) => String(name)).filter((name) => !told.has(`${schema}.${name}`));
  for (const name of names) told.add(`${schema}.${name}`);
  return names
    .filter((name) => !loaded.has(`${schema}.${name}`) && !/^r\d+_effect_\d+$/.test(name))
    .map((name) => `table ${name}`);
}
