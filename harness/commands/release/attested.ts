import { engineLabel, generations } from "../../../contracts/job.ts";
import { operations } from "../../../contracts/operations.ts";
import type { Config } from "../../config/config.ts";
import { loadSettings } from "../../config/load-config.ts";
import { probeLack } from "../../config/probe-lack.ts";
import { UsageError } from "../../errors.ts";
import { type Damaged, damageInWords } from "../../evidence/damage.ts";
import { historyOf, readEvidence } from "../../evidence/read.ts";
import { scheduleDigest, unattested } from "../../evidence/schedule-digest.ts";
import { planOf } from "../../gate/plan.ts";
import { policySchema } from "../../gate/policy.ts";
import { databaseName } from "../../gate/question.ts";
import { parseRunnable } from "../../replay/counterexample.ts";
import { beyondIn } from "../../rigs/beyond.ts";
import { generationsOf } from "../../rigs/containers/system/releases.ts";
import { rigs } from "../../rigs/index.ts";
import { type Schedule, versionStepsOf } from "../../schedule/schedule.ts";
import { sha256 } from "../../secrets.ts";
import { type Rolled, rollOf } from "../../skew/roll.ts";
import { usualLoad } from "../shared/defaults.ts";
import { readInput } from "../shared/input.ts";
import { writeResult } from "../shared/output.ts";

interface AttestedFlags {
  config: string;
  database?: string;
  component: string[];
  policy?: true;
  faults: string[];
  plans: string[];
  kills: string[];
  controls: string[];
  cost?: true;
}

function noEvidence(damaged: Damaged): UsageError {
  if (damaged.otherForm === undefined)
    return new UsageError(
      `${damaged.folder}: no evidence: ${damaged.damage}\n  next: name the folder of a run that was attested; runs are kept in .interlock/runs`,
    );
  const { what, next } = damageInWords(damaged);
  return new UsageError(`${what}: ${next}`);
}

/** Prints the builds that a run attested, as the gate takes them for a candidate or, with a policy, for what is live. */
export async function action([folder = ""]: string[], flags: AttestedFlags): Promise<void> {
  const parts = [
    ...flags.faults,
    ...flags.plans,
    ...flags.kills,
    ...flags.controls,
    ...(flags.cost ? ["--cost"] : []),
  ];
  if (parts.length > 0 && !flags.policy)
    throw new UsageError(
      "--faults, --plans, --kills, --controls and --cost are parts of the policy, which --policy prints",
    );
  const evidence = await readEvidence(folder, []);
  if ("damage" in evidence) throw noEvidence(evidence);
  const events = await historyOf(evidence);
  if ("damage" in events) throw noEvidence(events);
  const { at, images } = evidence.predicate;
  const database = images[databaseName];
  const builds = [
    ...evidence.predicate.builds,
    ...(database === undefined ? [] : [{ component: databaseName, release: "current", image: database }]),
  ];
  const unknown = flags.component.filter((name) => !builds.some(({ component }) => component === name));
  if (unknown.length > 0)
    throw new UsageError(
      `--component ${unknown.join(" ")}: the run had ${builds.map((one) => one.component).join(", ")}`,
    );
  const { component: wanted } = flags;
  const listed = {
    schema: 1,
    at: new Date(at).toISOString(),
    builds: builds.filter(({ component }) => wanted.length === 0 || wanted.includes(component)),
    ...(flags.policy ? { policy: await policyOf(flags, evidence.predicate.releases.api) } : {}),
  };
  await writeResult(`${JSON.stringify(listed, null, 2)}\n`);
}

/** What a config asks for now, and the schedules that are to be asked for besides. */
async function policyOf({ config: file, database, ...flags }: AttestedFlags, api: string) {
  const settings = await loadSettings(file, database);
  const { scenarios, workers, lacksOf, surroundings } = planOf(settings);
  const lacked = lacksOf(api);
  return policySchema.parse({
    schema: 1,
    cells: [...scenarios.keys()],
    engines: Object.fromEntries(workers.map(({ component, engines }) => [component, engines])),
    scenarios: Object.fromEntries([...scenarios].map(([cell, text]) => [cell, sha256(text)])),
    operations: Object.keys(operations).filter((operation) => !lacked.includes(operation)),
    surroundings,
    ...(await schedulesOf(flags, settings.config)),
    ...(flags.cost ? { cost: { ...usualLoad, budgets: settings.config.cost?.budgets ?? {} } } : {}),
    probe: probeLack(settings.config) === null,
  });
}

/** The schedules that a policy asks for, by what each is to show. */
async function schedulesOf(
  flags: Pick<AttestedFlags, "faults" | "plans" | "kills" | "controls">,
  config: Config,
) {
  const read = (flag: keyof typeof flags) =>
    Promise.all(flags[flag].map((file) => requiredSchedule(`--${flag}`, file, config)));
  const [faults, plans, mutants, controls] = await Promise.all([
    read("faults"),
    read("plans"),
    read("kills"),
    read("controls"),
  ]);
  const killOf = ({ file, digest, schedule }: Read, invariant: string | null) => {
    const { api, workers } = schedule.releases;
    return { file, digest, releases: { api, workers }, invariant };
  };
  return {
    faults: faults.map(({ file, digest, schedule }) => ({
      file,
      digest,
      engines: [...new Set(schedule.workload.jobs.map(({ engine }) => engineLabel(engine)))],
    })),
    plans: plans.map(({ file, digest, schedule }) => {
      const { api, workers } = rollOf(schedule) as Rolled;
      return {
        file,
        digest,
        changes: [
          ...(api === undefined ? [] : ["api" as const]),
          ...generations.filter((one) => workers[one]),
        ],
        needs: generationsOf(schedule),
      };
    }),
    kills: [
      ...mutants.map((one) => {
        if (one.counterexample === null)
          throw new UsageError(`--kills ${one.file}: expected a counterexample, which says what must break`);
        return killOf(one, one.counterexample.expected.invariant);
      }),
      ...controls.map((one) => killOf(one, null)),
    ],
  };
}

type Read = Awaited<ReturnType<typeof requiredSchedule>>;

/** @throws UsageError for a schedule of which no run in containers could ever show anything */
async function requiredSchedule(flag: string, file: string, config: Config) {
  const { schedule, counterexample } = parseRunnable(await readInput(file), file);
  const containers = await rigs.containers();
  const [beyond = null] = beyondIn(containers, schedule, config).values();
  const problem = whyNotFor(flag, schedule) ?? unattested(schedule) ?? beyond;
  if (problem !== null) throw new UsageError(`${flag} ${file}: ${problem}`);
  return { file, digest: scheduleDigest(schedule), schedule, counterexample };
}

/** Plans have version steps and other schedules none, since each is held against the builds that it was run on. */
function whyNotFor(flag: string, schedule: Schedule): string | null {
  if (flag === "--plans") {
    const rolled = rollOf(schedule);
    return typeof rolled === "string" ? rolled : null;
  }
  if (versionStepsOf(schedule).length > 0)
    return "it changes releases on its way: --plans takes such schedules";
  // A mutant may need no fault.
  return flag === "--faults" && schedule.faults.length === 0 ? "it has no fault" : null;
}
