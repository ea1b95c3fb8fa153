import fc from "fast-check";
import type { ProbeTopic } from "../probe-topics.ts";
import { type Fault, type Planned, type Schedule, topicsOf } from "../schedule/schedule.ts";
import type { Failing, Trial } from "./trials.ts";

/** Among so many faults every pair is tried: about a thousand. */
const manyFaults = 50;

/** Leaves out faults as long as the invariant breaks without them. The order of the others stays. */
export async function shrinkFaults(trials: Trial, failing: Failing): Promise<Failing> {
  const { schedule } = failing;
  const { faults } = schedule;
  const some = (lists: readonly Planned[][]) =>
    firstFailing(
      trials,
      lists.map((list) => ({ ...schedule, faults: list })),
    );
  const shrunk = await fastCheckShrinks(trials, failing);
  // The shrinker goes from one list to smaller ones that fail too; the smallest may lie elsewhere.
  const count = shrunk.schedule.faults.length;
  const fewer =
    (count > 1 ? await some(faults.map((one) => [one])) : null) ??
    (count > 2 && faults.length <= manyFaults ? await some(pairsOf(faults)) : null);
  return fewer ?? shrunk;
}

async function fastCheckShrinks(trials: Trial, failing: Failing): Promise<Failing> {
  const { schedule } = failing;
  if (schedule.faults.length === 0) return failing;
  // Faults are left out, never put in the place of others.
  const one = fc.noShrink(fc.constantFrom(...schedule.faults));
  const lists = fc.array(one, { maxLength: schedule.faults.length });
  const staysWhole = fc.asyncProperty(
    lists,
    async (faults) => (await trials.fails({ ...schedule, faults })) === null,
  );
  const { counterexample } = await fc.check(staysWhole, { examples: [[schedule.faults]], numRuns: 1 });
  const left = counterexample?.[0];
  return (left && (await trials.fails({ ...schedule, faults: left }))) ?? failing;
}

const pairsOf = <T>(list: readonly T[]): T[][] =>
  list.flatMap((first, i) => list.slice(i + 1).map((second) => [first, second]));

/** A duration is short enough when it is known to so many milliseconds, or to this share of itself. */
const stepMs = 100;
const share = 0.05;

/** Makes each duration as short as it can be while the invariant still breaks. */
export async function shrinkDurations(trials: Trial, failing: Failing): Promise<Failing> {
  let best = failing;
  for (const i of failing.schedule.faults.keys()) best = await shrinkDuration(trials, best, i);
  return best;
}

async function shrinkDuration(trials: Trial, failing: Failing, index: number): Promise<Failing> {
  const { schedule } = failing;
  const fault = schedule.faults[index]?.fault;
  if (fault === undefined || !("ms" in fault) || !fault.ms) return failing;
  const failsFor = async (ms: number): Promise<Failing | null> => {
    const found = await trials.fails(withFault(schedule, index, { ...fault, ms }));
    return found?.schedule.faults.length === schedule.faults.length ? found : null;
  };
  const atOnce = await failsFor(0);
  if (atOnce !== null) return atOnce;
  let best = failing;
  let tooShort = 0;
  let enough: number = fault.ms;
  while (enough - tooShort > Math.max(stepMs, share * enough)) {
    const middle = stepMs * Math.round((tooShort + enough) / 2 / stepMs);
    const found = await failsFor(middle);
    if (found === null) tooShort = middle;
    else [best, enough] = [found, middle];
  }
  return best;
}

const withFault = (schedule: Schedule, index: number, fault: Fault): Schedule => ({
  ...schedule,
  faults: schedule.faults.map((planned, i) => (i === index ? { ...planned, fault } : planned)),
});

/** Leaves out jobs, then workers, then API processes; null where none can go. */
export async function shrinkWorkload(trials: Trial, failing: Failing): Promise<Failing | null> {
  const smaller = await firstFailing(trials, smallerWorkloads(failing.schedule));
  return smaller && ((await shrinkWorkload(trials, smaller)) ?? smaller);
}

function* smallerWorkloads(schedule: Schedule): Generator<Schedule> {
  const { jobs, workers } = schedule.workload;
  if (jobs.length > 1) for (const i of jobs.keys()) yield withoutJob(schedule, i + 1);
  for (let fewer = 1; fewer < workers; fewer += 1)
    yield { ...schedule, workload: { ...schedule.workload, workers: fewer } };
  const { beside, ...alone } = schedule.releases;
  if (beside === undefined) return;
  yield { ...schedule, releases: alone };
  if (beside.length > 1)
    for (const i of beside.keys())
      yield { ...schedule, releases: { ...alone, beside: beside.filter((_, other) => other !== i) } };
}

/** Leaves out the probe, or of its topics as many as can go. */
export async function shrinkProbe(trials: Trial, failing: Failing): Promise<Failing> {
  const { schedule } = failing;
  const topics = topicsOf(schedule);
  if (topics.length === 0) return failing;
  const few = [[], ...(topics.length > 1 ? topics.map((topic) => [topic]) : [])];
  const found = await firstFailing(
    trials,
    few.map((some) => withTopics(schedule, some)),
  );
  if (found !== null) return found;
  let best = failing;
  // First many at once. What is asked later may need what was asked before, hardly ever the other way round.
  for (let size = topics.length; size > 1; ) {
    size = Math.ceil(size / 2);
    for (let end = topicsOf(best.schedule).length; end > 0; end -= size) {
      const left = topicsOf(best.schedule).filter((_, i) => i < end - size || i >= end);
      if (left.length > 0) best = (await trials.fails(withTopics(schedule, left))) ?? best;
    }
  }
  return best;
}

function withTopics(schedule: Schedule, topics: readonly ProbeTopic[]): Schedule {
  const { probe: _, ...workload } = schedule.workload;
  return { ...schedule, workload: topics.length === 0 ? workload : { ...workload, probe: [...topics] } };
}

async function firstFailing(trials: Trial, candidates: Iterable<Schedule>): Promise<Failing | null> {
  for (const candidate of candidates) {
    const found = await trials.fails(candidate);
    if (found !== null) return found;
  }
  return null;
}

/** The faults about the job go with it, and the jobs after it move up. */
const withoutJob = (schedule: Schedule, number: number): Schedule => ({
  ...schedule,
  workload: { ...schedule.workload, jobs: schedule.workload.jobs.filter((_, i) => i !== number - 1) },
  faults: schedule.faults
    .filter(({ at }) => at.job !== number)
    .map(({ at, fault }) => ({
      at: { ...at, job: at.job !== null && at.job > number ? at.job - 1 : at.job },
      fault,
    })),
});
