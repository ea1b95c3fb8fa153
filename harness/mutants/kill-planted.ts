import type { InProcessBuilds, PlantedFault, Releases } from "../../contracts/in-process.ts";
import { type Counterexample, counterexampleOf } from "../replay/counterexample.ts";
import { bases } from "../explore/bases.ts";
import { type Catch, Hunt, type HuntOptions } from "./hunt.ts";

/** What the exploration made of one planted fault or control. Plain data, so that threads can hand it over. */
export interface Kill {
  id: string;
  /** The invariant that must catch it; null for a control. */
  invariant: string | null;
  verdict: Verdict;
  /** The schedule with the fewest faults that brought it to light, or made a control look wrong. */
  counterexample: Counterexample | null;
  /** Invariants that were broken on the way, its own one and others. */
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
  /** By no invariant, or by others only. */
  | "missed"
  /** A control that broke nothing. */
  | "green"
  /** A control that broke something. */
  | "false alarm";

export const isAsDeclared = ({ verdict }: Kill): boolean => verdict === "killed" || verdict === "green";

/** How many pairs are tried on a fault that no single one brings to light, and on a control. */
const pairsToKill = 40_000;
const pairsOfControl = 200;

export interface Wish extends HuntOptions {
  /** The release of the component that is as it should be. */
  current: string;
  /** Milliseconds of real time. */
  now: () => number;
}

/** The release of a fault in its component; the other component is the current one. */
export const releasesOf = ({ id, component }: PlantedFault, current: string): Releases =>
  component === "api"
    ? { api: id, workers: { v5: current, v6: current } }
    : { api: current, workers: { v5: id, v6: id } };

/**
 * Runs every workload on the build of a fault: without an injected fault, then with every single one, then with pairs,
 * until its own invariant has caught it. A control has to stay green through all singles and a sample of the pairs.
 */
export async function killPlanted(
  builds: InProcessBuilds,
  fault: PlantedFault,
  { current, now, ...options }: Wish,
): Promise<Kill> {
  const releases = releasesOf(fault, current);
  const system = builds.system(releases);
  if (system === undefined) throw new Error(`the config lists ${fault.id} and has no such build`);
  const started = now();
  const hunt = new Hunt(system, fault.invariant, options);
  await hunt.through(bases(releases, 1), fault.invariant === null ? pairsOfControl : pairsToKill);
  return {
    id: fault.id,
    invariant: fault.invariant,
    verdict: verdictOf(fault, hunt),
    counterexample:
      hunt.caught === null
        ? null
        : counterexampleFor(fault, hunt.caught, { schedules: hunt.schedules, millis: now() - started }),
    broken: [...hunt.broken].sort(),
    schedules: hunt.schedules,
    millis: now() - started,
  };
}

function verdictOf({ invariant, minimalFaults }: PlantedFault, { caught }: Hunt): Verdict {
  if (invariant === null) return caught === null ? "green" : "false alarm";
  if (caught === null) return "missed";
  return caught.run.schedule.faults.length === minimalFaults ? "killed" : "other number";
}

/** It needs no shrinking: a hunt tries fewer faults before more. */
function counterexampleFor(
  { minimalFaults }: PlantedFault,
  { run, broken }: Catch,
  { schedules, millis }: { schedules: number; millis: number },
): Counterexample {
  const faultsBefore = run.schedule.faults.length;
  const globallyMinimal = faultsBefore <= minimalFaults;
  return counterexampleOf(run, broken, {
    faultsBefore,
    schedules,
    millis: Math.round(millis),
    globallyMinimal,
  });
}
