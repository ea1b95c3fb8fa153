import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Cell, type CellResult, planCells, selectCells, unmatchedPatterns } from "./cells/cell.ts";
import { type Driven, drive } from "./cells/drive.ts";
import { loadSources } from "./cells/load-sources.ts";
import { observe } from "./cells/observe.ts";
import { tellStory } from "./cells/story.ts";
import type { CellFacts } from "./checks/check.ts";
import { judge, triggerCounts } from "./checks/judge.ts";
import type { Config } from "./config/config.ts";
import { asOne, InfrastructureError, reasonOf, UsageError } from "./errors.ts";
import { Recorder } from "./history/recorder.ts";
import { looseMismatches, type RunResult, summarise } from "./result.ts";
import { ownerOf } from "./rigs/containers/docker/owner.ts";
import { type Rig, startRig } from "./rigs/containers/system/rig.ts";
import type { Secrets } from "./secrets.ts";

/** What a run tells while it goes on. */
export interface Progress {
  phase: (line: string) => void;
  ready: (component: string) => void;
  ended: (cell: Cell, done: number, all: number) => void;
}

export interface RunWish {
  config: Config;
  secrets: Secrets;
  /** API release. */
  api: string;
  cells: readonly Cell[];
  runsFolder: string;
  runId: string;
  progress: Progress;
  signal: AbortSignal;
  now: () => number;
}

/** How many jobs of one engine are under way at once. */
const jobsAtOnce = 3;

/** The whole procedure: plan the cells, bring up a system, issue the jobs, look when all is quiet, judge, write down. */
export async function runMatrix(wish: RunWish): Promise<RunResult> {
  const { config, secrets, api, cells, progress, signal, now } = wish;
  const folder = join(wish.runsFolder, wish.runId);
  await mkdir(join(folder, "logs"), { recursive: true });
  const started = now();
  const recorder = new Recorder(join(folder, "history.jsonl"), { id: wish.runId, api }, secrets.redact, now);
  progress.phase(`${cells.length} cells on API ${api}`);
  const over = new AbortController();
  try {
    await using rig = await startRig({
      config,
      release: api,
      owner: ownerOf(wish.runId),
      folder,
      redact: secrets.redact,
      recorder,
      onReady: progress.ready,
      signal,
    });
    const work = tryCells({ ...wish, signal: over.signal }, rig, recorder);
    work.catch(() => {});
    // Ahead of the rig's own end: no job is followed while the system is being removed.
    using _ = { [Symbol.dispose]: () => over.abort() };
    const { results, facts } = await Promise.race([work, rig.trouble]);
    const result = summarise({
      runId: wish.runId,
      api,
      folder,
      startedAt: new Date(started).toISOString(),
      millis: now() - started,
      identities: rig.identities,
      cells: results,
      triggers: triggerCounts(facts),
      loose: looseMismatches(recorder.events, new Set(results.map(({ job }) => job))),
    });
    progress.phase("removing the system");
    await writeFile(join(folder, "result.json"), `${secrets.redact(JSON.stringify(result, null, 2))}\n`);
    return result;
  } catch (error) {
    throw asOne(error);
  } finally {
    await recorder.close();
  }
}

/** The cells of one API release that the patterns choose; all of them where there are none. */
export function plan(config: Config, api: string, patterns: readonly string[]): Cell[] {
  if (!Object.hasOwn(config.api, api)) {
    throw new UsageError(`no API release ${api} in the config; it has ${Object.keys(config.api).join(", ")}`);
  }
  const engines = [...new Set(Object.values(config.workers).flatMap((worker) => worker.engines))];
  const all = planCells(api, engines, config.scenarios);
  const unmatched = unmatchedPatterns(all, patterns);
  if (unmatched.length > 0) {
    throw new UsageError(`no cell matches ${unmatched.join(", ")}; \`interlock cells\` lists them all`);
  }
  return selectCells(all, patterns);
}

interface Tried {
  cell: Cell;
  driven: Driven | null;
  /** Why it could not be tried. */
  reason: string | null;
  millis: number;
}

async function tryCells(wish: RunWish, rig: Rig, recorder: Recorder) {
  const { config, cells, progress, signal, now, secrets } = wish;
  await loadSources(cells, config, rig).catch((error: unknown) => {
    throw notLoaded(error);
  });
  progress.phase("every component ready and attested; issuing the jobs");
  const tried: Tried[] = [];
  const tryOne = async (cell: Cell): Promise<void> => {
    const began = now();
    const attempt = await drive(cell, config, rig, signal).then(
      (driven) => ({ driven, reason: null }),
      (error: unknown) => ({ driven: null, reason: secrets.redact(reasonOf(error)) }),
    );
    tried.push({ cell, ...attempt, millis: now() - began });
    if (!signal.aborted) progress.ended(cell, tried.length, cells.length);
  };
  const engines = [...new Set(cells.map(({ engine }) => engine))];
  await Promise.all(
    engines.flatMap((engine) => {
      const queue = cells.filter((cell) => cell.engine === engine);
      return Array.from({ length: jobsAtOnce }, async () => {
        for (let cell = queue.shift(); cell !== undefined; cell = queue.shift()) await tryOne(cell);
      });
    }),
  );
  const facts: CellFacts[] = [];
  const results: CellResult[] = [];
  for (const one of tried.sort((a, b) => a.cell.index - b.cell.index)) {
    const { result, fact } = await conclude(one, config, rig, recorder);
    results.push(result);
    if (fact !== null) facts.push(fact);
  }
  return { results, facts };
}

const notLoaded = (error: unknown) =>
  new InfrastructureError(
    {
      component: "mysql",
      expected: "its warehouse to take the tables that the scenarios read",
      happened: reasonOf(error),
      next: "the loader needs SELECT, INSERT, CREATE and DROP, and a server named by url a warehouse without these tables",
    },
    error,
  );

async function conclude(
  { cell, driven, reason, millis }: Tried,
  config: Config,
  rig: Rig,
  recorder: Recorder,
) {
  const head = { path: cell.path, millis, job: driven?.job ?? null };
  const infrastructure = (why: string) => ({
    result: { ...head, verdict: "infrastructure" as const, violations: [], reason: why, story: [] },
    fact: null,
  });
  if (driven === null) return infrastructure(reason ?? "it was not tried");
  let fact: CellFacts;
  try {
    fact = await observe(cell, driven, config, rig, recorder.events);
  } catch (error) {
    return infrastructure(`the oracle could not look: ${reasonOf(error)}`);
  }
  const violations = judge(fact);
  const story = violations.length === 0 ? [] : tellStory(driven.job, fact, recorder.events);
  const verdict = violations.length === 0 ? ("pass" as const) : ("violation" as const);
  return { result: { ...head, verdict, violations, story }, fact };
}
