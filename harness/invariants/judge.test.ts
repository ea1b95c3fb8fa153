import { join } from "node:path";
import { expect, test } from "vitest";
import type { HistoryEvent } from "../history/event.ts";
import { BrokenHistory } from "../history/job-history.ts";
import { recorded } from "../testing/recorded.ts";
import { judgeHistory } from "./judge.ts";
import { calm, idle, show } from "./testing/calls.ts";
import { eventsOf, trouble } from "./testing/history.ts";

/** Which invariants a calm job, or one with a fault at work, puts to the test. A new one brings a file of its own. */
const recordedTriggers = recorded<boolean>(join(import.meta.dirname, "testing/triggered"));
const recordedFor = (story: "calm" | "faulted") =>
  Object.fromEntries(Object.entries(recordedTriggers).map(([id, triggered]) => [id, triggered[story]]));

const triggeredBy = (events: HistoryEvent[], which: "jobs" | "faulted") =>
  Object.fromEntries(
    Object.entries(judgeHistory(events).triggered).map(([id, count]) => [id, count[which] > 0]),
  );

test("a calm job breaks nothing, and puts nothing to the test while a fault is at work", () => {
  const events = eventsOf({ calls: calm });
  expect(judgeHistory(events)).toMatchObject({ broken: [], loose: [] });
  expect(Object.values(triggeredBy(events, "faulted"))).not.toContain(true);
  expect(triggeredBy(events, "jobs")).toEqual(recordedFor("calm"));
});

test("with a fault at work it says what was put to the test", () => {
  const events = eventsOf({ calls: calm, faults: trouble });
  expect(judgeHistory(events).broken).toEqual([]);
  expect(triggeredBy(events, "faulted")).toEqual(recordedFor("faulted"));
});

test("it counts the jobs that put an invariant to the test", () => {
  const events = twoJobs(eventsOf({ calls: calm, faults: trouble }));
  expect(judgeHistory(events).triggered).toMatchObject({
    I3: { jobs: 2, faulted: 2 },
    I1: { jobs: 1, faulted: 1 },
    I4: { jobs: 0, faulted: 0 },
  });
});

test("what is broken is said with the job and what contradicts the promise", () => {
  const { broken } = judgeHistory(eventsOf({ calls: [...calm, show(2_000, "killed")] }));
  expect(broken.map(({ invariant, job }) => `${invariant} of job ${job}`)).toEqual([
    "I1 of job 1",
    "E of job 1",
    "I5 of job 1",
    "I6 of job 1",
    "C of job 1",
  ]);
  for (const { witnesses } of broken) expect(witnesses).not.toEqual([]);
});

test("departures outside of any job are told apart", () => {
  const { broken, loose } = judgeHistory(eventsOf({ calls: [...calm, idle(2_000, { reply: "" })] }));
  expect(broken).toEqual([]);
  expect(loose).toEqual([expect.stringContaining("worker->api, worker.claim: reply: body: ")]);
});

test("a history that is cut is not judged", () => {
  const events = eventsOf({ calls: calm });
  expect(() => judgeHistory(events.slice(0, -1))).toThrow(BrokenHistory);
  expect(() => judgeHistory(events.slice(1))).toThrow(BrokenHistory);
});

test("a history that does not hold its scenarios is not judged", () => {
  const [run, ...rest] = eventsOf({ calls: calm });
  const bare = { ...run, scenarios: {} } as HistoryEvent;
  expect(() => judgeHistory([bare, ...rest])).toThrow("does not hold the scenario insert-into of job 1");
});

/** The same with a second job of the same kind, about which there are no calls. */
function twoJobs(events: readonly HistoryEvent[]): HistoryEvent[] {
  return events.flatMap((event): HistoryEvent[] => {
    if (event.kind === "final") return [event, { ...event, number: 2, job: "2" }];
    if (event.kind !== "run") return [event];
    const { schedule } = event;
    const jobs = [...schedule.workload.jobs, ...schedule.workload.jobs];
    return [{ ...event, schedule: { ...schedule, workload: { ...schedule.workload, jobs } } }];
  });
}
