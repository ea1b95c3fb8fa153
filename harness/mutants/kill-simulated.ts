import type { Mutant } from "../../contracts/in-process.ts";
import { engines } from "../../contracts/job.ts";
import { askedInTrouble } from "../explore/asked.ts";
import { basesOf, usualScenarios } from "../explore/workloads.ts";
import { rigs } from "../rigs/index.ts";
import { needsOf } from "../rigs/needs.ts";
import type { OpenOptions } from "../rigs/rig.ts";
import type { Run, RunSchedules } from "../rigs/run.ts";
import type { Scenario } from "../schedule/scenario.ts";
import { tableUseOf } from "../schedule/scenario.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { statementOf } from "../schedule/statements.ts";
import { rolledPlans } from "../skew/rolled.ts";
import type { HuntRules } from "./hunt.ts";
import { type Kill, killMutant, releasesOf } from "./kill.ts";
import { operatedPlans } from "./operated-plans.ts";

/** The seed of every workload. */
const seed = 1;

/**
 * Of a mutant that shows only while it is rolled out the short plans of that, those of few steps first; of one that shows
 * only once an operator has done something plans with that; of all others every
 * engine with every usual scenario, and with those that it names, without a fault; then the probe. Of an
 * API also two processes side by side.
 */
export function workloadsFor(mutant: Mutant, { current, scenarios }: OpenOptions["config"]): Schedule[] {
  if (mutant.rolled !== undefined && mutant.invariant !== null)
    return rolledPlans(mutant, engines, scenarios, seed);
  if (mutant.operated !== undefined) return operatedPlans(mutant, { current, scenarios });
  const named = scenarios.filter(({ name }) => mutant.scenarios?.includes(name));
  // What customers load themselves has as many sites as all the others together, and an export those of two jobs: a mutant
  // that is about it names it.
  const usual = usualScenarios(scenarios).filter(
    (scenario) =>
      tableUseOf(scenario).registeredBy !== "customer" &&
      statementOf(scenario.statement).result !== "exported",
  );
  const wanted = [...new Set([...usual, ...named])];
  const bases = basesOf(engines, wanted, releasesOf(mutant, current), seed).map(({ base }) => base);
  const probed = bases
    .slice(0, 1)
    .map((base) => ({ ...base, workload: { ...base.workload, probe: true as const } }));
  return [...bases, ...together(named, bases), ...twice(mutant, bases), ...probed, ...twice(mutant, probed)];
}

/** The first of these schedules on two processes of an API that is to be judged. */
const twice = ({ component, id }: Mutant, [first]: readonly Schedule[]): Schedule[] =>
  first === undefined || component !== "api"
    ? []
    : [{ ...first, releases: { ...first.releases, beside: [id] } }];

/** Named scenarios of every engine one after another, on workers that remember what they did before. */
function together(named: readonly Scenario[], bases: readonly Schedule[]): Schedule[] {
  const [first] = bases;
  const names = named.map(({ name }) => name);
  const jobs = bases
    .flatMap(({ workload }) => workload.jobs)
    .filter(({ scenario }) => names.includes(scenario));
  return first === undefined || jobs.length === 0 ? [] : [{ ...first, workload: { jobs, workers: 1 } }];
}

/** The workloads of a mutant or control, run as they are. */
export async function runSimulated(mutant: Mutant, options: OpenOptions): Promise<Run[]> {
  const workloads = workloadsFor(mutant, options.config);
  const simulated = await rigs.simulated();
  await using rig = await simulated.open(needsOf(workloads[0] as Schedule, options.config), options);
  return await rig.run(workloads);
}

/** What the simulated rig makes of a mutant or control. */
export async function killSimulated(
  mutant: Mutant,
  options: OpenOptions,
  rules: HuntRules = {},
): Promise<Kill> {
  const workloads = workloadsFor(mutant, options.config);
  const simulated = await rigs.simulated();
  await using rig = await simulated.open(needsOf(workloads[0] as Schedule, options.config), options);
  const asked = mutant.asked === true ? await askedOf(rig.run, workloads) : [];
  const all = [...workloads, ...asked];
  return await killMutant(rig.run, mutant, { ...rules, workloads: all, now: () => performance.now() });
}

/** What the probe alone asks of these releases, in trouble. */
async function askedOf(run: RunSchedules, workloads: readonly Schedule[]): Promise<Schedule[]> {
  const lives = workloads.filter(({ workload }) => workload.probe === undefined);
  const [first] = lives;
  if (first === undefined) return [];
  const reached = (await run(lives)).flatMap((life) => life.reached);
  return await askedInTrouble(run, first, reached);
}
