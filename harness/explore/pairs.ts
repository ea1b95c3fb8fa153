import { generationOf } from "../../contracts/job.ts";
import { partnersAt, singlesAt } from "../schedule/catalog.ts";
import type { LinkName, Schedule } from "../schedule/schedule.ts";
import type { StatementName } from "../schedule/statements.ts";
import type { Task } from "./task.ts";
import type { Workload } from "./workloads.ts";

/** First faults of one task: small enough that threads finish together. */
const firstsATask = 4;

/** Statements of which every pair is swept. */
const sweptWhole: readonly StatementName[] = ["insert-into", "create-table"];

/**
 * All pairs of the statements that are swept whole. Claims, heartbeats and reports are the same code for every
 * statement, so of another one only those pairs remain that have a fault on a link which the others do not use.
 */
export const pairTasks = (workloads: readonly Workload[]): Task[] =>
  swept(workloads).flatMap(({ base, reached, own }) =>
    chunks(partnersAt(reached), firstsATask).map((firsts): Task => ({ kind: "pairs", base, firsts, own })),
  );

/** One of so many parts of the pairs, from 1. */
export interface Part {
  index: number;
  of: number;
}

/** Every n-th task of the pairs: each part has some of each workload. */
export const partOfPairs = (tasks: readonly Task[], { index, of }: Part): Task[] =>
  tasks.filter((_, i) => i % of === index - 1);

/** The same for the reader of a plan. */
export function pairPlan(workloads: readonly Workload[]): string {
  const parts = swept(workloads).map(({ own, ...workload }) => {
    const { statement } = workload;
    return own === null
      ? `all of ${statement}`
      : `of ${statement} those with a fault on ${own.join(" or ")}, which the others do not use`;
  });
  return [...new Set(parts)].join("; ");
}

/** What pairs leave out of the single faults, in words. */
export function leftOutOfPairs(workloads: readonly Workload[]): string {
  const count = (of: typeof singlesAt) => workloads.reduce((sum, { reached }) => sum + of(reached).length, 0);
  const all = count(singlesAt);
  return `${all - count(partnersAt)} of ${all} single faults are in no pair: they only repeat others, or come where others of their kind do`;
}

/** The engines of a generation run the same code: faults in a statement's job are swept on the first one of each. */
export const standsForItself = (workload: Workload, _: number, all: readonly Workload[]): boolean =>
  all.find((other) => codeOf(other.base) === codeOf(workload.base)) === workload;

/** What is left out of workloads that do not stand for themselves, in words. */
export function leftToOtherEngines(workloads: readonly Workload[]): string {
  const singles = workloads.reduce((sum, { reached }) => sum + singlesAt(reached).length, 0);
  const engines = [...new Set(workloads.map(({ path }) => path.split("/")[1]))];
  return `${singles} single faults with ${engines.join(" and ")}, which runs the same code as another engine; --cell picks it`;
}

/** What runs in a workload, whatever the engine of a generation. */
export const codeOf = ({ workload: { jobs } }: Pick<Schedule, "workload">): string =>
  jobs.map(({ engine, scenario }) => `${generationOf(engine)} ${scenario}`).join();

/**
 * Workloads whose pairs are swept, with the links one of which each pair must hit; null where any will do. A statement
 * that uses no link of its own, as when nothing is delivered, has only pairs that others have.
 */
const swept = (workloads: readonly Workload[]): (Workload & { own: LinkName[] | null })[] =>
  workloads
    .filter(standsForItself)
    .map((workload) => ({ ...workload, own: ownLinks(workload, workloads) }))
    .filter(({ own }) => own === null || own.length > 0);

/** Links one of which each pair must hit; null where every pair is swept. */
function ownLinks(workload: Workload, all: readonly Workload[]): LinkName[] | null {
  if (isWhole(workload) || !all.some(isWhole)) return null;
  const others = new Set(all.filter(isWhole).flatMap(({ reached }) => reached.map(({ link }) => link)));
  return [...new Set(workload.reached.map(({ link }) => link))].filter((link) => !others.has(link));
}

const isWhole = ({ statement }: Workload): boolean => sweptWhole.includes(statement);

/** A list in parts of a largest size. */
export const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
