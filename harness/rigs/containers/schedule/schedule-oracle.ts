import { type JobStatus, jobStatuses } from "../../../../contracts/job.ts";
import type { Millis } from "../../../../contracts/values.ts";
import type { FinalEvent } from "../../../history/event.ts";
import { takenRows } from "../../../oracle/web.ts";
import type { WorkloadJob } from "../../../schedule/schedule.ts";
import { clusterOf, sinkOf, sourceColumns, sourceRows, sourceTable, targetTable } from "../../workload.ts";
import type { ScheduleLife } from "./schedule-life.ts";
import type { ScheduleRig } from "../system/schedule-rig.ts";

/** What a job's account has in the warehouse and in the catalog. */
const placeOf = ({ config }: ScheduleRig, job: WorkloadJob) => {
  const { account, database } = config.customers[clusterOf(job)];
  return { account, database, schema: config.mysql.warehouse(account, database) };
};

/** Puts in what the jobs of a workload read and fill. Every name is of this schedule alone, but for the source. */
export async function prepareTables(rig: ScheduleRig, { schedule, prefix }: ScheduleLife): Promise<void> {
  const loader = rig.loader();
  await Promise.all(
    schedule.workload.jobs.map(async (job, i) => {
      if (job.statement !== "insert-into") return;
      await loader.createTable(placeOf(rig, job).schema, targetTable(i + 1, prefix), sourceColumns, []);
    }),
  );
}

/** Puts the rows that all workloads read into each customer's warehouse, once for a rig. */
export async function prepareSources(rig: ScheduleRig): Promise<void> {
  for (const { account, database } of Object.values(rig.config.customers)) {
    const schema = rig.config.mysql.warehouse(account, database);
    await rig.loader().createTable(schema, sourceTable, sourceColumns, sourceRows);
  }
}

export async function storedStatus({ config, oracle }: ScheduleRig, job: string): Promise<JobStatus | null> {
  const [row] = await oracle().query(config.mysql.jobStatus, [job]);
  return jobStatuses.find((name) => name === row?.["status"]) ?? null;
}

/** A report is taken off the disk just after its acknowledgement, which the links have seen. */
const forgetMs = 500;

/** Reports that these workers still keep on their disks, once they have had time to send and to forget them. */
export async function countUnsent(
  { schedules }: ScheduleRig,
  workers: ScheduleRig["workers"],
  waitMs: Millis = forgetMs,
): Promise<number> {
  const { outbox } = schedules;
  if (outbox === undefined) return 0;
  const limit = performance.now() + waitMs;
  for (;;) {
    const kept = await Promise.all(workers.map(({ handle }) => handle.filesIn(outbox)));
    const count = kept.flat().length;
    if (count === 0 || performance.now() > limit) return count;
  }
}

/** Looks at what one job has come to, over the oracle's own connection. `unsent`: reports that living workers still keep. */
export async function finalLook(
  rig: ScheduleRig,
  life: ScheduleLife,
  number: number,
  unsent: number,
): Promise<FinalEvent> {
  const job = life.schedule.workload.jobs[number - 1] as WorkloadJob;
  const id = life.idOf(number);
  const { account, database, schema } = placeOf(rig, job);
  const table = targetTable(number, life.prefix);
  const { jobLease, registeredTable } = rig.schedules;
  const oracle = rig.oracle();
  const ofJob = async (sql: string, column: string): Promise<unknown> =>
    id === null ? null : ((await oracle.query(sql, [id]))[0]?.[column] ?? null);
  const [stored, lease, rows, known, residue, delivered] = await Promise.all([
    id === null ? null : storedStatus(rig, id),
    ofJob(jobLease, "lease"),
    oracle.rows(schema, table, sourceColumns),
    oracle.query(registeredTable, [account, database, table]),
    residueOf(rig, schema),
    job.statement === "select" ? takenRows(rig.web, sinkOf(table)) : null,
  ]);
  return {
    kind: "final",
    number,
    job: id,
    stored,
    leased: lease !== null,
    rows,
    expected: sourceRows,
    ...(delivered === null ? {} : { delivered }),
    registered: job.statement === "create-table" && known.length > 0,
    residue,
    unsent,
  };
}

/** Tables that no schedule asked for: half-made ones that nobody will use again. Each is told once. */
async function residueOf(rig: ScheduleRig, schema: string): Promise<string[]> {
  const found = await rig
    .oracle()
    .query("SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ?", [schema]);
  const told = toldOf(rig);
  const names = found.map(({ name }) => String(name)).filter((name) => !told.has(`${schema}.${name}`));
  for (const name of names) told.add(`${schema}.${name}`);
  return names
    .filter((name) => name !== sourceTable && !/^r\d+_effect_\d+$/.test(name))
    .map((name) => `table ${name}`);
}

const told = new WeakMap<ScheduleRig, Set<string>>();
const toldOf = (rig: ScheduleRig): Set<string> => {
  const known = told.get(rig) ?? new Set<string>();
  told.set(rig, known);
  return known;
};
