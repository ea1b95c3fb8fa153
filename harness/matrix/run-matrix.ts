import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Engine, Generation } from "../../contracts/job.ts";
import type { Config } from "../config/config.ts";
import { probeLack } from "../config/probe-lack.ts";
import { asOne, UsageError } from "../errors.ts";
import type { HistoryEvent } from "../history/event.ts";
import { keepSeen } from "../history/write.ts";
import { runSchedule } from "../rigs/containers/schedule/run-schedule.ts";
import { openRig } from "../rigs/containers/system/open-rig.ts";
import { needsOf } from "../rigs/needs.ts";
import { resultFile } from "../run-files.ts";
import type { Probe } from "../schedule/schedule.ts";
import type { Secrets } from "../secrets.ts";
import { withoutAccounts } from "../url-accounts.ts";
import { type Cell, extentOf, matrixSchedule } from "./cell.ts";
import { judgeCells, type RunResult, summarise } from "./result.ts";

/** What a run tells while it goes on. */
export interface Progress {
  phase: (line: string) => void;
  ready: (component: string) => void;
  ended: (done: number, all: number) => void;
}

export interface MatrixOptions {
  config: Config;
  secrets: Secrets;
  /** API release. */
  api: string;
  /** The database's name in the config; undefined where that names none. */
  database: string | undefined;
  /** Releases of the workers, by generation. */
  workers: Record<Generation, string>;
  cells: readonly Cell[];
  /** The engines whose workers run; those of the cells, and of a shard those of all shards, which run on one system. */
  engines: readonly Engine[];
  /** What the probe asks about with a part of the matrix; the whole has all of it in any case. */
  probe: Probe | undefined;
  runsFolder: string;
  progress: Progress;
  signal: AbortSignal;
  now: () => number;
}

/** A run that is over and written down, for whoever attests or reports it. */
export interface Ran {
  events: readonly HistoryEvent[];
  result: RunResult;
  /** The image of each component that is a container, by content. */
  images: ReadonlyMap<string, string>;
}

/** The whole procedure: a schedule without faults of which every job is a cell; run, judged, written down. */
export async function runMatrix(options: MatrixOptions, attest: (ran: Ran) => Promise<void>): Promise<Ran> {
  const { config, secrets, api, database, cells, engines, runsFolder, progress, signal, now } = options;
  const started = now();
  const matrix = extentOf(config, api);
  // A part of the matrix is about its cells alone, unless more is asked for.
  const lack = probeLack(config);
  if (options.probe !== undefined && lack !== null) throw new UsageError(`--probe: ${lack}`);
  const probe = options.probe ?? (cells.length === matrix.cells && lack === null ? true : undefined);
  const schedule = matrixSchedule(cells, api, options.workers, probe);
  progress.phase(`${cells.length} of ${matrix.cells} cells on API ${api}`);
  const { redact } = secrets;
  const needs = needsOf(schedule, config);
  try {
    await using rig = await openRig({
      ...needs,
      engines: [...engines],
      config,
      runsFolder,
      redact,
      signal,
      onReady: progress.ready,
      onPhase: progress.phase,
    });
    progress.phase(
      `every component ready and attested; issuing the jobs, to look at each again ${config.limits.ageMs / 1000} s after its end`,
    );
    const { ageMs } = config.limits;
    const { folder } = rig;
    const { events } = await keepSeen({ folder, secrets }, async (kept) => {
      const given = { ageMs, matrix, onEnded: progress.ended, ...kept };
      const { run } = await runSchedule(rig, schedule, given);
      progress.phase(`all was looked at; writing down ${run.events.length} events`);
      return run;
    });
    progress.phase("judging them");
    const judged = judgeCells(cells, events);
    const { timeScale } = rig.clockwork;
    const result = summarise({
      runId: rig.run,
      api,
      ...(database === undefined ? {} : { database }),
      folder: rig.folder,
      startedAt: new Date(started).toISOString(),
      millis: now() - started,
      identities: rig.identities,
      ...judged,
      cells: judged.cells.map((cell) => ({ ...cell, millis: cell.millis * timeScale })),
    });
    const text = withoutAccounts(redact(JSON.stringify(result, null, 2)));
    await writeFile(join(rig.folder, resultFile), `${text}\n`, { mode: 0o600 });
    const ran = { events, result, images: rig.images };
    await attest(ran);
    progress.phase("removing the system");
    return ran;
  } catch (error) {
    throw asOne(error);
  }
}
