import type { QueryType } from "../../contracts/job.ts";
import type { Column, Row } from "../../contracts/values.ts";
import type { WorkloadJob } from "../schedule/schedule.ts";

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

/** The table that a job fills. `prefix` keeps apart the schedules of a rig that outlives them. */
export const targetTable = (number: number, prefix = ""): string => `${prefix}effect_${number}`;

/** The number of the job whose statement this is, or null if it is of no workload, or of another one. */
export function numberOf(query: unknown, prefix = ""): number | null {
  const [, found, number] = /(?:INTO|TABLE) (\w*)effect_(\d+)/.exec(String(query)) ?? [];
  return found === prefix ? Number(number) : null;
}

export const queryTypeOf = ({ engine }: WorkloadJob): QueryType => (engine === "presto" ? "presto" : "hive");

/** The customer's cluster by the engine that runs the job: Presto is the same for all. */
export const clusterOf = ({ engine }: WorkloadJob) => (engine === "hive-hdp2" ? "hdp2" : "cdh4");

export function queryOf({ statement }: WorkloadJob, target: string): string {
  const select = `SELECT ${sourceColumns.map(([name]) => name).join(", ")} FROM ${sourceTable}`;
  return statement === "insert-into"
    ? `INSERT INTO ${target} ${select}`
    : `CREATE TABLE ${target} AS ${select}`;
}
