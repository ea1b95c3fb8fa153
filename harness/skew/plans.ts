import { generationOf } from "../../contracts/job.ts";
import type { SkewPolicy } from "../config/skew-policy.ts";
import { laterLife } from "../rigs/later-life.ts";
import type { Scenario } from "../schedule/scenario.ts";
import {
  type Fault,
  type Planned,
  type Schedule,
  scheduleFormat,
  type WorkloadJob,
} from "../schedule/schedule.ts";
import { seedFor } from "../seeded.ts";
import { planProblems } from "./live.ts";
import { moments, momentsOf } from "./moments.ts";
import { beginningOf, type PlanShape, releasesOf } from "./shape.ts";

/** Rolling plans as schedules: jobs that follow one another, and a version step of one process at each. */

/** One step before it has a place: which process becomes which release; null: it dies once it is up, the step has failed. */
export interface Move {
  name: string;
  to: string | null;
  /** Its own, where the steps of a plan are not all taken in the same one. */
  way?: Way;
}

/** How a process goes and its next life comes. */
export const ways = ["killed", "stopped", "surged"] as const;
export type Way = (typeof ways)[number];

/** Of two steps at neighbouring jobs the process of the first is up before the second. */
const upMs = 300;
const graceMs = 10_000;

/** The moves as a schedule: the k-th is made at the k-th of the jobs, while a job of the other generation is under way. */
export function planOf(shape: PlanShape, moves: readonly Move[], way: Way, firstMoment: number): Schedule {
  const { jobs, beside, workers, seed } = shape;
  const apart = beside.length === 0 ? 1 : 2;
  const names = new Map<string, string>();
  let place = -1;
  let last = firstMoment - 1;
  const faults = moves.map((move): Planned => {
    const name = names.get(move.name) ?? move.name;
    const later = (job: number) =>
      momentsOf(scenarioAt(shape, job), name, shape.reaches).find((one) => one > last);
    place += 1;
    let moment = later(place);
    if (moment === undefined) {
      // An early moment of a job is close behind a late one of the job before: there a job lies between.
      place += 1;
      last = -1;
      moment = later(place);
    }
    last = moment as number;
    const { at } = moments[last] as (typeof moments)[number];
    const fault = faultOf(name, move.to, move.way ?? way);
    if (fault.kind === "surge") names.set(move.name, laterLife(name));
    return { at: { ...at, job: place * apart + 1, occurrence: 1 }, fault };
  });
  const all = Array.from({ length: place + 2 }, (_, i) => [
    jobs[i % jobs.length] as WorkloadJob,
    ...(beside.length === 0 ? [] : [beside[i % beside.length] as WorkloadJob]),
  ]);
  return {
    format: scheduleFormat,
    workload: { jobs: all.flat(), atOnce: apart, workers },
    releases: releasesOf(shape),
    seed,
    faults,
  };
}

const scenarioAt = ({ jobs, scenarios }: PlanShape, place: number): Scenario =>
  scenarios[jobs[place % jobs.length]?.scenario ?? ""] as Scenario;

function faultOf(name: string, to: string | null, way: Way): Fault {
  const process = name.startsWith("api") ? "api" : "worker";
  if (to === null) return { kind: "kill", process, name, ms: upMs };
  const step = { name, release: to, ms: upMs };
  if (way === "surged") return { kind: "surge", process, ...step, graceMs };
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
    .flatMap((moves, i) => {
      const own = besideFor(shape, moves);
      return variantsOf(own, moves, i).map(({ way, moment, jobs }, k) =>
        // A seed also says which API's turn it is.
        planOf({ ...own, jobs, seed: seedFor(shape.seed, `plan ${i} ${k}`) }, moves, way, moment),
      );
    });
  const plans = all.filter((plan) => planProblems(policy, plan).length === 0);
  return { plans, refused: all.length - plans.length };
}

/** Steps of the workers whose jobs run beside the others are taken at those jobs, where there are no other steps. */
function besideFor(shape: PlanShape, moves: readonly Move[]): PlanShape {
  const { jobs, beside } = shape;
  const [first] = beside;
  const isOwn = ({ name }: Move) =>
    first !== undefined && name.startsWith(`worker-${generationOf(first.engine)}-`);
  return moves.every(isOwn) ? { ...shape, jobs: beside, beside: jobs } : shape;
}

interface Variant {
  way: Way;
  /** Of the first step; the others follow in turn. */
  moment: number;
  jobs: PlanShape["jobs"];
}

/**
 * Steps of one process, there or there and back, are in each way at each moment of each kind of job; others of two steps are
 * in each way at each kind of job, and longer ones in each way, the rest in turn.
 */
function variantsOf(shape: PlanShape, moves: readonly Move[], i: number): Variant[] {
  const { jobs } = shape;
  const first = moves[0]?.name ?? "";
  const inTurn = (turn: number, from: Omit<Variant, "way" | "moment">): Variant[] =>
    ways.map((way, k) => ({ way, moment: (turn + k) % moments.length, ...from }));
  if (moves.length > 2) return inTurn(i, { jobs });
  const kinds = [...[...new Set(jobs.map(({ scenario }) => scenario))].keys()];
  return kinds.flatMap((kind) => {
    const from = { jobs: [...jobs.slice(kind), ...jobs.slice(0, kind)] };
    if (moves.some(({ name }) => name !== first)) return inTurn(i + kind, from);
    return momentsOf(scenarioAt(shape, kind), first, shape.reaches).flatMap((moment) =>
      ways.map((way) => ({ way, moment, ...from })),
    );
  });
}

/** Orders that begin alike are alike as far as there. */
const distinct = (all: readonly Move[][]): Move[][] => [
  ...new Map(all.map((moves) => [JSON.stringify(moves), moves])).values(),
];
