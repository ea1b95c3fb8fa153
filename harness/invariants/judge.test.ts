import { expect, test } from "vitest";
import { BrokenHistory } from "../history/job-history.ts";
import { invariants, judgeHistory } from "./judge.ts";
import { calm, eventsOf, show, trouble } from "./testing/history.ts";

test("a calm job breaks nothing, and without a fault nothing is put to the test", () => {
  expect(judgeHistory(eventsOf({ calls: calm }))).toEqual({ broken: [], triggered: [] });
});

test("with a fault at work it says what was put to the test", () => {
  const { broken, triggered } = judgeHistory(eventsOf({ calls: calm, faults: trouble }));
  expect(broken).toEqual([]);
  expect(triggered).toEqual(["I2", "I3", "I5", "I6", "I7", "I8", "I12", "L1", "L3"]);
});

test("what is broken is said with the job and what contradicts the promise", () => {
  const { broken } = judgeHistory(eventsOf({ calls: [...calm, show(2_000, "killed")] }));
  expect(broken.map(({ invariant, job }) => `${invariant} of job ${job}`)).toEqual([
    "I1 of job 1",
    "I5 of job 1",
    "I6 of job 1",
  ]);
  for (const { witnesses } of broken) expect(witnesses).not.toEqual([]);
});

test("a history that is cut is not judged", () => {
  const events = eventsOf({ calls: calm });
  expect(() => judgeHistory(events.slice(0, -1))).toThrow(BrokenHistory);
  expect(() => judgeHistory(events.slice(1))).toThrow(BrokenHistory);
});

test("every invariant has a name and a definition of its own", () => {
  for (const of of [invariants.map(({ id }) => id), invariants.map(({ definition }) => definition)])
    expect(new Set(of).size).toBe(invariants.length);
});
