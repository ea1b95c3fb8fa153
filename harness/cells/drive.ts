import { isTerminal, type JobStatus } from "../../contracts/job.ts";
import type { Row } from "../../contracts/values.ts";
import type { Config } from "../config/config.ts";
import type { Answer, Customer } from "../customers/td.ts";
import { customerOf, type Rig } from "../rigs/containers/system/rig.ts";
import type { Cell } from "./cell.ts";
import { type Places, placesOf, statementOf } from "./places.ts";

/** What the customer of one cell did and saw. */
export interface Driven {
  job: string | null;
  refusal: string | null;
  reads: JobStatus[];
  listed: boolean;
  result: readonly Row[] | null;
}

/** Between two looks at a job: short at first, since most jobs are. */
const lookMs = [40, 60, 100, 150, 250];

/** Issues the cell's job as its customer and follows it to its end, or until its time is over. */
export async function drive(cell: Cell, config: Config, rig: Rig, signal: AbortSignal): Promise<Driven> {
  const { scenario, engine } = cell;
  const { database } = customerOf(config, engine);
  const customer = rig.customer(engine);
  const places = placesOf(cell, rig.destinationsFor(cell.generation), config.destinations.mysql);
  await prepare(cell, config, rig, places);

  const limit = AbortSignal.any([signal, AbortSignal.timeout(config.limits.jobMs)]);
  const type = engine === "presto" ? "presto" : "hive";
  const issued = await within(
    limit,
    customer.issue(type, database, statementOf(scenario, places), places.url ?? undefined),
  );
  if (!issued.ok) return { job: null, refusal: issued.problem, reads: [], listed: false, result: null };

  const job = String(issued.value.job_id);
  const reads = await follow(customer, job, scenario.statement.kind === "endless", limit);
  const list = await within(limit, customer.list());
  const listed = list.ok && list.value.jobs.some(({ job_id }) => job_id === job);
  const wantsResult = scenario.statement.kind === "select" && reads.at(-1) === "success";
  const result = wantsResult ? await within(limit, customer.result(job)) : null;
  return { job, refusal: null, reads, listed, result: result?.ok ? (result.value as Row[]) : null };
}

async function prepare(cell: Cell, config: Config, rig: Rig, places: Places): Promise<void> {
  const { output, source, statement } = cell.scenario;
  if (output?.kind === "mysql" && output.before !== undefined) {
    await rig.destination.createTable(
      config.destinations.mysql.database,
      places.table,
      source.columns,
      output.before,
      output.unique,
    );
  }
  if (statement.kind === "insert-into") {
    const { account, database } = customerOf(config, cell.engine);
    await rig.loader.createTable(config.mysql.warehouse(account, database), places.table, source.columns, []);
  }
}

async function follow(
  customer: Customer,
  job: string,
  kill: boolean,
  limit: AbortSignal,
): Promise<JobStatus[]> {
  const reads: JobStatus[] = [];
  let killed = false;
  for (let look = 0; !limit.aborted; look += 1) {
    const shown = await within(limit, customer.show(job));
    if (shown.ok) reads.push(shown.value.status);
    const status = reads.at(-1);
    // One look more than needed: an end that does not last is a finding.
    if (status !== undefined && isTerminal(status) && reads.filter(isTerminal).length > 1) break;
    if (kill && !killed && status === "running") killed = (await within(limit, customer.kill(job))).ok;
    await pause(lookMs[Math.min(look, lookMs.length - 1)] as number, limit);
  }
  return reads;
}

/** The client has no time-out of its own; an answer that does not come is an answer of its own. */
const within = async <T>(limit: AbortSignal, answer: Promise<Answer<T>>): Promise<Answer<T>> => {
  const { promise, resolve } = Promise.withResolvers<Answer<T>>();
  const over = () => resolve({ ok: false, problem: "no answer within the time of the job" });
  limit.addEventListener("abort", over, { once: true });
  if (limit.aborted) over();
  try {
    return await Promise.race([answer, promise]);
  } finally {
    limit.removeEventListener("abort", over);
  }
};

const pause = (millis: number, limit: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      limit.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, millis);
    limit.addEventListener("abort", done, { once: true });
  });
