import type { Config } from "../config/config.ts";
import { scenariosOn } from "../config/lacks.ts";
import { troubleOf, UsageError } from "../errors.ts";
import { chooseBases, type Exploration, explore, noWorkload } from "../explore/explore.ts";
import { KeptFindings } from "../explore/kept-findings.ts";
import { exploreOneEach, type OneEachOptions } from "../explore/one-each.ts";
import type { Found } from "../explore/tally.ts";
import { Threads } from "../explore/threads.ts";
import { type Base, basesOf, usualScenarios } from "../explore/workloads.ts";
import { commandTo } from "../installation.ts";
import { enginesIn } from "../matrix/cell.ts";
import { parseShard, type Shard } from "../matrix/shards.ts";
import { defaultFile, writeCounterexample } from "../replay/counterexample.ts";
import { explorationReport, type Smallest } from "../report/exploration.ts";
import type { LiveProgress } from "../report/live/progress.ts";
import { beyondIn } from "../rigs/beyond.ts";
import { type RigName, rigs } from "../rigs/index.ts";
import { type Needs, needsOf } from "../rigs/needs.ts";
import type { OpenOptions, OpenRig } from "../rigs/rig.ts";
import type { RunSchedules } from "../rigs/run.ts";
import type { Scenario } from "../schedule/scenario.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { shrink } from "../shrink/shrink.ts";
import { shrunkCounterexample } from "../shrink/shrunk-counterexample.ts";
import { isPart } from "./shared/chosen.ts";
import { openConfig } from "./shared/config.ts";
import { runsFolder } from "./shared/defaults.ts";
import { grep } from "./shared/grep.ts";
import { onRig } from "./shared/on-rig.ts";
import { openProgress } from "./shared/output.ts";
import { mustHave, mustHaveCode } from "./shared/releases.ts";
import { type ReportFlags, writeReports } from "./shared/reports.ts";

interface ExploreFlags extends ReportFlags {
  config: string;
  rig: RigName;
  api?: string;
  cell: string[];
  grep?: string;
  seed: number;
  random?: number;
  grid?: boolean;
  pairs?: string;
  minutes: number;
}

/** All pairs are too many for real HTTP handling, which takes a sample instead. */
const scope: Partial<Record<RigName, { pairs: boolean; random: number }>> = {
  simulated: { pairs: true, random: 0 },
  wire: { pairs: false, random: 300 },
};

/** As many as two cores carry: most of a schedule's time in containers is waiting. */
const rigsAtOnce = 2;

/** Every single fault, or one of each step and kind where time is real, and what else the rig or the flags ask for. */
export async function action(_: string[], flags: ExploreFlags): Promise<void> {
  const part = flags.pairs === undefined ? undefined : parseShard(flags.pairs, "--pairs");
  if (part !== undefined && scope[flags.rig]?.pairs !== true)
    throw new UsageError(`--pairs ${flags.pairs}: the rig ${flags.rig} explores no pairs`);
  const { config, secrets } = await openConfig(flags.config);
  const api = flags.api ?? config.current;
  if (flags.rig === "containers") mustHave(config, { api });
  else await mustHaveCode(config, { api });
  const releases = { api, workers: { v5: config.current, v6: config.current } };
  const possible = await possibleOn(flags.rig, config, api);
  const scenarios = isPart(flags) ? possible : usualScenarios(possible);
  const all = basesOf(enginesIn(config), scenarios, releases, flags.seed);
  const named = chooseBases(all, flags.cell);
  const bases = grep(named, flags.grep, (asked) => noWorkload(named, asked));
  const title = `explore on ${flags.rig}, API ${api}`;
  await writeReports({ flags, file: flags.config, title, redact: secrets.redact }, async () => {
    using progress = openProgress();
    const kind = await rigs[flags.rig]();
    const needs = needsOf(together(bases), config);
    const options = { config, secrets, runsFolder, note: progress.phase, sideBySide: rigsAtOnce };
    const judge = async (open: OpenRig) => {
      const budget = kind.isThreaded ? null : timeBudget(flags.minutes * 60_000, progress);
      const kept = new KeptFindings(progress.remark);
      const exploration = await explored(open, bases, {
        flags,
        part,
        needs,
        options,
        progress,
        releases,
        kept,
      });
      const first = await saveFirst(open, exploration.tally.found[0], progress.phase, budget);
      const smallest = first === null ? [] : [`${first.invariant} ${first.form}: ${first.repeat}`];
      return explorationReport(exploration, [...smallest, ...kept.linesBut(first?.invariant)], first);
    };
    return await onRig(() => kind.open(needs, options), judge, progress.phase);
  });
}

/** What the API can be asked for, and the rig has the time for. */
async function possibleOn(rig: RigName, config: Config, api: string): Promise<Scenario[]> {
  const { hasOwnTime } = await rigs[rig]();
  return scenariosOn(config, [api]).filter(({ due }) => hasOwnTime || !due);
}

interface Given {
  flags: ExploreFlags;
  part: Shard | undefined;
  needs: Needs;
  options: OpenOptions;
  progress: LiveProgress;
  releases: Base["base"]["releases"];
  kept: KeptFindings;
}

async function explored(
  open: OpenRig,
  bases: readonly Base[],
  { flags, part, needs, options: { config }, progress, releases, kept }: Given,
): Promise<Exploration> {
  const { rig, seed, minutes } = flags;
  const kind = await rigs[rig]();
  const possible = await possibleOn(rig, config, releases.api);
  const usual = usualScenarios(possible);
  const others = config.scenarios.length - usual.length;
  const isWhole = !isPart(flags);
  const common = {
    rig,
    releases,
    seed,
    isWhole,
    leftOut:
      isWhole && others > 0
        ? [`${others} of ${config.scenarios.length} scenarios, but for takeovers; --cell picks any of them`]
        : [],
    onLine: progress.phase,
    onProgress: progress.share,
    now: () => performance.now(),
  };
  if (!kind.isThreaded) {
    const isBeyond = (schedule: Schedule) => beyondIn(kind, schedule, config).size > 0;
    const onFound: OneEachOptions["onFound"] = (run, broken) => kept.keep(run, broken);
    return exploreOneEach(open.run, bases, { ...common, minutes, isBeyond, atOnce: rigsAtOnce, onFound });
  }
  await using threads = new Threads({ config: flags.config, needs, rig });
  const { pairs = false, random = 0 } = scope[rig] ?? {};
  // Awaited here, or the threads would be disposed of while they are at work.
  return await explore(open.run, threads, bases, {
    ...common,
    pairs,
    part,
    random: flags.random ?? random,
    others: isWhole
      ? basesOf(
          enginesIn(config),
          possible.filter((scenario) => !usual.includes(scenario)),
          releases,
          seed,
        )
      : [],
    grid: flags.grid ?? false,
  });
}

interface Budget {
  hasTime: () => boolean;
  /** Tells with each schedule how much time is left. */
  shown: (run: RunSchedules) => RunSchedules;
}

/** Begins now. */
function timeBudget(limitMs: number, { share }: LiveProgress): Budget {
  const began = performance.now();
  const leftMs = () => Math.max(0, limitMs - (performance.now() - began));
  return {
    hasTime: () => leftMs() > 0,
    shown: (run) => (schedules) => {
      share(limitMs - leftMs(), limitMs, leftMs() / 1000);
      return run(schedules);
    },
  };
}

/** One schedule with the jobs of all, which needs what they need. */
const together = (bases: readonly Base[]): Base["base"] => {
  const [first] = bases as [Base, ...Base[]];
  const jobs = bases.flatMap(({ base }) => base.workload.jobs);
  return { ...first.base, workload: { ...first.base.workload, jobs } };
};

/**
 * Makes the first finding as small as it can be and keeps it in a file that can be replayed; null where there is none, or
 * where the rig fails meanwhile.
 *
 * @param budget where a schedule takes seconds: of its own faults some are left out, since a sweep would take hours
 */
async function saveFirst(
  open: OpenRig,
  found: Found | undefined,
  note: (line: string) => void,
  budget: Budget | null,
): Promise<Smallest | null> {
  const broken = found?.broken[0];
  if (found === undefined || broken === undefined) return null;
  const { invariant } = broken;
  try {
    note(`making what breaks ${invariant} smaller`);
    const run = budget?.shown(open.run) ?? open.run;
    const [whole] = await run([found.schedule]);
    const bounds = budget === null ? {} : { lookup: null, hasTime: budget.hasTime };
    const shrunk = await shrink(run, found.schedule, invariant, { note, ...bounds });
    if (whole === undefined || shrunk === null) return null;
    const counterexample = shrunkCounterexample(shrunk, found.schedule.faults.length);
    const file = defaultFile(counterexample);
    await writeCounterexample(counterexample, file);
    const form = budget?.hasTime() === false ? "as small as the time allowed" : "in its smallest form";
    return { invariant, found: whole, smallest: shrunk.run, form, repeat: commandTo("replay", file) };
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble === null) throw error;
    note(`${invariant} was not made smaller: ${trouble.message}`);
    return null;
  }
}
