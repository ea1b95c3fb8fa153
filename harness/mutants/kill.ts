import type { Mutant, Releases } from "../../contracts/in-process.ts";
import type { HistoryEvent } from "../history/event.ts";
import { type Counterexample, counterexampleOf } from "../replay/counterexample.ts";
import type { RunSchedules } from "../rigs/run.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { shrinkProbe } from "../shrink/shrink-parts.ts";
import { Trials } from "../shrink/trials.ts";
import { type Catch, type Hunted, type HuntRules, hunt } from "./hunt.ts";

/** What the exploration made of one mutant or control. Plain data. */
export interface Kill {
  id: string;
  /** Id of the invariant that must catch it; null for a control. */
  invariant: string | null;
  verdict: KillVerdict;
  /** The schedule with the fewest faults that brought it to light, or made a control look wrong. */
  counterexample: Counterexample | null;
  /** Ids of the invariants that broke on the way, its own one and others. */
  broken: readonly string[];
  /** How many schedules were run. */
  schedules: number;
  millis: number;
  /** Of the run that brought it to light; empty where none did. */
  events: readonly HistoryEvent[];
}

export type KillVerdict =
  /** By its own invariant, with as few faults as declared. */
  | "killed"
  /** By its own invariant, with another number of faults than declared. */
  | "other number"
  /** By no invariant, or by others only. */
  | "missed"
  /** A control that broke nothing. */
  | "green"
  /** A control that broke something. */
  | "false alarm";

export const isAsDeclared = ({ verdict }: Kill): boolean => verdict === "killed" || verdict === "green";

/** How many pairs are tried on a mutant that no single fault brings to light, and on a control. */
const pairsToKill = 40_000;
const pairsOfControl = 200;

export interface KillOptions extends HuntRules {
  /** Schedules without a fault, on the releases of the mutant. */
  workloads: readonly Schedule[];
  /** Milliseconds of real time. */
  now: () => number;
}

/** The mutant as the release of its component; the other component is the current one. */
export const releasesOf = ({ id, component }: Pick<Mutant, "id" | "component">, current: string): Releases =>
  component === "api"
    ? { api: id, workers: { v5: current, v6: current } }
    : { api: current, workers: { v5: id, v6: id } };

/**
 * Runs every workload on a mutant: without a fault, then with every single one, then with pairs, until its own
 * invariant has caught it. A control has to stay green through all singles and a sample of the pairs.
 */
export async function killMutant(
  run: RunSchedules,
  mutant: Mutant,
  { workloads, now, ...rules }: KillOptions,
): Promise<Kill> {
  const { id, invariant } = mutant;
  const started = now();
  const maxPairs = invariant === null ? pairsOfControl : pairsToKill;
  const hunted = await hunt(run, workloads, { ...rules, invariant, maxPairs });
  const caught = hunted.caught && (await withFewQuestions(run, hunted.caught));
  const millis = now() - started;
  return {
    id,
    invariant,
    verdict: verdictOf(mutant, hunted),
    counterexample: counterexampleFor(mutant, { ...hunted, caught }, millis),
    broken: [...hunted.broken].sort(),
    schedules: hunted.schedules,
    millis,
    events: caught?.run.events ?? [],
  };
}

function verdictOf({ invariant, minimalFaults }: Mutant, { caught }: Hunted): KillVerdict {
  if (invariant === null) return caught === null ? "green" : "false alarm";
  if (caught === null) return "missed";
  return caught.run.schedule.faults.length === minimalFaults ? "killed" : "other number";
}

/** A hunt tries fewer faults before more: of what it has caught only the probe can be smaller. */
const withFewQuestions = (run: RunSchedules, { run: caught, broken }: Catch): Promise<Catch> =>
  shrinkProbe(new Trials(run, broken.invariant), { schedule: caught.schedule, run: caught, broken });

function counterexampleFor(
  { minimalFaults }: Mutant,
  { caught, schedules }: Hunted,
  millis: number,
): Counterexample | null {
  if (caught === null) return null;
  const { run, broken } = caught;
  const faultsBefore = run.schedule.faults.length;
  const globallyMinimal = faultsBefore <= minimalFaults;
  return counterexampleOf(run, broken, {
    faultsBefore,
    schedules,
    millis: Math.round(millis),
    globallyMinimal,
  });
}
