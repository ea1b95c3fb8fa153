import { engineFor } from "../../contracts/job.ts";
import { partnersAt } from "../schedule/catalog.ts";
import type { LinkName, Schedule, Site, StatementKind } from "../schedule/schedule.ts";
import type { Task } from "./task.ts";

/** A workload without a fault, and the places that it reaches. */
export interface Workload {
  base: Schedule;
  reached: readonly Site[];
}

/** First faults of one task: small enough that threads finish together. */
const firstsATask = 4;

/** Statements of which every pair is swept. */
const sweptWhole: readonly StatementKind[] = ["insert-into", "create-table"];

/**
 * All pairs of the statements that are swept whole. Claims, heartbeats and reports are the same code for every
 * statement, so of another one only those pairs remain that have a fault on a link which the others do not use.
 */
export const pairTasks = (workloads: readonly Workload[]): Task[] =>
  workloads.filter(isSwept).flatMap((workload) => {
    const { base, reached } = workload;
    const own = ownLinks(workload, workloads);
    return chunks(partnersAt(reached), firstsATask).map(
      (firsts): Task => ({ kind: "pairs", base, firsts, own }),
    );
  });

/** The same for the reader of a plan. */
export function pairPlan(workloads: readonly Workload[]): string {
  const parts = workloads.filter(isSwept).map((workload) => {
    const own = ownLinks(workload, workloads);
    const statements = statementsOf(workload).join(" and ");
    return own === null
      ? `all of ${statements}`
      : `of ${statements} those with a fault on ${own.join(" or ")}, which the others do not use`;
  });
  return [...new Set(parts)].join("; ");
}

/** Presto and Hive on CDH4 are the same code of the same generation: pairs are swept for one engine of each. */
const isSwept = ({ base }: Workload): boolean => base.workload.jobs[0]?.engine !== engineFor("hive", "cdh4");

/** Links one of which each pair must hit; null where every pair is swept. */
function ownLinks(workload: Workload, all: readonly Workload[]): LinkName[] | null {
  if (isWhole(workload)) return null;
  const others = new Set(all.filter(isWhole).flatMap(({ reached }) => reached.map(({ link }) => link)));
  return [...new Set(workload.reached.map(({ link }) => link))].filter((link) => !others.has(link));
}

const statementsOf = ({ base }: Workload): StatementKind[] =>
  base.workload.jobs.map(({ statement }) => statement);

const isWhole = (workload: Workload): boolean =>
  statementsOf(workload).every((statement) => sweptWhole.includes(statement));

const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
