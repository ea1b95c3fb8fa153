import { statusOf } from "../../contracts/errors.ts";
import type { SystemLimits } from "../../contracts/in-process.ts";
import { clusterOf, type Engine, type JobStatus } from "../../contracts/job.ts";
import { visibleWithinMs } from "../../contracts/operations/streaming-import.ts";
import { type OperationId, operations } from "../../contracts/operations.ts";
import type { Millis } from "../../contracts/values.ts";
import { hasFresh, type Scenario, scenarioOfNumber, settled, sharedFresh } from "../schedule/scenario.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { targetOf } from "../schedule/targets.ts";
import type { Trace } from "../world/traces.ts";
import type { Change } from "../world/world.ts";
import { type Call, callsByJob, claimsIn, type JobCalls, type TimedExchange } from "./calls.ts";
import type {
  ComponentEvent,
  ExchangeEvent,
  FinalEvent,
  HeldEvent,
  HistoryEvent,
  RunEvent,
  WorldEvent,
} from "./event.ts";
import { jobsIn } from "./format.ts";
import { troubleOf } from "./modelled/excuses.ts";
import { clockErrorOf, type ModelDeparture, modelled } from "./modelled/model-calls.ts";
import type { NoticeProblem } from "./modelled/notices.ts";
import { type Ends, endsOf } from "./processes/ends.ts";
import { type TableLook, tableLooksIn } from "./table-looks.ts";

/** All that a history says about one job. */
export interface JobHistory extends Ends {
  schedule: Schedule;
  /** Null where a visitor issued it: nobody has promised what becomes of it. */
  scenario: Scenario | null;
  /** On which it was asked for. */
  engine: Engine;
  limits: SystemLimits;
  /** Of the releases that other processes are of or come to. */
  laterLimits: readonly SystemLimits[];
  /** Number in the workload, from 1. */
  number: number;
  /** Null where the API gave its customer none. */
  id: string | null;
  /** Calls to the API about this job, by customer and workers, in the order of the history. */
  calls: readonly Call[];
  /** The same by step. */
  steps: JobCalls["steps"];
  /** Claims of all workers, whatever came of them. They are about no job: the first job of a history has them, the others none. */
  claims: readonly Call[];
  /** Calls about this job that the model of the service does not allow. */
  modelled: readonly ModelDeparture[];
  /** Looks of its customer that were answered, in the order in which they were begun. */
  looks: readonly Look[];
  /** Those at the table that the job is about. */
  tableLooks: readonly TableLook[];
  /** What is streamed into a table is shown so long after it was taken. */
  shownWithinMs: Millis;
  final: HistoryEvent & FinalEvent;
  /** What was there while reports on it were held back. */
  held: readonly TimedHeld[];
  /** The changes of the world that this job has to answer for; null where nobody compared the world. */
  changes: readonly Change[] | null;
  /** The event that holds these; null where there is none. */
  world: (HistoryEvent & WorldEvent) | null;
  /** What logs tell of what it has to answer for; none where none was read. */
  traces: readonly Trace[];
  /** What is wrong with the notices of its scheduled query; null where none had to come and none came, or nobody takes them. */
  notices: readonly NoticeProblem[] | null;
  /** When the oracle took that last look. */
  end: Millis;
  /** Whether any fault had fired: only then an invariant proves something about faults. */
  faulted: boolean;
  /** First and last moment at which a fault was at work; null without faults. */
  troubled: { from: Millis; to: Millis } | null;
  /** By how much the API's clock may have been wrong. */
  clockErrorMs: Millis;
}

/** That of a job of which a scenario says what becomes of it. */
export type PromisedJob = JobHistory & { scenario: Scenario };

export type TimedHeld = HistoryEvent & HeldEvent;

/** A customer's look at its job. */
export interface Look {
  /** Its place in the history. */
  seq: number;
  sent: Millis;
  /** When the customer had its answer. */
  at: Millis;
  status: JobStatus;
}

/** A history that is not whole cannot be judged. */
export class BrokenHistory extends Error {
  override name = "BrokenHistory";
}

export const jobHistories = (events: readonly HistoryEvent[]): JobHistory[] => historiesIn(events).jobs;

export interface Histories {
  jobs: JobHistory[];
  /** Exchanges that belong to none of the jobs. */
  loose: TimedExchange[];
  /** What the model of the service does not allow there. */
  looseModelled: ModelDeparture[];
  /** Components that gave secrets away. */
  disclosures: (HistoryEvent & ComponentEvent)[];
  /** Exchanges of which too much was possible to be judged by the model. */
  unjudged: number;
}

/** The histories of all jobs, and the exchanges that belong to none of them. */
export function historiesIn(events: readonly HistoryEvent[]): Histories {
  const known = read.get(events);
  if (known?.length === events.length) return known.histories;
  const histories = readHistories(events);
  read.set(events, { length: events.length, histories });
  return histories;
}

/** Judge, stories and reports ask for the same again; a large matrix takes a while to be read. */
const read = new WeakMap<readonly HistoryEvent[], { length: number; histories: Histories }>();

function readHistories(events: readonly HistoryEvent[]): Histories {
  const { run, finals } = wholeOf(events);
  const { schedule, limits, laterLimits = [], timeScale = 1 } = run;
  const judged = events.filter((event) => event.kind !== "exchange" || !isMistake(run, event));
  const exchanges = judged.filter((event) => event.kind === "exchange");
  const isOthers = isIntruder(schedule, finals);
  const intruders = exchanges.filter(isOthers);
  const own = intruders.length === 0 ? exchanges : exchanges.filter((one) => !isOthers(one));
  const calls = callsByJob(own, finals);
  const troubled = troubleOf(events, schedule);
  const model = once(() => modelled(run, judged, troubled));
  const ids = new Set(finals.map(({ job }) => job));
  const held = heldIn(events);
  const world = events.find((event) => event.kind === "world");
  const changesOf = byJob(world?.changes, schedule.workload.jobs.length);
  const tracesOf = byJob(world?.traces, schedule.workload.jobs.length);
  const scenarios = scenariosOf(run, finals);
  const tableLooks = tableLooksIn(exchanges);
  const common = {
    schedule,
    limits,
    laterLimits,
    world: world ?? null,
    clockErrorMs: clockErrorOf(events, schedule),
    faulted: troubled !== null,
    troubled,
    shownWithinMs: visibleWithinMs / timeScale,
    ...endsOf(events, run),
  };
  const jobs = finals.map((final, i): JobHistory => {
    const own = calls.of.get(final.number) as JobCalls;
    return {
      ...common,
      scenario: scenarios.get(final) ?? null,
      engine: engineOf(schedule, final),
      number: final.number,
      id: final.job,
      calls: own.calls,
      steps: own.steps,
      claims: i === 0 ? claimsIn(exchanges) : [],
      get modelled() {
        return model().departures.filter(({ job }) => job !== null && job === final.job);
      },
      looks: looksIn(own),
      tableLooks: tableLooks.get(final.number) ?? [],
      final,
      held: held.get(final.number) ?? [],
      waysDown: common.waysDown.filter(({ job }) => (job ?? 1) === final.number),
      changes: changesOf(final.number),
      traces: tracesOf(final.number) ?? [],
      get notices() {
        return model().notices.byJob.get(final.number) ?? null;
      },
      end: final.at,
    };
  });
  return {
    jobs,
    loose: [...calls.loose, ...intruders],
    get looseModelled() {
      return model().departures.filter(({ job }) => job === null || !ids.has(job));
    },
    disclosures: disclosuresIn(events),
    get unjudged() {
      return model().unjudged;
    },
  };
}

/** What it begins with, and the last look at each of its jobs. */
function wholeOf(events: readonly HistoryEvent[]): { run: RunEvent; finals: (HistoryEvent & FinalEvent)[] } {
  const run = events.find((event) => event.kind === "run");
  if (run === undefined)
    throw new BrokenHistory("the history does not begin with the schedule that it is of");
  const finals = events.filter((event) => event.kind === "final");
  if (finals.length !== jobsIn(run))
    throw new BrokenHistory(
      `the history ends early: ${finals.length} of ${jobsIn(run)} jobs have a final look`,
    );
  return { run, finals };
}

/** What the model says costs more than all else, and few invariants speak of it: it is asked where it is needed. */
function once<T>(made: () => T): () => T {
  let known: { value: T } | null = null;
  return () => (known ??= { value: made() }).value;
}

const disclosuresIn = (events: readonly HistoryEvent[]): Histories["disclosures"] =>
  events.filter(
    (event): event is Histories["disclosures"][number] =>
      event.kind === "component" && event.what === "disclosed",
  );

const heldIn = (events: readonly HistoryEvent[]): ReadonlyMap<number, TimedHeld[]> =>
  Map.groupBy(
    events.filter((event) => event.kind === "held"),
    ({ number }) => number,
  );

/** What each job must come to, with the values that its own run made; visitors' jobs have none. */
function scenariosOf(run: RunEvent, finals: readonly FinalEvent[]): Map<FinalEvent, Scenario> {
  const own = finals
    .filter(({ visitor }) => visitor === undefined)
    .map((final) => [final, scenarioOfJob(run, final.number)] as const);
  // A result that is handed out for the query of another job holds what that one made.
  const shared = sharedFresh(own.flatMap(([final, { source }]) => (hasFresh(source) ? [madeIn(final)] : [])));
  return new Map(own.map(([final, scenario]) => [final, settled(scenario, madeIn(final), shared)]));
}

const madeIn = ({ result, destination }: FinalEvent) => result ?? destination?.rows ?? [];

const engineOf = ({ workload }: Schedule, { visitor, number }: FinalEvent): Engine =>
  visitor?.engine ?? (workload.jobs[number - 1] as { engine: Engine }).engine;

/**
 * What a visitor has done wrong and was refused for: it asked as a customer for what is in no contract, or is for workers,
 * or it started a worker with a wrong token. Nothing was promised about that.
 */
function isMistake({ visit, builds }: RunEvent, exchange: ExchangeEvent): boolean {
  const { link, operation, status, by } = exchange;
  if (visit === undefined || status === null || status < 400 || status >= 500) return false;
  if (link === "customer->api") return operation === null || isOfWorkers(operation);
  return status === statusOf.unauthenticated && builds.every(({ component }) => component !== by);
}

const isOfWorkers = (operation: string): boolean =>
  Object.hasOwn(operations, operation) && operations[operation as OperationId].audience === "worker";

/** What anybody else tries with a customer's job is none of that customer's calls; the model judges what was answered. */
function isIntruder(schedule: Schedule, finals: readonly FinalEvent[]): (exchange: TimedExchange) => boolean {
  const owners = new Map(
    finals.flatMap((final) => {
      const cluster = final.visitor?.customer ?? clusterOf(engineOf(schedule, final));
      const owner = { cluster, isVisitors: final.visitor !== undefined };
      return final.job === null ? [] : [[final.job, owner] as const];
    }),
  );
  return ({ customer, job, link, probe }) => {
    const own = job === null ? undefined : owners.get(job);
    if (own === undefined || own.cluster === customer) return false;
    // Of visitors and of the probe some have no credential, or a wrong one.
    return customer !== undefined || (link === "customer->api" && (own.isVisitors || probe !== undefined));
  };
}

function scenarioOfJob(run: RunEvent, number: number): Scenario {
  const scenario = scenarioOfNumber(run.schedule, run.scenarios, number);
  if (scenario !== undefined) return scenario;
  const name = run.schedule.workload.jobs[number - 1]?.scenario;
  throw new BrokenHistory(`the history does not hold the scenario ${name} of job ${number}`);
}

/** What no job's order names is told of the job that its place names, else of the first: nobody knows whose it was. */
function byJob<T extends { job: number | null; place: string }>(
  found: readonly T[] | undefined,
  jobs: number,
): (number: number) => readonly T[] | null {
  if (found === undefined) return () => null;
  const owner = ({ job, place }: T): number => {
    const named = job ?? targetOf(place)?.number ?? 1;
    return named > jobs ? 1 : named;
  };
  const owned = Map.groupBy(found, owner);
  return (number) => owned.get(number) ?? [];
}

const looksIn = ({ steps: { look } }: JobCalls): Look[] =>
  look
    .flatMap(({ status, facts: { state }, exchange: { seq }, sent, at }) =>
      status === 200 && state !== undefined ? { seq, sent, at, status: state } : [],
    )
    .sort((a, b) => a.sent - b.sent);

/** The status that the customer last read. */
export const lastRead = ({ looks }: JobHistory): JobStatus | undefined => looks.at(-1)?.status;
