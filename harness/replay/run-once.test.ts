import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Config } from "../config/config.ts";
import { rigs } from "../rigs/index.ts";
import type { OpenOptions, RigKind } from "../rigs/rig.ts";
import type { Run } from "../rigs/run.ts";
import { type Planned, type Schedule, scheduleFormat } from "../schedule/schedule.ts";
import { Secrets } from "../secrets.ts";
import { limits } from "../testing/limits.ts";
import { scenarioOf } from "../testing/scenario.ts";
import { runOnce } from "./run-once.ts";

const planned = (operation: string): Planned => ({
  at: { link: "worker->api", operation, job: 1, occurrence: 1, phase: "before" },
  fault: { kind: "lost" },
});
const scheduleOf = (faults: Planned[], scenario = "web"): Schedule => ({
  format: scheduleFormat,
  workload: { jobs: [{ scenario, engine: "presto" }], workers: 3 },
  releases: { api: "current", workers: {} },
  seed: 1,
  faults,
});
const schedule = scheduleOf([planned("worker.finish")]);
const config = { api: {}, scenarios: [scenarioOf()] } as unknown as Config;

/** A rig that cannot break heartbeats; `run` is what it makes of a schedule. */
function rigWith(run: (schedule: Schedule) => Promise<Run>) {
  const log: string[] = [];
  const kind: RigKind = {
    isDeterministic: false,
    hasOwnTime: false,
    isThreaded: false,
    beyond: ({ at }, asked) =>
      asked === config && at.operation === "worker.heartbeat" ? "there is none here" : null,
    open: async ({ workers, engines }) => {
      log.push(`open for ${workers} workers, ${engines.join()}`);
      return {
        limits,
        folders: ["runs/1"],
        run: async ([one]) => {
          log.push("run");
          return [await run(one as Schedule)];
        },
        [Symbol.asyncDispose]: async () => void log.push("closed"),
      };
    },
  };
  vi.spyOn(rigs, "containers").mockResolvedValue(kind);
  const options: OpenOptions = {
    config,
    secrets: new Secrets(),
    runsFolder: "",
    note: (line) => void log.push(line),
  };
  return { log, once: (one: Schedule) => runOnce("containers", one, options) };
}

beforeEach(() => {
  vi.restoreAllMocks();
});

describe("one schedule", () => {
  test("is run from nothing to its history, and nothing is left running", async () => {
    const ran: Run = { schedule, events: [], unfired: [], reached: [], millis: 7 };
    const { log, once } = rigWith(async () => ran);
    expect(await once(schedule)).toBe(ran);
    expect(log).toEqual([
      "open for 3 workers, presto",
      "run",
      "the schedule is over, its history is in runs/1",
      "closed",
    ]);
  });

  test("that fails leaves nothing running either", async () => {
    const { log, once } = rigWith(() => Promise.reject(new Error("broke")));
    await expect(once(schedule)).rejects.toThrow("broke");
    expect(log).toEqual(["open for 3 workers, presto", "run", "closed"]);
  });

  test("of which the rig cannot break something is not run, and those faults are told", async () => {
    const { log, once } = rigWith(() => Promise.reject(new Error("run")));
    const beyond = scheduleOf([planned("worker.finish"), planned("worker.heartbeat")]);
    expect(await once(beyond)).toEqual({
      schedule: beyond,
      events: [],
      beyond: ["there is none here"],
      unfired: [planned("worker.heartbeat")],
      reached: [],
      millis: 0,
    });
    expect(log).toEqual([]);
  });

  test("with a scenario that the config does not have is refused before anything is started", async () => {
    const { log, once } = rigWith(() => Promise.reject(new Error("run")));
    await expect(once(scheduleOf([], "other"))).rejects.toThrow(
      "the config has no scenario other; it has web",
    );
    expect(log).toEqual([]);
  });
});
