import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect } from "vitest";
import { type Engine, engines, type Generation, generationOf } from "../../contracts/job.ts";
import type { Config } from "../../harness/config/config.ts";
import { loadConfig } from "../../harness/config/load-config.ts";
import { baseSchedule } from "../../harness/explore/workloads.ts";
import type { ExchangeEvent, FinalEvent, HistoryEvent } from "../../harness/history/event.ts";
import { ReusedRig } from "../../harness/rigs/containers/schedule/reuse.ts";
import { type ContainersRig, openRig } from "../../harness/rigs/containers/system/open-rig.ts";
import type { ProcessHandle } from "../../harness/rigs/containers/system/process-handle.ts";
import type { RunningProcess } from "../../harness/rigs/containers/system/running-process.ts";
import type { Run } from "../../harness/rigs/run.ts";
import type { Planned, Schedule, Site, VersionStep } from "../../harness/schedule/schedule.ts";
import { Secrets } from "../../harness/secrets.ts";
import { inEngine, removeFromEngine } from "./leftovers.ts";

/** A rig for schedules that a test file shares; when it is left, nothing of it may remain. */
export interface Bed {
  rig: ContainersRig;
  reused: ReusedRig;
  /** Runs one schedule after the other. */
  run: (schedule: Schedule) => Promise<Run>;
  leave: () => Promise<void>;
}

const root = resolve(import.meta.dirname, "../..");
export const releases = { api: "current", workers: { v5: "current", v6: "current" } };

/** The scenarios that schedules of these tests name: one of each kind of statement that ends by itself. */
export const scenarios = ["web", "insert-into", "create-table"] as const;
export type ScenarioName = (typeof scenarios)[number];

export async function makeBed(
  generations: readonly Generation[],
  workers: number,
  steps: readonly VersionStep[] = [],
  begun: Schedule["releases"] = releases,
  change: (config: Config) => Config = (config) => config,
): Promise<Bed> {
  const secrets = new Secrets();
  const rig = await openRig({
    config: change(await loadConfig(join(root, "interlock.config.ts"), secrets)),
    releases: begun,
    engines: engines.filter((engine) => generations.includes(generationOf(engine))),
    destinations: ["web"],
    steps,
    workers,
    runsFolder: join(root, ".interlock/runs"),
    redact: secrets.redact,
    onPhase: () => {},
    signal: new AbortController().signal,
  });
  const reused = new ReusedRig(rig);
  const leave = async () => {
    await rig[Symbol.asyncDispose]();
    await rm(rig.folder, { recursive: true });
    const left = await inEngine(rig.run);
    await removeFromEngine(rig.run);
    expect(left).toEqual([]);
  };
  return { rig, reused, run: (schedule) => reused.run(schedule), leave };
}

/** The process of a rig's container. */
export function handleOf({ name, handle }: RunningProcess): ProcessHandle {
  if (handle === null) throw new Error(`${name} runs in no container of the rig`);
  return handle;
}

/** One job and what goes wrong with it. */
export const scheduleOf = (
  engine: Engine,
  scenario: ScenarioName,
  workers: number,
  faults: readonly Planned[] = [],
): Schedule => ({
  ...baseSchedule(engine, scenario, releases, 1),
  workload: { jobs: [{ scenario, engine }], workers },
  faults: [...faults],
});

/** A site as it is written in tests: `after worker.finish 1 on worker->api`, of job 1 or of none. */
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
