import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Engine, generationOf, generations } from "../../contracts/job.ts";
import type { Config } from "../config/config.ts";
import { scenariosOn } from "../config/lacks.ts";
import { type SkewPolicy, workerReleases } from "../config/skew-policy.ts";
import { troubleOf, UsageError } from "../errors.ts";
import { basesOf } from "../explore/workloads.ts";
import { commandTo } from "../installation.ts";
import { makeFolder } from "../make-folder.ts";
import { enginesIn } from "../matrix/cell.ts";
import { defaultFile, writeCounterexample } from "../replay/counterexample.ts";
import { planTree } from "../report/plan-tree.ts";
import { rolloutReport, treeOf } from "../report/rollout.ts";
import { type RigName, rigs } from "../rigs/index.ts";
import { type Needs, needsOf } from "../rigs/needs.ts";
import type { RunSchedules } from "../rigs/run.ts";
import { type ReleaseStep, type Schedule, scheduleFormat } from "../schedule/schedule.ts";
import type { Secrets } from "../secrets.ts";
import { stepsOf } from "../skew/live.ts";
import { type NamedPlan, oneEach } from "../skew/one-each.ts";
import { shortPlans } from "../skew/plans.ts";
import { mostInstances, type Rollout, rollOneByOne, rollOut } from "../skew/rollout.ts";
import type { RedPlan } from "../skew/run-plans.ts";
import { type PlanShape, shapesOf, tellingScenarios } from "../skew/shape.ts";
import { shrinkPlan } from "../skew/shrink-plan.ts";
import { inWords, windowsOf, withCandidate } from "../skew/window.ts";
import { evidenceKey, keeping, Plans } from "./run-plan.ts";
import { openConfig } from "./shared/config.ts";
import { runsFolder } from "./shared/defaults.ts";
import { openProgress, writeNote, writeResult } from "./shared/output.ts";
import { usablePolicy } from "./shared/policy.ts";
import { mustHave } from "./shared/releases.ts";
import { type ReportFlags, writeReports } from "./shared/reports.ts";

interface RolloutFlags extends ReportFlags {
  config: string;
  rig: RigName;
  sign?: string;
  attempt: number;
  api?: string;
  seed: number;
  random: number;
  dryRun?: boolean;
  save?: string;
}

/** Rolls through every window of the policy, or to a candidate; or prints the plans. */
export async function action(_: string[], flags: RolloutFlags): Promise<void> {
  const { config, secrets } = await openConfig(flags.config);
  const policy = policyFor(config, flags);
  const shapes = plannedShapes(config, policy, flags.seed);
  if (flags.save !== undefined) return await savePlans(flags.save, config, policy, shapes);
  if (flags.dryRun === true) return await writeResult(`${plansAsText(policy, shapes)}\n`);
  if (flags.rig === "containers") return await rollInContainers(flags, { config, secrets, policy, shapes });
  await evidenceKey(flags);
  await writeReports({ flags, file: flags.config, title: "rollout", redact: secrets.redact }, async () => {
    using progress = openProgress();
    const rig = "simulated";
    const kind = await rigs[rig]();
    const options = { config, secrets, runsFolder, note: progress.phase };
    await using open = await kind.open(needsFor(config, policy, shapes), options);
    const rollout = await rollOut(open.run, {
      policy,
      shapes,
      bases: (releases) =>
        basesOf(enginesIn(config), scenariosOn(config, [releases.api]), releases, flags.seed),
      scenario: shapes[0]?.jobs[0]?.scenario ?? "",
      rig,
      seed: flags.seed,
      random: flags.random,
      note: progress.phase,
      onPlans: (plans) => {
        for (const line of planTree(plans)) writeNote(`         ${line}`);
      },
      onProgress: progress.share,
      now: () => performance.now(),
    });
    const first = await unlessInTrouble(saveFirst(open.run, policy, rollout), progress.phase);
    return rolloutReport(rollout, first);
  });
}

function policyFor(config: Config, flags: RolloutFlags): SkewPolicy {
  const { current } = config;
  const skew = usablePolicy(config, flags.config);
  if (flags.api === undefined) return skew;
  mustHave(config, { api: flags.api });
  if (skew.apis.some(({ release }) => release === flags.api))
    throw new UsageError(`--api: ${flags.api} stands in the policy already: leave --api out`);
  return withCandidate(skew, current, flags.api);
}

/** Through each window, with jobs of each kind of statement and destination that end in success. */
function plannedShapes(config: Config, policy: SkewPolicy, seed: number): PlanShape[] {
  const isRolled = (engine: Engine) =>
    policy.apis.some(({ takes }) => takes[generationOf(engine)] !== undefined);
  const engines = enginesIn(config).filter(isRolled);
  if (tellingScenarios(config.scenarios, engines).length === 0)
    throw new UsageError(
      "scenarios: none that every engine runs ends in success; plans are made of such jobs",
    );
  const windows = windowsOf(policy);
  if (windows.length === 0)
    throw new UsageError(
      "skew: names one release of the API, so there is nothing to roll; name its predecessor too",
    );
  return windows.flatMap((window) =>
    shapesOf([window], engines, scenariosOn(config, [window.from.api, window.to.api]), seed),
  );
}

/** Writes the plans that containers can run, for a policy of the gate, and runs none. */
async function savePlans(
  folder: string,
  config: Config,
  policy: SkewPolicy,
  shapes: readonly PlanShape[],
): Promise<void> {
  const plans = await plansInContainers("--save", config, policy, shapes);
  makeFolder(folder);
  for (const { name, plan } of plans)
    await writeFile(join(folder, `${name}.json`), `${JSON.stringify(plan, null, 2)}\n`);
  await writeResult(
    [
      ...plans.map(({ name, plan }) => `${join(folder, `${name}.json`)}: ${stepsOf(plan).length} steps`),
      `to try one: ${commandTo("replay", join(folder, `${plans[0]?.name}.json`), "--rig", "containers")}`,
      `to require all: ${commandTo("attested", "RUN", "--policy", "--plans")} ${join(folder, "*.json")}`,
      "",
    ].join("\n"),
  );
}

/** Those that containers can run, one for each order of steps. */
async function plansInContainers(
  flag: string,
  config: Config,
  policy: SkewPolicy,
  shapes: readonly PlanShape[],
): Promise<NamedPlan[]> {
  const { beyond } = await rigs.containers();
  const plans = oneEach(policy, shapes, (planned, scenario) => beyond(planned, config, scenario) === null);
  if (plans.length > 0) return plans;
  throw new UsageError(
    `${flag}: containers can run no plan that the policy allows: name what is rolled as images, and neighbours that may be live together`,
  );
}

interface Rolling {
  config: Config;
  secrets: Secrets;
  policy: SkewPolicy;
  shapes: readonly PlanShape[];
}

/** Runs the plans of the window ahead on images, each as `replay` does, with its evidence. */
async function rollInContainers(
  flags: RolloutFlags,
  { config, secrets, policy, shapes }: Rolling,
): Promise<void> {
  const { rig, seed } = flags;
  const ahead = shapes.slice(-1) as [PlanShape];
  const plans = await plansInContainers("--rig containers", config, policy, ahead);
  const keep = await keeping(rig, flags, await evidenceKey(flags));
  await writeReports(
    { flags, file: flags.config, title: `rollout on ${rig}`, redact: secrets.redact },
    async () => {
      using progress = openProgress();
      for (const line of planTree(plans.map(({ plan }) => plan))) writeNote(`         ${line}`);
      const own = new Plans(rig, { config, secrets, runsFolder, note: progress.phase }, keep);
      const rollout = await rollOneByOne(plans, {
        window: ahead[0].window,
        run: (plan) => own.run(plan),
        rig,
        seed,
        note: progress.phase,
        onProgress: progress.share,
        now: () => performance.now(),
      });
      const [first] = redIn(rollout);
      if (first === undefined) return rolloutReport(rollout, []);
      const { plan, broken } = first;
      const saved = savePlan(plan, broken[0]?.invariant ?? "", rig).then((line) => [line]);
      return rolloutReport(rollout, await unlessInTrouble(saved, progress.phase));
    },
  );
}

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

/** What the first window begins with, and every release that a process may come to. */
function needsFor(config: Config, policy: SkewPolicy, shapes: readonly PlanShape[]): Needs {
  const [{ window, jobs, beside, seed }] = shapes as [PlanShape, ...PlanShape[]];
  const { api, workers: releases } = window.from;
  const first: Schedule = {
    format: scheduleFormat,
    workload: { jobs: [...jobs, ...beside], workers: mostInstances.workers },
    releases: { api, workers: releases },
    seed,
    faults: [],
  };
  const apisIn = policy.apis.map(({ release }): ReleaseStep => ({ process: "api", release }));
  const workersOf = generations.flatMap((generation) => workerReleases(policy, generation));
  const steps = [...apisIn, ...workersOf.map((release): ReleaseStep => ({ process: "worker", release }))];
  return { ...needsOf(first, config), steps };
}

const redIn = ({ windows }: Rollout): RedPlan[] =>
  windows.flatMap(({ phases }) => phases.flatMap((phase) => phase.red));

/** What is red stays so where it cannot be kept, which is told. */
async function unlessInTrouble(saved: Promise<string[]>, note: (line: string) => void): Promise<string[]> {
  try {
    return await saved;
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble === null) throw error;
    note(`the first red plan was not kept: ${trouble.message}`);
    return [];
  }
}

/** Makes the first red plan as small as it can be and keeps it; one that broke I10 alone is kept as it is. */
async function saveFirst(run: RunSchedules, policy: SkewPolicy, rollout: Rollout): Promise<string[]> {
  const [red] = redIn(rollout);
  if (red === undefined) return [];
  const counterexample = await shrinkPlan(run, policy, red);
  if (counterexample !== null) {
    const file = defaultFile(counterexample);
    await writeCounterexample(counterexample, file);
    return [`${counterexample.expected.invariant} in its smallest form: ${commandTo("replay", file)}`];
  }
  return [await savePlan(red.plan, "I10")];
}

/** Keeps a plan as it is, and says how to run it again. */
async function savePlan(plan: Schedule, invariant: string, rig?: RigName): Promise<string> {
  const file = join(".interlock/plans", `${invariant}-${plan.seed}.json`);
  makeFolder(dirname(file));
  await writeFile(file, `${JSON.stringify(plan, null, 2)}\n`);
  return `the plan: ${commandTo("replay", file, ...(rig === undefined ? [] : ["--rig", rig]))}`;
}
