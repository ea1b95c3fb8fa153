import { availableParallelism } from "node:os";
import { generations } from "../../contracts/job.ts";
import { causalityOf, type MeasureOptions } from "../causality/measure.ts";
import type { Causality } from "../causality/strip.ts";
import type { Config } from "../config/config.ts";
import { UsageError } from "../errors.ts";
import { scheduleDigest } from "../evidence/schedule-digest.ts";
import { commandTo } from "../installation.ts";
import { allBroken } from "../invariants/judge.ts";
import { type Counterexample, parseRunnable } from "../replay/counterexample.ts";
import { judgeReplay, type Replay } from "../replay/replay.ts";
import { replayReport, stoppedReport, unreachedReport } from "../report/replay.ts";
import type { RigName } from "../rigs/index.ts";
import type { Schedule } from "../schedule/schedule.ts";
import type { Secrets } from "../secrets.ts";
import { type Rolled, rolledFrom, rollOf } from "../skew/roll.ts";
import { placeIn } from "../up/place.ts";
import { evidenceKey, keeping, Plans } from "./run-plan.ts";
import { openConfig } from "./shared/config.ts";
import { runsFolder } from "./shared/defaults.ts";
import { inContainers, leftAlone } from "./shared/in-containers.ts";
import { readInput } from "./shared/input.ts";
import { openProgress } from "./shared/output.ts";
import { mustHave, mustHaveCode, releasesIn, workersIn } from "./shared/releases.ts";
import { type ReportFlags, writeReports } from "./shared/reports.ts";

interface ReplayFlags extends ReportFlags {
  config: string;
  rig: RigName;
  database?: string;
  until?: string;
  causality?: true;
  api?: string;
  worker: string[];
  to: string[];
  digest?: string;
  sign?: string;
  attempt: number;
}

/** Runs a counterexample or a schedule from a file. */
export async function action([file = ""]: string[], flags: ReplayFlags): Promise<void> {
  const { schedule, counterexample } = askedOf(parseRunnable(await readInput(file), file), file, flags);
  const { config, secrets } = await openConfig(flags.config, flags.database);
  const { rig, until } = flags;
  await mustHaveAsked(config, flags);
  if (flags.database !== undefined && rig !== "containers")
    throw new UsageError(
      `--database: what runs on the ${rig} rig has no server of a database; --rig containers has`,
    );
  if (flags.causality && rig !== "simulated")
    throw new UsageError(
      `--causality: a run on the ${rig} rig cannot go on from one event in a hundred ways; leave --rig out`,
    );
  if (until !== undefined)
    return replayUntilThere({ file, schedule, counterexample, config, secrets, until, flags });
  const keep = await keeping(rig, flags, await evidenceKey(flags));
  await writeReports({ flags, file, title: `replay ${file} on ${rig}`, redact: secrets.redact }, async () => {
    using progress = openProgress();
    const options = { config, secrets, runsFolder, note: progress.phase };
    const { run, beside } = await new Plans(rig, options, keep).run(schedule);
    const replay = judgeReplay(counterexample, rig, run, beside);
    const command = repeatCommand(file, flags);
    const causality = flags.causality
      ? await causalityIn(replay, schedule, { config, configFile: flags.config, note: progress.phase })
      : undefined;
    return replayReport({ file, schedule, events: run.events, replay, command, causality });
  });
}

/** Of what was foretold where it has broken again, else of the first that broke; null where nothing did. */
async function causalityIn(
  replay: Replay,
  schedule: Schedule,
  { note, ...options }: Omit<MeasureOptions, "threads"> & { note: (line: string) => void },
): Promise<Causality | null> {
  const [first] = allBroken(replay);
  const wanted = replay.outcome === "repeated" ? replay.expected : (first ?? null);
  if (wanted === null || replay.verdict !== "violation") return null;
  note("it goes on at random from each event");
  const threads = availableParallelism() - 1;
  const { invariant, job } = wanted;
  return await causalityOf(schedule, { invariant, job }, { ...options, threads });
}

/** Of the releases that the flags name: what the file names is told by the rig. */
async function mustHaveAsked(config: Config, { rig, api, worker, to }: ReplayFlags): Promise<void> {
  const begins = { ...(api === undefined ? {} : { api }), ...workersIn(worker, {}) };
  const leads = releasesIn(to, ["api", ...generations], "--to");
  if (rig !== "containers") {
    await mustHaveCode(config, begins);
    return await mustHaveCode(config, leads, "--to");
  }
  mustHave(config, begins);
  mustHave(config, leads, "--to");
}

type Runnable = ReturnType<typeof parseRunnable>;

/** What a file holds, on the releases that the flags name: nothing is foretold of others than its own. */
function askedOf({ schedule, counterexample }: Runnable, file: string, flags: ReplayFlags): Runnable {
  const { api, worker, to, digest } = flags;
  const own = scheduleDigest(schedule);
  if (digest !== undefined && digest !== own)
    throw new UsageError(
      `${file}: holds another schedule than the one asked for: expected ${digest}, got ${own}\n  next: take the file that was asked for, or ask with its own digest`,
    );
  if (api === undefined && worker.length === 0 && to.length === 0) return { schedule, counterexample };
  const { releases } = schedule;
  const workers = workersIn(worker, releases.workers);
  const beside = releases.beside?.map((one) => (one === releases.api ? (api ?? one) : one));
  const begins = { api: api ?? releases.api, ...(beside === undefined ? {} : { beside }), workers };
  return { schedule: rolledFrom(schedule, begins, leadsTo(to, schedule, file)), counterexample: null };
}

/** The releases that its version steps are to lead to in the place of its own. */
function leadsTo(to: readonly string[], schedule: Schedule, file: string): Rolled {
  const own = rollOf(schedule);
  if (to.length === 0) return typeof own === "string" ? { workers: {} } : own;
  if (typeof own === "string") throw new UsageError(`--to: ${file}: ${own}`);
  const { api, ...workers } = releasesIn(to, ["api", ...generations], "--to");
  const idle = [
    ...(api !== undefined && own.api === undefined ? ["api"] : []),
    ...generations.filter((one) => workers[one] !== undefined && own.workers[one] === undefined),
  ];
  if (idle.length > 0) throw new UsageError(`--to ${idle.join(" ")}: no step of ${file} changes that`);
  return { api: api ?? own.api, workers: { ...own.workers, ...workers } };
}

interface Asked {
  file: string;
  schedule: Schedule;
  counterexample: Counterexample | null;
  config: Config;
  secrets: Secrets;
  until: string;
  flags: ReplayFlags;
}

/** Runs it in containers until it comes to a place in its history, where it stands still until Ctrl-C. */
async function replayUntilThere(asked: Asked): Promise<void> {
  const { file, schedule, counterexample, config, secrets, until, flags } = asked;
  const { rig } = flags;
  if (rig !== "containers")
    throw new UsageError(
      `--until: what runs on the ${rig} rig has no address to be reached at; --rig containers has`,
    );
  const isAt = placeIn(until, schedule);
  await writeReports(
    { flags, file, title: `replay ${file} until ${until}`, redact: secrets.redact },
    async () => {
      const {
        run,
        isStopped,
        file: history,
      } = await inContainers(async (given) => {
        const words = { open: `it stands still at ${until}`, closing: "removing what was started" };
        const during = leftAlone(flags, given.progress, words);
        // It needs an engine and a database's driver; a replay that goes to its end may need neither.
        const { replayUntil } = await import("../up/replay-until.ts");
        return replayUntil(schedule, { ...given, config, secrets, isAt, during });
      });
      if (isStopped) return stoppedReport(until, history, { file, schedule });
      const replay = judgeReplay(counterexample, rig, run);
      const command = repeatCommand(file, flags);
      return unreachedReport(until, replayReport({ file, schedule, events: run.events, replay, command }));
    },
  );
}

const repeatCommand = (file: string, flags: ReplayFlags): string => {
  const { rig, api, worker, to, causality } = flags;
  return commandTo(
    "replay",
    file,
    "--rig",
    rig,
    ...(causality ? ["--causality"] : []),
    ...(api === undefined ? [] : ["--api", api]),
    ...worker.flatMap((one) => ["--worker", one]),
    ...to.flatMap((one) => ["--to", one]),
  );
};
