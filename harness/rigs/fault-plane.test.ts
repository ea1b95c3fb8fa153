import { expect, test } from "vitest";
import type { Planned, Site } from "../schedule/schedule.ts";
import { FaultPlane } from "./fault-plane.ts";

const site: Site = {
  link: "worker->api",
  operation: "worker.finish",
  job: 1,
  occurrence: 1,
  phase: "before",
};
const plan = (more: Partial<Site>): Planned => ({ at: { ...site, ...more }, fault: { kind: "lost" } });

/** Makes a call by a process. @returns indices of the faults that are planned for it */
function callBy(plane: FaultPlane, by: string): number[] {
  const { link, operation, job } = site;
  const occurrence = plane.nextOccurrence(link, operation, job);
  const own = plane.nextOccurrenceBy(by, link, operation, job);
  return plane.reach({ ...site, occurrence }, by, own).map((fault) => plane.indexOf(fault));
}

test("a fault waits for the call that it is planned for, of whoever makes it", () => {
  const plane = new FaultPlane([plan({ occurrence: 2 })]);
  expect([callBy(plane, "a"), callBy(plane, "b"), callBy(plane, "a")]).toEqual([[], [0], []]);
});

test("a fault for the calls of one process counts those alone", () => {
  const plane = new FaultPlane([plan({ occurrence: 2, by: "b" }), plan({ occurrence: 1, by: "a" })]);
  const calls = ["b", "a", "a", "b", "b"].map((by) => callBy(plane, by));
  expect(calls).toEqual([[], [1], [], [0], []]);
});

test("faults of one call come in the order of the schedule, whoever they are planned for", () => {
  const plane = new FaultPlane([plan({ by: "a" }), plan({}), plan({ by: "a" }), plan({ by: "b" })]);
  expect(callBy(plane, "a")).toEqual([0, 1, 2]);
});

test("a fault has fired when it took hold, not when it was reached", () => {
  const faults = [plan({}), plan({})];
  const plane = new FaultPlane(faults);
  const [first] = plane.reach(site, "a", 0);
  expect(plane.unfired()).toEqual(faults);
  plane.fire(first as NonNullable<typeof first>);
  expect(plane.unfired()).toEqual([faults[1]]);
});

test("a server that takes no connections says so for a time, and is no outage", () => {
  const plane = new FaultPlane([]);
  plane.refuse("api->database", 100, 1040);
  expect(plane.isOut("api->database", 50)).toBe(false);
  expect([50, 100].map((now) => plane.refusalOn("api->database", now))).toEqual([1040, null]);
  expect(plane.refusalOn("worker->warehouse", 50)).toBe(null);
});

test("a fault at a statement is none of the whole transaction", () => {
  const plane = new FaultPlane([plan({ statement: 1 })]);
  expect(callBy(plane, "a")).toEqual([]);
  expect(plane.unfired()).toHaveLength(1);
});
