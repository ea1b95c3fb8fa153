import { once } from "node:events";
import type { Config } from "../config/config.ts";
import { ask, type OwnThread, startThread } from "../explore/own-thread.ts";
import { beganAt } from "../history/event.ts";
import { type ContinuingRig, continuingRig } from "../rigs/in-process/continuing/continuing.ts";
import { needsOf } from "../rigs/needs.ts";
import type { Run } from "../rigs/run.ts";
import { apisOf, type Schedule, versionStepsOf } from "../schedule/schedule.ts";
import { seedFor } from "../seeded.ts";
import { type Counts, search } from "./search.ts";
import { type Enough, enoughOf } from "./shown.ts";
import { type Causality, largestRise, likelihoods, type Rise, type Seen, steepest } from "./strip.ts";
import { type Ends, endsOf, type Task } from "./task.ts";

export interface MeasureOptions {
  config: Config;
  /** Its path, for threads, which load it themselves. */
  configFile: string;
  /** Threads beside this one. */
  threads: number;
}

/** The continuations of an event, unless its history is too long for so many. */
const continuations = 100;
/** As many find out where the figure changes. */
const toSearch = 10;
/** Events that are simulated in all, about: what two cores do within ten seconds. */
const mostEvents = 1_000_000;
/** Places that get all continuations, about. */
const usualPlaces = 8;

/** How likely a violation of the schedule is at each event of its history. The schedule shows it as it is. */
export async function causalityOf(
  schedule: Schedule,
  wanted: Task["wanted"],
  options: MeasureOptions,
): Promise<Causality> {
  const { config, configFile, threads } = options;
  const needs = needsOf(schedule, config);
  const rig = await continuingRig(needs, { config });
  await using simulation = new Simulation(rig, { config: configFile, needs }, threads);
  const { run, places: all } = await rig.trace(schedule);
  const goesOn = deployedFor(schedule, config.current);
  const enough = await enoughFor(rig, { schedule, run, wanted });
  const { answers } = enough;
  const places = all.filter(({ after }) => after < enough.events);
  const counts = countsFor(enough.events);
  let runs = 0;
  const look = async (place: number, from: number, to: number): Promise<Seen> => {
    const { after, isProbe } = places[place] as (typeof places)[number];
    const rest = { after, releases: goesOn, sites: run.reached, answers };
    const ends = async (first: number, last: number): Promise<Ends> => {
      runs += last - first;
      const seeds = Array.from({ length: last - first }, (_, i) =>
        seedFor(schedule.seed, `rest ${first + i}`),
      );
      return simulation.ends({ schedule, rest, seeds, wanted });
    };
    if (!isProbe || from > 0) return { broken: (await ends(from, to)).broken, by: "simulated" };
    // Without chance the others would all end as the first one does.
    const { broken, hasDrawn } = await ends(0, 1);
    if (!hasDrawn) return { broken, by: "certain" };
    return { broken: [...broken, ...(await ends(1, to)).broken], by: "simulated" };
  };
  const seen = await search(places.length, counts, look);
  const events = likelihoods(
    places.map(({ after }) => after),
    seen,
    run.events.length,
  );
  const sampled =
    counts.full < continuations
      ? `${counts.full} continuations of an event instead of ${continuations}: the history has ${enough.events} events`
      : null;
  const rise = largestRise(events, run.events.map(beganAt));
  const turn = async ({ from, to }: Rise): Promise<number | null> => {
    if (goesOn === null || from === to) return null;
    for (let seq = from; seq <= to; seq += 1) {
      const rest = { after: seq + 1, releases: goesOn, sites: run.reached, answers };
      runs += 1;
      const { broken } = await endsOf(rig, { schedule, rest, seeds: [null], wanted });
      if (broken[0] === true) return seq;
    }
    return null;
  };
  const peak =
    rise === null
      ? null
      : { seq: (await turn(rise)) ?? steepest(events, rise), before: rise.before, after: rise.after };
  return { ...wanted, goesOn, until: enough.events, runs, events, peak, sampled };
}

/** Where a continuation may end, if the run as it was shows the violation by then. */
async function enoughFor(
  rig: ContinuingRig,
  { schedule, run, wanted }: Pick<Task, "schedule" | "wanted"> & { run: Run },
): Promise<Enough> {
  const whole: Enough = { answers: null, events: run.events.length };
  const enough = enoughOf(run.events, wanted);
  if (enough.answers === null) return whole;
  const rest = { after: run.events.length, releases: null, sites: [], answers: enough.answers };
  const { broken } = await endsOf(rig, { schedule, rest, seeds: [null], wanted });
  return broken[0] === true ? enough : whole;
}

/** Fewer of a history so long that all would take minutes. */
function countsFor(events: number): Counts {
  const full = Math.min(continuations, Math.max(2, Math.floor(mostEvents / (usualPlaces * events))));
  return { full, search: Math.min(toSearch, full) };
}

/** What is deployed, where a process of the schedule is or comes to be of another release; else null. */
function deployedFor(schedule: Schedule, current: string): Schedule["releases"] | null {
  const { releases } = schedule;
  const all = [
    ...apisOf(releases).map(([, release]) => release),
    ...Object.values(releases.workers),
    ...versionStepsOf(schedule).map(({ release }) => release),
  ];
  if (all.every((release) => release === current)) return null;
  const workers = Object.fromEntries(Object.keys(releases.workers).map((one) => [one, current]));
  const { beside } = releases;
  return { api: current, ...(beside === undefined ? {} : { beside: beside.map(() => current) }), workers };
}

/** As many continuations as one thread is given at a time. */
const atATime = 5;

/** This thread and others that share out continuations; one that has no rig yet is given none. */
class Simulation implements AsyncDisposable {
  readonly #rig: ContinuingRig;
  readonly #threads: OwnThread[];
  readonly #ready: OwnThread[] = [];

  constructor(rig: ContinuingRig, data: unknown, threads: number) {
    this.#rig = rig;
    this.#threads = Array.from({ length: threads }, () =>
      startThread(new URL("./thread.ts", import.meta.url), data),
    );
    for (const thread of this.#threads)
      void once(thread.worker, "message").then(() => this.#ready.push(thread));
  }

  async ends({ seeds, ...task }: Task): Promise<Ends> {
    const parts = Array.from({ length: Math.ceil(seeds.length / atATime) }, (_, i) =>
      seeds.slice(i * atATime, (i + 1) * atATime),
    );
    const found: Ends[] = parts.map(() => ({ broken: [], hasDrawn: false }));
    const queue = [...parts.entries()];
    const work = async (on: (task: Task) => Promise<Ends>) => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const [i, some] = next;
        found[i] = await on({ ...task, seeds: some });
      }
    };
    await Promise.all([
      work((one) => endsOf(this.#rig, one)),
      ...this.#ready.map((thread) => work((one) => ask<Ends>(thread, one))),
    ]);
    return {
      broken: found.flatMap(({ broken }) => broken),
      hasDrawn: found.some(({ hasDrawn }) => hasDrawn),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }
}
