import {
  clusterOf,
  type Engine,
  engineLabel,
  isTerminal,
  type JobStatus,
  jobStatuses,
  queryTypeOf,
} from "../../../../contracts/job.ts";
import { field, textField } from "../../../../contracts/step.ts";
import { columnsIn, type Millis } from "../../../../contracts/values.ts";
import { type CustomerAccount, customerOf } from "../../../config/config.ts";
import { type Scenario, scenarioFor } from "../../../schedule/scenario.ts";
import { statementOf } from "../../../schedule/statements.ts";
import type { Asked, Tried } from "../asked.ts";
import type { JobFacts } from "../jobs.ts";
import { customersOf, departure, keyOf } from "./api.ts";
import { oneRow, type Reach, tried, troubleOf } from "./reach.ts";

/** What it takes to have a few jobs done. */
export interface JobsReach extends Reach {
  /** The engines of workers that are ready. */
  engines: readonly Engine[];
  /** A name that no table has. */
  table: string;
  sleep: (ms: Millis) => Promise<void>;
  /** Whether a worker has this folder; null where nobody can look into it. */
  hasFolder: (engine: Engine, folder: string) => Promise<boolean | null>;
}

interface Issued {
  what: string;
  engine: Engine;
  customer: CustomerAccount;
  /** Null where it was not taken. */
  id: string | null;
  trouble: string | null;
  /** The last status that its customer was told. */
  status: JobStatus | null;
}

/** How far behind the last id the next one is put. */
const idsAhead = 1_000n;
const lookMs: Millis = 100;

export async function lookAtJobs(reach: JobsReach): Promise<JobFacts> {
  const { engines, config } = reach;
  const queries = await Promise.all(engines.map((engine) => done(reach, engine, "select")));
  const taken = queries.filter(({ id }) => id !== null);
  const over = taken.filter(({ status }) => status === "success");
  const [next, made] = [await setNext(reach, taken), await makeTable(reach, over)];
  return {
    issued: queries.map(({ what, trouble }) => ({ what, trouble })),
    ended: [...taken, ...made.jobs].map(({ what, status }) => ({
      what,
      trouble: status === "success" ? null : `its status is ${status ?? "nothing that the contract knows"}`,
    })),
    foreign: await askAsOthers(reach, taken),
    ...(await lookAtRows(reach, over)),
    ...next,
    made: made.found,
    outboxes: await lookForOutboxes(reach, over),
  };

  async function lookForOutboxes(of: JobsReach, jobs: readonly Issued[]): Promise<Tried[]> {
    const outbox = config.schedules?.outbox;
    if (outbox === undefined) return [];
    const found = await Promise.all(
      jobs.map(async ({ engine, what }) => ({ what, has: await of.hasFolder(engine, outbox) })),
    );
    return found.flatMap(({ what, has }) =>
      has === null ? [] : [{ what, trouble: has ? null : `it has no ${outbox}` }],
    );
  }
}

/** Has a job issued and follows it to its end. */
async function done(reach: JobsReach, engine: Engine, kind: "select" | "create-table"): Promise<Issued> {
  const customer = customerOf(reach.config, engine);
  const { source } = scenarioFor(reach.config.scenarios[0] as Scenario, clusterOf(engine));
  const { database } = customer;
  const input = {
    type: queryTypeOf(engine),
    database,
    query: statementOf({ kind }).query(source, kind === "select" ? "" : reach.table),
  };
  const reply = await reach.call("job.issue", input, keyOf(customer));
  const trouble = departure("job.issue", input, 200, reply);
  const id = trouble === null ? (textField(reply?.body, "job_id") ?? null) : null;
  const what = kind === "select" ? engineLabel(engine) : `CREATE TABLE on ${engineLabel(engine)}`;
  const status = id === null ? null : await ended(reach, customer, id);
  return { what, engine, customer, id, trouble, status };
}

async function ended(reach: JobsReach, customer: CustomerAccount, id: string): Promise<JobStatus | null> {
  const { jobMs } = reach.config.limits;
  const limit = performance.now() + jobMs;
  for (;;) {
    const status = await statusOf(reach, customer, id);
    if ((status !== null && isTerminal(status)) || performance.now() > limit) return status;
    await reach.sleep(lookMs);
  }
}

async function statusOf({ call }: Reach, customer: CustomerAccount, id: string): Promise<JobStatus | null> {
  const reply = await call("job.status", { job_id: id }, keyOf(customer));
  return jobStatuses.find((status) => status === field(reply?.body, "status")) ?? null;
}

const askAsOthers = (reach: Reach, jobs: readonly Issued[]): Promise<Asked[]> =>
  Promise.all(
    jobs.flatMap(({ id, engine, what }) =>
      customersOf(reach)
        .filter(([cluster]) => cluster !== clusterOf(engine))
        .map(async ([cluster, other]) => {
          const reply = await reach.call("job.status", { job_id: id }, keyOf(other));
          return { what: `${what} asked for by ${cluster}`, status: reply?.status ?? null };
        }),
    ),
  );

const recordColumns = ["num_records", "result_schema", "message", "receipt_rows", "receipt_checksum"];

async function lookAtRows({ config, oracle }: Reach, jobs: readonly Issued[]) {
  const { jobStatus, world } = config.mysql;
  const jobLease = config.schedules?.jobLease;
  const each = (sql: string | undefined, columns: readonly string[], judge: RowJudge): Promise<Tried[]> =>
    Promise.all(
      (sql === undefined ? [] : jobs).map((job) =>
        tried(job.what, async () => {
          const row = await oneRow(oracle, { sql: sql ?? "", values: [job.id], columns });
          const trouble = judge(row, job);
          if (trouble !== null) throw new Error(trouble);
        }),
      ),
    );
  const [status, records, leases] = await Promise.all([
    each(jobStatus, ["status"], (row, job) =>
      row["status"] === job.status
        ? null
        : `it says ${JSON.stringify(row["status"])}, and the API ${job.status}`,
    ),
    each(world.jobRecord, recordColumns, () => null),
    each(jobLease, ["lease"], (row) =>
      row["lease"] === null ? null : `the lease is ${JSON.stringify(row["lease"])}`,
    ),
  ]);
  return { status, records, leases };
}

type RowJudge = (row: Readonly<Record<string, unknown>>, job: Issued) => string | null;

async function setNext(
  reach: JobsReach,
  jobs: readonly Issued[],
): Promise<Pick<JobFacts, "next" | "notSet">> {
  const { nextJob } = reach.config.mysql;
  const ids = jobs.map(({ id }) => BigInt(id ?? 0));
  const [first] = jobs;
  if (nextJob === undefined || first === undefined) return { next: null, notSet: null };
  const set = ids.reduce((most, id) => (id > most ? id : most)) + idsAhead;
  const notSet = await troubleOf(() => reach.loader(nextJob, [set]));
  if (notSet !== null) return { next: null, notSet };
  const { id } = await done(reach, first.engine, "select");
  return { next: id === null ? null : { set: String(set), got: id }, notSet: null };
}

/** Has a job make a table, and looks for it where the config says that the API keeps it. */
async function makeTable(
  reach: JobsReach,
  jobs: readonly Issued[],
): Promise<{ jobs: Issued[]; found: Tried[] }> {
  const { config, oracle, table, lacks, call } = reach;
  const { registered } = config.mysql.world;
  const registeredTable = config.schedules?.registeredTable;
  const [first] = jobs;
  if (first === undefined || lacks.includes("worker.register_table")) return { jobs: [], found: [] };
  const job = await done(reach, first.engine, "create-table");
  const { account, database } = job.customer;
  if (job.status !== "success") return { jobs: [job], found: [] };
  const found: Tried[] = [];
  if (registeredTable !== undefined)
    found.push(
      await tried("schedules.registeredTable", () =>
        oneRow(oracle, { sql: registeredTable, values: [account, database, table], columns: [] }),
      ),
    );
  if (registered !== undefined)
    found.push(await tried("mysql.world.registered", () => knows(reach, registered, account, database)));
  if (!lacks.includes("table.delete")) await call("table.delete", { database, table }, keyOf(job.customer));
  return { jobs: [job], found };
}

async function knows({ oracle, table }: JobsReach, sql: string, account: number, database: string) {
  const rows = await oracle(sql);
  const row = rows.find(
    (one) =>
      String(one["account"]) === String(account) && one["database"] === database && one["name"] === table,
  );
  if (row === undefined) throw new Error(`it does not give ${account}/${database}/${table}`);
  if (columnsIn(row["columns"]).length === 0) throw new Error("its `columns` are no columns in JSON");
}
