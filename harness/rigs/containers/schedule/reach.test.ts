import { describe, expect, test } from "vitest";
import type { Component, Config } from "../../../config/config.ts";
import type { Scenario } from "../../../schedule/scenario.ts";
import {
  type Fault,
  type Planned,
  type ProcessName,
  type Schedule,
  type Site,
  scheduleFormat,
} from "../../../schedule/schedule.ts";
import { scenarioOf } from "../../../testing/scenario.ts";
import type { ContainersRig } from "../system/open-rig.ts";
import { beyondReach, costOf, mustFit } from "./reach.ts";

const image = { image: "some" } as Component;
const command = { command: ["node", "some.ts"] } as unknown as Component;

/** A config of which only the forms of its components count. */
const configOf = (forms: Partial<Record<ProcessName, Component>> = {}): Config => {
  const { database, api, worker } = { database: image, api: image, worker: image, ...forms };
  const workers = { first: image, second: worker };
  return { mysql: database, current: "current", api: { current: api }, workers } as unknown as Config;
};
const allImages = configOf();

const planned = (link: Site["link"], job: number | null, fault: Fault, operation = "some"): Planned => ({
  at: { link, operation, job, occurrence: 1, phase: "before" },
  fault,
});
const lost: Fault = { kind: "lost" };
const duplicate: Fault = { kind: "duplicate" };
const kill = (process: ProcessName): Fault => ({ kind: "kill", process, ms: 5_000 });

const deadlock = planned("worker->warehouse", 1, { kind: "deadlock" });
const surgeOf = (process: "api" | "worker"): Fault => ({ kind: "surge", process, ms: 1, graceMs: 1 });
const withinTransaction: Planned = { ...deadlock, at: { ...deadlock.at, statement: 2 } };

const scheduleOf = (...faults: Planned[]): Schedule => ({
  format: scheduleFormat,
  workload: {
    jobs: [
      { scenario: "insert-into", engine: "presto" },
      { scenario: "create-table", engine: "hive-cdh4" },
    ],
    workers: 3,
  },
  releases: { api: "current", workers: {} },
  seed: 1,
  faults,
});

describe("what this rig cannot break", () => {
  test.each<[string, Planned, boolean]>([
    ["a call to the API", planned("worker->api", 1, duplicate), false],
    ["a statement of a job", planned("worker->warehouse", 1, lost), false],
    ["a transaction of the API", planned("api->database", null, lost), false],
    ["a worker's disk", planned("worker->disk", 1, { kind: "pause", process: "worker", ms: 1 }), true],
    ["a transaction that comes twice", planned("api->database", null, duplicate), true],
    ["a statement of nobody's job", planned("worker->warehouse", null, lost), true],
    ["a statement within a transaction", withinTransaction, false],
    ["the next life of an API beside it", planned("worker->api", 1, surgeOf("api")), true],
    ["the next life of a worker beside it", planned("worker->api", 1, surgeOf("worker")), false],
  ])("%s", (_, fault, beyond) => {
    expect(beyondReach(fault, allImages) !== null).toBe(beyond);
  });

  test.each<ProcessName>(["api", "worker", "database"])(
    "a process that is no container: the %s, and no other",
    (process) => {
      const config = configOf({ [process]: command });
      expect(beyondReach(planned("api->database", null, kill(process)), config)).toBe(
        `the config has the ${process} in a form that cannot be killed or paused; name it as an image`,
      );
      expect(beyondReach(planned("api->database", null, kill(process)), allImages)).toBeNull();
      expect(beyondReach(planned("worker->api", 1, lost), config)).toBeNull();
      const others = (["api", "worker", "database"] as const).filter((other) => other !== process);
      for (const other of others)
        expect(beyondReach(planned("api->database", null, kill(other)), config)).toBeNull();
    },
  );

  test.each<[string, Scenario["output"], boolean]>([
    ["a web destination", { kind: "web" }, false],
    ["a MySQL destination", { kind: "mysql", mode: "append" }, true],
    ["a table of the service", { kind: "td" }, true],
    ["no destination", null, true],
  ])("a delivery to %s", (_, output, beyond) => {
    const delivery = planned("worker->destination", 1, lost, "deliver");
    const scenario = scenarioOf({ name: "some", output });
    expect(beyondReach(delivery, allImages, scenario)).toBe(
      beyond ? "the containers rig does not read what a worker says to the destination of some" : null,
    );
  });

  test("is told with the rig's name", () => {
    expect(beyondReach(planned("worker->disk", 1, lost), allImages)).toBe(
      "the containers rig has no link to a worker's disk",
    );
  });
});

test("what is over at once is cheaper than what lasts, and that than an event of a process", () => {
  const late: Fault = { kind: "late", ms: 5_000 };
  const costs = [
    planned("worker->api", 1, lost),
    planned("worker->api", 1, late),
    planned("worker->api", 1, kill("worker")),
    planned("worker->api", 1, kill("worker"), "worker.heartbeat"),
  ].map((fault) => costOf(scheduleOf(fault)));
  expect(costs).toEqual(costs.toSorted((a, b) => a - b));
  expect(new Set(costs).size).toBe(costs.length);
});

test("a pause of a caller that has not read its reply yet is dearer than the same before its call", () => {
  const pauseOf = (process: ProcessName, phase: Site["phase"]): number => {
    const { at, fault } = planned("worker->api", 1, { kind: "pause", process, ms: 5_000 });
    return costOf(scheduleOf({ at: { ...at, phase }, fault }));
  };
  expect(pauseOf("worker", "after")).toBeGreaterThan(pauseOf("worker", "before"));
  expect(pauseOf("api", "after")).toBe(pauseOf("api", "before"));
});

describe("a schedule that is about another system than the one that runs is refused", () => {
  const rigOf = (workers: number, api = "current", v5?: string) =>
    ({
      releases: { api, workers: v5 === undefined ? {} : { v5 } },
      workers: Array.from({ length: workers }, (_, i) => ({ generation: "v5", index: i + 1 })),
    }) as unknown as ContainersRig;

  test.each([
    ["fewer workers", rigOf(2), "the schedule needs 3 workers of generation v5, the rig has 2"],
    ["another API", rigOf(3, "next"), "other releases"],
    ["another worker", rigOf(3, "current", "older"), "other releases"],
  ])("%s", (_, rig, says) => {
    expect(() => mustFit(rig, scheduleOf())).toThrow(says);
  });

  test.each([
    ["as many", rigOf(3)],
    ["more, which stand still", rigOf(4)],
  ])("not with %s workers", (_, rig) => {
    expect(() => mustFit(rig, scheduleOf())).not.toThrow();
  });
});
