import { type HistoryEvent, isProbeAnswer } from "../../../history/event.ts";
import type { Schedule } from "../../../schedule/schedule.ts";
import { lacksIn, type Needs } from "../../needs.ts";
import type { OpenOptions } from "../../rig.ts";
import type { Run } from "../../run.ts";
import { type Job, jobsOf } from "../../workload.ts";
import { findSystem } from "../find-system.ts";
import { lookAtWorld } from "../look-at-world.ts";
import { finalLook } from "../oracle.ts";
import { type InProcessRig, runSchedules } from "../run.ts";
import { direct } from "../transport.ts";
import { withoutStacks } from "../without-stacks.ts";
import type { World } from "../world.ts";
import type { Rest } from "./rest.ts";

/** A place in a history where it can go on otherwise. */
export interface Place {
  /** So many events are before it. */
  after: number;
  /** Whether Interlock's probe is at work: it leaves nothing to chance. */
  isProbe: boolean;
  /** What the oracle finds there, as text: of the world, of each job, and what has arrived, as it came. */
  state: string;
}

export interface Continued extends Run {
  /** Whether chance has decided anything after the place: without it every rest of its kind is the same. */
  hasDrawn: boolean;
}

/** The simulated rig, whose runs can go on otherwise from a place of their history. */
export interface ContinuingRig {
  /** A run as its schedule says, and the places of it; what the oracle finds there is looked at where it is asked for. */
  trace: (schedule: Schedule, isLooking?: boolean) => Promise<{ run: Run; places: Place[] }>;
  /** The same run, which goes on by each of these. */
  goOn: (schedule: Schedule, rests: readonly Rest[]) => Promise<Continued[]>;
}

const stateOf = (world: World, jobs: readonly Job[]): string =>
  JSON.stringify([
    lookAtWorld(world.state, jobs, (id) => world.numbers.numberOf(id)).changes,
    jobs.map((job) => finalLook(world, job)),
    world.state.deliveries(),
  ]);

/** Counts the answers that the probe has had, each event once. */
class ProbeAnswers {
  #count = 0;
  #seen = 0;

  areAll(world: World | undefined, wanted: number | null): boolean {
    if (world === undefined || wanted === null) return false;
    for (; this.#seen < world.events.length; this.#seen += 1)
      if (isProbeAnswer(world.events[this.#seen] as HistoryEvent)) this.#count += 1;
    return this.#count >= wanted;
  }
}

/** Several worlds take turns; more of them at once are slower again. */
const atOnce = 16;

export async function continuingRig(
  { releases, steps }: Pick<Needs, "releases" | "steps">,
  { config }: Pick<OpenOptions, "config">,
): Promise<ContinuingRig> {
  const system = await findSystem(config, releases, steps, "simulated");
  const rig: InProcessRig = {
    system,
    releases,
    scenarios: config.scenarios,
    lacks: (schedule) => lacksIn(schedule, config),
    transport: direct,
  };
  return {
    trace: async (schedule, isLooking = false) => {
      const jobs = jobsOf(schedule, config.scenarios);
      const places: Place[] = [];
      const [run] = await withoutStacks(() =>
        runSchedules(rig, [schedule], (world, _, isProbe = false) => {
          const after = world.events.length;
          const state = isLooking ? stateOf(world, jobs) : "";
          if (places.at(-1)?.after === after) places.pop();
          places.push({ after, isProbe, state });
        }),
      );
      return { run: run as Run, places };
    },
    goOn: async (schedule, rests) => {
      const all: Continued[] = [];
      for (let first = 0; first < rests.length; first += atOnce) {
        const some = rests.slice(first, first + atOnce);
        const worlds: World[] = [];
        const answered = some.map(() => new ProbeAnswers());
        const runs = await withoutStacks(() =>
          runSchedules(
            rig,
            some.map(() => schedule),
            (world, i) => {
              worlds[i] = world;
              const rest = some[i] as Rest;
              if (world.rest === null && world.events.length >= rest.after) world.goOn(rest);
            },
            (i) => answered[i]?.areAll(worlds[i], some[i]?.answers ?? null) === true,
          ),
        );
        all.push(...runs.map((run, i) => ({ ...run, hasDrawn: worlds[i]?.chance.hasDrawn === true })));
      }
      return all;
    },
  };
}
