import { describe, expect, test } from "vitest";
import type { Fault, Schedule } from "../../schedule/schedule.ts";
import type { TimedExchange } from "../calls.ts";
import type { EventBody, HistoryEvent } from "../event.ts";
import { excusesIn } from "./excuses.ts";

const at = { link: "worker->api", operation: "worker.claim", job: 1, occurrence: 1, phase: "after" } as const;
const step: Fault = {
  kind: "version",
  process: "api",
  name: "api-2",
  release: "next",
  ms: 300,
  graceMs: 1_000,
};
const failed: Fault = { kind: "kill", process: "worker", name: "worker-v5-1", ms: 300 };
const scheduleOf = (...faults: Fault[]) =>
  ({
    releases: { api: "a", beside: ["a"], workers: {} },
    faults: faults.map((fault) => ({ at, fault })),
  }) as unknown as Schedule;
const events = (...bodies: [number, EventBody][]): HistoryEvent[] =>
  bodies.map(([time, body], seq) => ({ seq, at: time, ...body }));
const fired: [number, EventBody] = [1_000, { kind: "fault", index: 0, what: "" }];
const life = (
  time: number,
  what: "stopping" | "exited" | "started" | "retired",
  component = "api-2",
): [number, EventBody] => [time, { kind: "component", component, what, detail: "" }];
const stopped = events(fired, life(1_000, "stopping"), life(1_200, "exited"), life(1_500, "started"));
const call = (sent: number, returned: number, server?: string) =>
  ({ sent, at: returned, ...(server === undefined ? {} : { server }) }) as TimedExchange;

describe("a failure of the service is excused", () => {
  test("by nothing where no fault has fired", () => {
    expect(excusesIn(scheduleOf(step), [])(call(2_000, 2_010))).toBe(false);
  });

  test("by a version step alone where the process that answered was on its way down", () => {
    const isExcused = excusesIn(scheduleOf(step, failed, { kind: "kill-job" }), stopped);
    expect(isExcused(call(990, 1_010, "api-2"))).toBe(true);
    expect(isExcused(call(1_300, 1_310, "api-2"))).toBe(true);
    expect(isExcused(call(990, 1_010, "api"))).toBe(false);
    expect(isExcused(call(980, 990, "api-2"))).toBe(false);
    expect(isExcused(call(1_600, 1_610, "api-2"))).toBe(false);
    // Of a rig that does not know who answered.
    expect(isExcused(call(1_300, 1_310))).toBe(true);
    expect(isExcused(call(1_600, 1_610))).toBe(false);
  });

  test("by a process that another one replaces until it has ended, and by a later life as by a first one", () => {
    const later = "api-2.life-2";
    const replaced = events(
      fired,
      life(1_000, "stopping"),
      life(1_200, "retired"),
      life(3_000, "exited", later),
    );
    const isExcused = excusesIn(scheduleOf({ ...step, kind: "surge", graceMs: 1_000 } as Fault), replaced);
    expect([isExcused(call(1_100, 1_110)), isExcused(call(1_300, 1_310))]).toEqual([true, false]);
    expect([isExcused(call(3_100, 3_110, later)), isExcused(call(2_800, 2_900, later))]).toEqual([
      true,
      false,
    ]);
  });

  test("by no step of a worker", () => {
    const gone = events(fired, life(1_000, "exited", "worker-v5-1"));
    const ofWorker: Fault = { kind: "surge", process: "worker", release: "next", ms: 0, graceMs: 1 };
    expect(excusesIn(scheduleOf(ofWorker), gone)(call(990, 1_010))).toBe(false);
  });

  test("by a process that does not come back, for ever", () => {
    const isExcused = excusesIn(scheduleOf(step), stopped.slice(0, 3));
    expect(isExcused(call(9_000, 9_010, "api-2"))).toBe(true);
  });

  test.each<[string, Fault[]]>([
    ["another fault beside it", [step, { kind: "kill", process: "database", ms: 300 }]],
    ["another kind of fault beside it", [step, { kind: "lost" }]],
    ["no step at all", [{ kind: "kill", process: "api", ms: 300 }]],
  ])("from the first fault on where there is %s", (_, faults) => {
    const isExcused = excusesIn(scheduleOf(...faults), stopped);
    expect(isExcused(call(1_600, 1_610, "api"))).toBe(true);
    expect(isExcused(call(980, 990))).toBe(false);
  });
});
