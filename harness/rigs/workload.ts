import type { QueryType } from "../../contracts/job.ts";
import type { Column, Row } from "../../contracts/values.ts";
import type { Order } from "../customers/script.ts";
import type { StatementKind, WorkloadJob } from "../schedule/schedule.ts";
import { domainKey, numberOf, targetTable } from "../schedule/targets.ts";

/** What the jobs of a workload read and fill, the same on every rig. */
export const sourceTable = "source_rows";
export const sourceRows: readonly Row[] = [
  [1, "a"],
  [2, "b"],
];
export const sourceColumns: Column[] = [
  ["id", "bigint"],
  ["name", "string"],
];

export { numberOf, targetTable };

const queryTypeOf = ({ engine }: WorkloadJob): QueryType => (engine === "presto" ? "presto" : "hive");

/** The customer's cluster by the engine that runs the job: Presto is the same for all. */
export const clusterOf = ({ engine }: WorkloadJob) => (engine === "hive-hdp2" ? "hdp2" : "cdh4");

/** A query that fills no table names its target all the same, as schedulers do: in a comment. */
function queryOf({ statement }: WorkloadJob, target: string): string {
  const columns = sourceColumns.map(([name]) => name).join(", ");
  const select = `SELECT ${columns} FROM ${sourceTable}`;
  const queries: Record<StatementKind, string> = {
    "insert-into": `INSERT INTO ${target} ${select}`,
    "create-table": `CREATE TABLE ${target} AS ${select}`,
    select: `SELECT /* ${target} */ ${columns} FROM ${sourceTable}`,
  };
  return queries[statement];
}

/** What brings a job's result to its web destination. */
export const sinkOf = (target: string) => ({ method: "POST", path: `/sink/${target}` });

/**
 * Where the result of a job goes: the URL as the customer writes it, or null for a job without Result Output. `host` may
 * have a port. Its escaped character and its parameter are lost by whoever reads it wrongly.
 */
export function resultUrlOf({ statement }: WorkloadJob, target: string, host: string): string | null {
  if (statement !== "select") return null;
  const { method, path } = sinkOf(target);
  return `web://loader%40shop@${host}${path}?method=${method.toLowerCase()}`;
}

/** What the customer asks for. `host` is that of the web destination, `prefix` the one of `targetTable`. */
export function orderOf(
  job: WorkloadJob,
  number: number,
  { database, host, prefix = "" }: { database: string; host: string; prefix?: string },
): Order {
  const target = targetTable(number, prefix);
  const result = resultUrlOf(job, target, host);
  return {
    type: queryTypeOf(job),
    database,
    query: queryOf(job, target),
    ...(result === null ? {} : { result }),
    domain_key: prefix + domainKey(number),
  };
}
