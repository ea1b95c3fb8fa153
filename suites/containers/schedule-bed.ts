import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect } from "vitest";
import type { Engine, Generation } from "../../contracts/job.ts";
import { loadConfig } from "../../harness/config/load-config.ts";
import type { ExchangeEvent, FinalEvent, HistoryEvent } from "../../harness/history/event.ts";
import { openScheduleRig } from "../../harness/rigs/containers/system/open-schedule-rig.ts";
import type { ScheduleRig } from "../../harness/rigs/containers/system/schedule-rig.ts";
import type { Planned, Schedule, Site, StatementKind, VersionStep } from "../../harness/schedule/schedule.ts";
import { Secrets } from "../../harness/secrets.ts";
import { inEngine, removeFromEngine } from "./leftovers.ts";

/** A rig for schedules that a test file shares; when it is left, nothing of it may remain. */
export interface Bed {
  rig: ScheduleRig;
  run: string;
  leave: () => Promise<void>;
}

const root = resolve(import.meta.dirname, "../..");
export const releases = { api: "current", workers: { v5: "current", v6: "current" } };

export async function makeBed(
  generations: readonly Generation[],
  workers: number,
  steps: readonly VersionStep[] = [],
): Promise<Bed> {
  const secrets = new Secrets();
  const config = await loadConfig(join(root, "interlock.config.ts"), secrets);
  const { redact } = secrets;
  const { signal } = new AbortController();
  const runsFolder = join(root, ".interlock/runs");
  const wish = { config, releases, generations, workers, steps, runsFolder, redact, signal };
  const open = await openScheduleRig(wish);
  const { rig, run, folder } = open;
  const leave = async () => {
    await open[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
    const left = await inEngine(run);
    await removeFromEngine(run);
    expect(left).toEqual([]);
  };
  return { rig, run, leave };
}

/** One job and what goes wrong with it. */
export const scheduleOf = (
  engine: Engine,
  statement: StatementKind,
  workers: number,
  faults: readonly Planned[] = [],
): Schedule => ({
  format: 1,
  workload: { jobs: [{ engine, statement }], workers },
  releases,
  seed: 1,
  faults: [...faults],
});

/** A place as it is written in tests: `after worker.finish 1 on worker->api`, of job 1 or of none. */
export const site = (
  phase: Site["phase"],
  operation: string,
  link: Site["link"],
  job: number | null = 1,
  occurrence = 1,
): Site => ({ link, operation, job, occurrence, phase });

export const exchangesOf = (
  events: readonly HistoryEvent[],
  operation: string,
): (HistoryEvent & ExchangeEvent)[] =>
  events.flatMap((event) => (event.kind === "exchange" && event.operation === operation ? [event] : []));

export const finalOf = (events: readonly HistoryEvent[]): FinalEvent => {
  const final = events.find((event) => event.kind === "final");
  if (final?.kind !== "final") throw new Error("the history has no final look");
  return final;
};
