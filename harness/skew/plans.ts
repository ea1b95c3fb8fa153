import type { SkewPolicy } from "../config/skew-policy.ts";
import { laterLife } from "../rigs/later-life.ts";
import {
  type Fault,
  type Planned,
  type Schedule,
  type Site,
  scheduleFormat,
  type WorkloadJob,
} from "../schedule/schedule.ts";
import { planProblems } from "./live.ts";
import { beginningOf, type PlanShape, releasesOf } from "./shape.ts";

/** Rolling plans as schedules: jobs that follow one another, and a version step of one process at each. */

/** One step before it has a place: which process becomes which release; null: it dies once it is up, the step has failed. */
export interface Move {
  name: string;
  to: string | null;
}

/** How a process goes and its next life comes. */
export const ways = ["killed", "stopped", "surged"] as const;
export type Way = (typeof ways)[number];

/** Where in a job's life a step is taken: `put` is when the effect is there and the worker has not said so. */
export const moments = [
  { link: "worker->api", operation: "worker.claim", phase: "after" },
  { link: "worker->api", operation: "worker.heartbeat", phase: "before" },
  { link: "worker->disk", operation: "put", phase: "before" },
  { link: "worker->api", operation: "worker.finish", phase: "before" },
  { link: "worker->api", operation: "worker.finish", phase: "after" },
] as const satisfies readonly Pick<Site, "link" | "operation" | "phase">[];

/** Nothing happens to an API when a worker uses its disk. */
const momentOf = (name: string, i: number): (typeof moments)[number] => {
  const moment = moments[i % moments.length] as (typeof moments)[number];
  return moment.link === "worker->disk" && name.startsWith("api") ? moments[3] : moment;
};

/** Of two steps at neighbouring jobs the process of the first is up before the second. */
const upMs = 300;
const graceMs = 10_000;

/** The moves as a schedule: the k-th is made at the k-th of the jobs, while a job of the other generation is under way. */
export function planOf(shape: PlanShape, moves: readonly Move[], way: Way, firstMoment: number): Schedule {
  const { jobs, beside, workers, seed } = shape;
  // The first moment of a job is close behind the last of the one before: there a job lies between.
  const placeOf = (i: number): number => i + Math.floor((firstMoment + i) / moments.length);
  const all = Array.from({ length: placeOf(moves.length) + 1 }, (_, i) => [
    jobs[i % jobs.length] as WorkloadJob,
    ...(beside.length === 0 ? [] : [beside[i % beside.length] as WorkloadJob]),
  ]);
  const apart = (all[0] as WorkloadJob[]).length;
  const names = new Map<string, string>();
  const faults = moves.map((move, i): Planned => {
    const name = names.get(move.name) ?? move.name;
    const at: Site = { ...momentOf(name, firstMoment + i), job: placeOf(i) * apart + 1, occurrence: 1 };
    const fault = faultOf(name, move.to, way);
    if (fault.kind === "surge") names.set(move.name, laterLife(name));
    return { at, fault };
  });
  return {
    format: scheduleFormat,
    workload: { jobs: all.flat(), atOnce: apart, workers },
    releases: releasesOf(shape),
    seed,
    faults,
  };
}

function faultOf(name: string, to: string | null, way: Way): Fault {
  const process = name.startsWith("api") ? "api" : "worker";
  if (to === null) return { kind: "kill", process, name, ms: upMs };
  const step = { name, release: to, ms: upMs };
  if (way === "surged" && process === "worker") return { kind: "surge", process, ...step, graceMs };
  return { kind: "version", process, ...step, ...(way === "killed" ? {} : { graceMs }) };
}

/** Every order of the steps of a window, the instances of one component in the order of their names. */
export function ordersOf(shape: PlanShape): Move[][] {
  const { window } = shape;
  const queues = Map.groupBy(
    beginningOf(shape).flatMap(({ name, generation, release }) => {
      const to = generation === null ? window.to.api : window.to.workers[generation];
      return to === undefined || to === release ? [] : [{ name, to, component: generation ?? "api" }];
    }),
    ({ component }) => component,
  );
  const merge = (rest: readonly (readonly Move[])[]): Move[][] =>
    rest.every((queue) => queue.length === 0)
      ? [[]]
      : rest.flatMap((queue, i) => {
          const [first, ...others] = queue;
          if (first === undefined) return [];
          return merge(rest.with(i, others)).map((tail) => [first, ...tail]);
        });
  return merge([...queues.values()].map((queue) => queue.map(({ name, to }) => ({ name, to }))));
}

/** An order with what can come of it after each step: it stays there, goes back, or the step has failed and it goes back. */
export function withRollbacks(shape: PlanShape, order: readonly Move[]): Move[][] {
  const from = new Map(beginningOf(shape).map(({ name, release }) => [name, release]));
  return order.flatMap(({ name }, i) => {
    const done = order.slice(0, i + 1);
    const back = done.toReversed().map((move): Move => ({ ...move, to: from.get(move.name) as string }));
    return [done, [...done, ...back], [...done, { name, to: null }, ...back]];
  });
}

/**
 * The short plans of a window that the policy allows, those of few steps first, and how many others there are: every order
 * that can be begun, as far as it can go, there and back.
 */
export function shortPlans(policy: SkewPolicy, shape: PlanShape): { plans: Schedule[]; refused: number } {
  const all = distinct(ordersOf(shape).flatMap((order) => withRollbacks(shape, order)))
    .sort((a, b) => a.length - b.length)
    .flatMap((moves, i) =>
      variantsOf(shape, moves, i).map(({ way, moment, jobs }) =>
        planOf({ ...shape, jobs, seed: shape.seed + i }, moves, way, moment),
      ),
    );
  const plans = all.filter((plan) => planProblems(policy, plan).length === 0);
  return { plans, refused: all.length - plans.length };
}

interface Variant {
  way: Way;
  /** Of the first step; the others follow in turn. */
  moment: number;
  jobs: PlanShape["jobs"];
}

/** Steps of plans that are tried in each way at each moment of each kind of job; longer ones are in each way, in turn. */
const triedWhole = 2;

function variantsOf({ jobs }: PlanShape, moves: readonly Move[], i: number): Variant[] {
  if (moves.length > triedWhole)
    return ways.map((way, k) => ({ way, moment: (i + k) % moments.length, jobs }));
  const kinds = [...new Set(jobs.map(({ scenario }) => scenario))].keys();
  return [...kinds].flatMap((kind) =>
    ways.flatMap((way) =>
      [...moments.keys()].map((moment) => ({
        way,
        moment,
        jobs: [...jobs.slice(kind), ...jobs.slice(0, kind)],
      })),
    ),
  );
}

/** Orders that begin alike are alike as far as there. */
const distinct = (all: readonly Move[][]): Move[][] => [
  ...new Map(all.map((moves) => [JSON.stringify(moves), moves])).values(),
];
