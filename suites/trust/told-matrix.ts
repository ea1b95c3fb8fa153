import { engines } from "../../contracts/job.ts";
import type { AttestedBuild, ExchangeEvent, HistoryEvent, RunEvent } from "../../harness/history/event.ts";
import { judgeHistory } from "../../harness/invariants/judge.ts";
import { type Cell, extentOf, matrixSchedule, planCells } from "../../harness/matrix/cell.ts";
import { judgeCells, type RunResult, summarise } from "../../harness/matrix/result.ts";
import type { MatrixOptions } from "../../harness/matrix/run-matrix.ts";
import { runOnce } from "../../harness/replay/run-once.ts";
import { checkReport } from "../../harness/report/check.ts";
import { firstLife } from "../../harness/rigs/later-life.ts";
import type { Scenario } from "../../harness/schedule/scenario.ts";
import type { Probe, Schedule } from "../../harness/schedule/schedule.ts";

/** A run of the matrix as a history, for tests that tell it otherwise than it went. */

export interface ToldMatrix {
  cells: readonly Cell[];
  events: readonly HistoryEvent[];
}

/** The cells that are wanted, of the current releases. */
export async function toldMatrix(
  wanted: (cell: Cell) => boolean = () => true,
  probe?: Probe,
): Promise<ToldMatrix> {
  // The builds take a second to load, and commands that import this file for the rest of it are called by hundreds.
  const { options } = await import("./mutant-builds.ts");
  return await toldRun({
    ...options,
    api: "current",
    workers: { v5: "current", v6: "current" },
    cells: planCells("current", engines, options.config.scenarios).filter(wanted),
    probe,
  });
}

type Asked = Pick<MatrixOptions, "config" | "secrets" | "api" | "workers" | "cells" | "probe">;

/** What a run in containers is asked for, run in this process; attested as containers attest each worker. */
export async function toldRun({ cells, api, workers, probe, ...given }: Asked): Promise<ToldMatrix> {
  const { workload, ...rest } = matrixSchedule(cells, api, workers, probe);
  const jobs = workload.jobs.map(({ scenario, engine }) => ({ scenario, engine }));
  const schedule = { ...rest, workload: { ...workload, jobs } };
  const { events } = await runOnce("simulated", schedule, { runsFolder: "", note: () => {}, ...given });
  const builds = attestedIn(events, { api, workers });
  return { cells, events: withRun(events, { builds, matrix: extentOf(given.config, api) }) };
}

/** The builds of a run in this process as containers attest them: the workers by what they say of themselves. */
export function attestedIn(
  events: readonly HistoryEvent[],
  { api, workers }: Pick<Schedule["releases"], "api" | "workers">,
): AttestedBuild[] {
  // What a surge brings in comes later.
  const claims = events.filter(isClaim).filter(({ by }) => by === firstLife(by));
  const attested = [...new Set(claims.map(({ by }) => by))].map((component) => {
    const claim = claims.find(({ by }) => by === component)?.request as { version: string };
    const release = workers[component.startsWith("worker-v5") ? "v5" : "v6"] ?? "current";
    return buildOf(component, { digest: claim.version, release });
  });
  return [buildOf("api", { release: api }), ...attested];
}

const isClaim = (event: HistoryEvent): event is HistoryEvent & ExchangeEvent =>
  event.kind === "exchange" && event.operation === "worker.claim" && event.probe === undefined;

export const buildOf = (component: string, more: Partial<AttestedBuild> = {}): AttestedBuild => ({
  component,
  release: "current",
  digest: `digest of ${component}`,
  image: null,
  ...more,
});

export const runOf = (events: readonly HistoryEvent[]): RunEvent =>
  events.find((event) => event.kind === "run") as HistoryEvent & RunEvent;

export const withRun = (events: readonly HistoryEvent[], more: Partial<RunEvent>): HistoryEvent[] =>
  events.map((event) => (event.kind === "run" ? { ...event, ...more } : event));

/** The same with every exchange changed, or left out by null. */
export const withExchanges = (
  { cells, events }: ToldMatrix,
  change: (exchange: HistoryEvent & ExchangeEvent) => ExchangeEvent | null,
): ToldMatrix => ({
  cells,
  events: events.flatMap((event, seq): HistoryEvent[] => {
    if (event.kind !== "exchange") return [event];
    const changed = change(event);
    return changed === null ? [] : [{ seq, at: event.at, ...changed }];
  }),
});

/** The id of a cell's job. */
export function jobOf({ cells, events }: ToldMatrix, path: string): string {
  const number = cells.findIndex((cell) => cell.path === path) + 1;
  const final = events.find((event) => event.kind === "final" && event.number === number);
  if (final?.kind !== "final" || final.job === null) throw new Error(`${path} has no job`);
  return final.job;
}

export const isRefused = ({ ending }: Scenario): boolean => ending === "refused";

/** What a run with this history comes to; `interlock check` of it says the same. */
export function judged({ cells, events }: ToldMatrix): RunResult & { checked: string } {
  const result = summarise({
    runId: "told",
    api: "current",
    folder: "told",
    startedAt: "2015-08-24T14:44:00.000Z",
    millis: 1,
    identities: runOf(events).builds.map((build) => ({ ...build, probe: "told" })),
    ...judgeCells(cells, events),
  });
  const { verdict } = checkReport({ file: "told", events, judgement: judgeHistory(events), unfired: [] });
  return { ...result, checked: verdict };
}
