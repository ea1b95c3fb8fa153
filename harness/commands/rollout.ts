import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { generationOf } from "../../contracts/job.ts";
import type { Config } from "../config/config.ts";
import type { SkewPolicy } from "../config/skew-policy.ts";
import { UsageError } from "../errors.ts";
import { enginesIn } from "../matrix/cell.ts";
import { defaultFile, writeCounterexample } from "../replay/counterexample.ts";
import { rolloutReport, treeOf } from "../report/rollout.ts";
import { rigs } from "../rigs/index.ts";
import { needsOf } from "../rigs/needs.ts";
import type { RunSchedules } from "../rigs/run.ts";
import { isFor, type Scenario } from "../schedule/scenario.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { jobsFor, type PlanShape, shortPlans } from "../skew/plans.ts";
import { type Rollout, rollOut } from "../skew/rollout.ts";
import { shrinkPlan } from "../skew/shrink-plan.ts";
import { inWords, windowsOf, withCandidate } from "../skew/window.ts";
import { openConfig } from "./shared/config.ts";
import { runsFolder } from "./shared/defaults.ts";
import { openProgress, writeResult } from "./shared/output.ts";
import { type ReportFlags, writeReports } from "./shared/reports.ts";

interface RolloutFlags extends ReportFlags {
  config: string;
  api?: string;
  seed: number;
  random: number;
  dryRun?: boolean;
}

/** Two API processes, one worker of each generation: the fewest in which both releases of each can be live. */
const apis = 2;
const workers = 1;

/** Rolls through every window of the policy, or to a candidate; or prints the plans. */
export async function action(_: string[], flags: RolloutFlags): Promise<void> {
  const { config, secrets } = await openConfig(flags.config);
  const policy = policyFor(config, flags);
  const shapes = shapesOf(config, policy, flags.seed);
  if (flags.dryRun === true) return await writeResult(`${plansAsText(policy, shapes)}\n`);
  await writeReports({ flags, title: "rollout", redact: secrets.redact }, async () => {
    using progress = openProgress();
    const rig = "simulated";
    const kind = await rigs[rig]();
    const options = { config, secrets, runsFolder, note: progress.phase };
    await using open = await kind.open(needsOf(everything(shapes), config), options);
    const rollout = await rollOut(open.run, {
      policy,
      shapes,
      rig,
      seed: flags.seed,
      random: flags.random,
      note: progress.phase,
      onProgress: progress.share,
      now: () => performance.now(),
    });
    return rolloutReport(rollout, await saveFirst(open.run, policy, rollout));
  });
}

function policyFor({ skew, current, api }: Config, flags: RolloutFlags): SkewPolicy {
  if (skew === undefined)
    throw new UsageError(
      `${flags.config}: has no \`skew\`: name the releases that may be live together there (docs/skew.md)`,
    );
  if (flags.api === undefined) return skew;
  if (!Object.hasOwn(api, flags.api))
    throw new UsageError(
      `--api: the config has no release ${flags.api}; it has ${Object.keys(api).join(", ")}`,
    );
  return withCandidate(skew, current, flags.api);
}

/** Through each window, with jobs of each kind of statement and destination that end in success. */
function shapesOf(config: Config, policy: SkewPolicy, seed: number): PlanShape[] {
  const engines = enginesIn(config);
  const scenarios = tellingScenarios(config.scenarios)
    .filter((scenario) => engines.every((engine) => isFor(scenario, engine)))
    .map(({ name }) => name);
  const generation = generationOf(engines[0] ?? "presto");
  const jobs = jobsFor(engines, scenarios, generation);
  const windows = windowsOf(policy);
  if (windows.length === 0)
    throw new UsageError(
      "skew: names one release of the API, so there is nothing to roll; name its predecessor too",
    );
  return windows.map((window) => ({ window, ...jobs, apis, workers, seed }));
}

const tellingScenarios = (scenarios: readonly Scenario[]): Scenario[] => {
  const kindOf = ({ statement, output }: Scenario) => `${statement.kind} ${output?.kind}`;
  const good = scenarios.filter(({ ending }) => ending === "success");
  return good.filter((one, i) => good.findIndex((other) => kindOf(other) === kindOf(one)) === i);
};

const plansAsText = (policy: SkewPolicy, shapes: readonly PlanShape[]): string =>
  shapes
    .flatMap((shape) => {
      const { plans, refused } = shortPlans(policy, shape);
      return [
        `${inWords(shape.window)}: ${plans.length} short plans, ${refused} more that the policy does not allow`,
        ...plans.flatMap((plan, i) =>
          treeOf(plan).map((line, k) => (k === 0 ? `plan ${i + 1}: ${line}` : `  ${line}`)),
        ),
      ];
    })
    .join("\n");

/** A schedule with the jobs of all, which needs what they need. */
function everything(shapes: readonly PlanShape[]): Schedule {
  const [first] = shapes as [PlanShape, ...PlanShape[]];
  const { window, jobs, beside, seed } = first;
  return {
    format: 2,
    workload: { jobs: [...jobs, ...beside], workers },
    releases: { api: window.from.api, workers: window.from.workers },
    seed,
    faults: [],
  };
}

/** Makes the first red plan as small as it can be and keeps it; one that broke I10 alone is kept as it is. */
async function saveFirst(run: RunSchedules, policy: SkewPolicy, { windows }: Rollout): Promise<string[]> {
  const red = windows.flatMap(({ phases }) => phases.flatMap((phase) => phase.red)).at(0);
  if (red === undefined) return [];
  const counterexample = await shrinkPlan(run, policy, red);
  if (counterexample !== null) {
    const file = defaultFile(counterexample);
    await writeCounterexample(counterexample, file);
    return [`${counterexample.expected.invariant} in its smallest form: script/interlock replay ${file}`];
  }
  const file = join(".interlock/plans", `I10-${red.plan.seed}.json`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(red.plan, null, 2)}\n`);
  return [`the plan: script/interlock replay ${file}`];
}
