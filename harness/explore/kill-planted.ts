import type { InProcessBuilds, InProcessSystem, PlantedFault, Releases } from "../../contracts/in-process.ts";
import { judgeHistory } from "../checks/invariants/judge.ts";
import { seeded } from "../rigs/in-process/random.ts";
import { type Run, runSchedules } from "../rigs/in-process/run.ts";
import { singlesAt } from "../schedule/catalog.ts";
import type { Planned, Schedule, Site } from "../schedule/schedule.ts";
import { bases } from "./bases.ts";
import { worldsAtOnce } from "./sweep.ts";

/** What the exploration made of one planted fault or control. */
export interface Kill {
  id: string;
  /** The invariant that must catch it; null for a control. */
  invariant: string | null;
  verdict: Verdict;
  /** The schedule with the fewest faults that brought it to light, or made a control look wrong. */
  schedule: Schedule | null;
  /** What contradicted the promise in that schedule. */
  witnesses: readonly string[];
  /** Invariants that were broken in any schedule, whether or not they are the one that must be. */
  broken: readonly string[];
  /** How many schedules were run. */
  schedules: number;
  millis: number;
}

export type Verdict =
  /** By its own invariant, with as few faults as declared. */
  | "killed"
  /** By its own invariant, with another number of faults than declared. */
  | "other number"
  /** By no invariant or by others only. */
  | "missed"
  /** A control that broke nothing. */
  | "green"
  /** A control that broke something. */
  | "false alarm";

/** How many pairs are tried on a fault that no single one brings to light, and on a control. */
const pairsToKill = 40_000;
const pairsOfControl = 400;

/** The release of a fault in its component; the other component is the current one. */
export const releasesOf = ({ id, component }: PlantedFault): Releases =>
  component === "api" ? { api: id, workers: {} } : { api: "current", workers: { v5: id, v6: id } };

/**
 * Runs every workload on the build of a fault: without an injected fault, then with every single one, then with pairs,
 * until its own invariant has caught it. A control has to stay green through all singles and a sample of the pairs.
 */
export async function killPlanted(
  builds: InProcessBuilds,
  fault: PlantedFault,
  now: () => number,
  onBatch: (schedules: number) => void = () => {},
): Promise<Kill> {
  const releases = releasesOf(fault);
  const system = builds.system(releases);
  if (system === undefined) throw new Error(`the config has no build ${fault.id}`);
  const hunt = new Hunt(system, fault.invariant, onBatch);
  const started = now();
  await hunt.through(bases(releases, 1));
  if (!hunt.over) await hunt.through(shuffled(hunt.withOneMore()));
  if (!hunt.over) await pairs(hunt, fault.invariant === null ? pairsOfControl : pairsToKill);
  const { found, schedules } = hunt;
  return {
    id: fault.id,
    invariant: fault.invariant,
    verdict: verdictOf(fault, hunt),
    schedule: found?.schedule ?? null,
    witnesses: found?.witnesses ?? [],
    broken: [...hunt.broken].sort(),
    schedules,
    millis: now() - started,
  };
}

function verdictOf({ invariant, minimalFaults }: PlantedFault, { found }: Hunt): Verdict {
  if (invariant === null) return found === null ? "green" : "false alarm";
  if (found === null) return "missed";
  return found.schedule.faults.length === minimalFaults ? "killed" : "other number";
}

/**
 * Pairs. A second fault is put first where the run with the first one went and no run without a fault ever goes:
 * retries, takeovers and endings that the first has brought about. Elsewhere two faults rarely have to do with each other.
 */
async function pairs(hunt: Hunt, most: number): Promise<void> {
  const runs = hunt.takeRuns();
  const usual = new Set(runs.filter(({ schedule }) => schedule.faults.length === 0).flatMap(({ reached }) => reached.map(siteKey)));
  const all = runs.filter(({ schedule }) => schedule.faults.length === 1).flatMap(oneMore);
  const isNew = ({ faults }: Schedule) => !usual.has(siteKey((faults[1] as Planned).at));
  const [opened, others] = [all.filter(isNew), all.filter((pair) => !isNew(pair))];
  await hunt.through([...shuffled(opened), ...shuffled(others)].slice(0, most));
}

const siteKey = (site: Site): string => JSON.stringify(site);

type Reached = Pick<Run, "schedule" | "reached">;

class Hunt {
  schedules = 0;
  found: { schedule: Schedule; witnesses: readonly string[] } | null = null;
  readonly broken = new Set<string>();
  readonly #system: InProcessSystem;
  readonly #invariant: string | null;
  readonly #onBatch: (schedules: number) => void;
  #runs: Reached[] = [];

  constructor(system: InProcessSystem, invariant: string | null, onBatch: (schedules: number) => void) {
    this.#system = system;
    this.#invariant = invariant;
    this.#onBatch = onBatch;
  }

  get over(): boolean {
    return this.found !== null;
  }

  /** Runs schedules in their order until one is found. */
  async through(schedules: readonly Schedule[]): Promise<void> {
    for (let start = 0; start < schedules.length && !this.over; start += worldsAtOnce) {
      const runs = await runSchedules(this.#system, schedules.slice(start, start + worldsAtOnce));
      this.schedules += runs.length;
      for (const run of runs) this.#judge(run);
      this.#onBatch(this.schedules);
    }
  }

  /** What was run since the last time, for the next round to break further. */
  takeRuns(): Reached[] {
    const runs = this.#runs;
    this.#runs = [];
    return runs;
  }

  withOneMore(): Schedule[] {
    return this.takeRuns().flatMap(oneMore);
  }

  #judge({ schedule, events, unfired, reached }: Run): void {
    if (unfired.length > 0) return;
    this.#runs.push({ schedule, reached });
    const { broken } = judgeHistory(events);
    for (const { invariant } of broken) this.broken.add(invariant);
    const own = broken.find(({ invariant }) => this.#invariant === null || invariant === this.#invariant);
    if (own !== undefined) this.found ??= { schedule, witnesses: own.witnesses };
  }
}

/** The schedule with one more fault, at every place from its last one on. */
function oneMore({ schedule, reached }: Reached): Schedule[] {
  const last = schedule.faults.at(-1);
  const from = last === undefined ? 0 : reached.findIndex((site) => isSame(site, last.at));
  return singlesAt(reached.slice(Math.max(0, from)))
    .filter((next) => last === undefined || !isSame(next, last))
    .map((next) => ({ ...schedule, faults: [...schedule.faults, next] }));
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** In an order that is random and always the same: what brings a fault to light is rarely spread evenly. */
function shuffled<T>(items: readonly T[], seed = 1): T[] {
  const random = seeded(seed);
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
