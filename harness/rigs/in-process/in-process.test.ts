import { describe, expect, test } from "vitest";
import type { InProcessSystem } from "../../../contracts/in-process.ts";
import type { Config } from "../../config/config.ts";
import { UsageError } from "../../errors.ts";
import { type Schedule, scheduleFormat, type WorkloadJob } from "../../schedule/schedule.ts";
import { Secrets } from "../../secrets.ts";
import { limits } from "../../testing/limits.ts";
import { scenarioOf } from "../../testing/scenario.ts";
import { needsOf } from "../needs.ts";
import { inProcess } from "./in-process.ts";
import { direct } from "./transport.ts";

const scheduleOf = (...customers: WorkloadJob["customer"][]): Schedule => ({
  format: scheduleFormat,
  workload: {
    jobs: customers.map((customer) => ({
      scenario: "web",
      engine: "presto",
      ...(customer === undefined ? {} : { customer }),
    })),
    workers: 1,
  },
  releases: { api: "current", workers: {} },
  seed: 1,
  faults: [],
});

/** A rig over a system that must not be started. */
async function openRig() {
  const log: string[] = [];
  const createState = () => {
    throw new Error("started");
  };
  const system = { limits, createState } as unknown as InProcessSystem;
  const load = async () => ({ mutants: [], system: () => system });
  const config = { current: "current", api: {}, workers: {}, scenarios: [scenarioOf()] };
  const kind = inProcess("wire", () => ({ ...direct, [Symbol.dispose]: () => void log.push("closed") }));
  const rig = await kind.open(needsOf(scheduleOf(undefined), config), {
    config: { ...config, inProcess: { images: "all", load } } as unknown as Config,
    secrets: new Secrets(),
    runsFolder: "",
    note: () => {},
  });
  return { rig, log };
}

describe("a rig in process", () => {
  test("plays no real client under its name, and says where it runs", async () => {
    const { rig } = await openRig();
    const running = (async () => rig.run([scheduleOf("script"), scheduleOf(undefined, "td")]))();
    await expect(running).rejects.toThrow(
      new UsageError(
        "workload.jobs[1].customer: td needs real HTTP, which the wire rig has not; leave it out, or use --rig containers",
      ),
    );
  });

  test.each([[["script" as const]], [[undefined]]])(
    "runs a schedule of its own script: %j",
    async (customers) => {
      const { rig } = await openRig();
      const running = (async () => rig.run([scheduleOf(...customers)]))();
      await expect(running).rejects.toThrow("started");
    },
  );

  test("has the system's limits, no folders, and closes its connections in the end", async () => {
    const { rig, log } = await openRig();
    expect({ limits: rig.limits, folders: rig.folders }).toEqual({ limits, folders: [] });
    expect(log).toEqual([]);
    await rig[Symbol.asyncDispose]();
    expect(log).toEqual(["closed"]);
  });
});
