import fc from "fast-check";
import { expect, test } from "vitest";
import type { ProbeTopic } from "../probe-topics.ts";
import { type Planned, type Schedule, scheduleFormat, topicsOf } from "../schedule/schedule.ts";
import { shrinkDurations, shrinkFaults, shrinkProbe, shrinkWorkload } from "./shrink-parts.ts";
import type { Failing, Trial } from "./trials.ts";

/** Shrinkers on rules in the place of a system: what fails is known exactly. */

const scheduleOf = (faults: Planned[], more: Partial<Schedule["workload"]> = {}): Schedule => ({
  format: scheduleFormat,
  workload: { jobs: [{ scenario: "insert-into", engine: "presto" }], workers: 2, ...more },
  releases: { api: "current", workers: {} },
  seed: 1,
  faults,
});
const lateAt = (occurrence: number, ms = 1_000, job: number | null = 1): Planned => ({
  at: { link: "worker->api", operation: "worker.finish", job, occurrence, phase: "before" },
  fault: { kind: "late", ms },
});

const failing = (schedule: Schedule): Failing => ({
  schedule,
  broken: { invariant: "I1", job: 1, witnesses: ["so it is"] },
  run: { schedule, events: [], unfired: [], reached: [], millis: 0 },
});
const failsWhen = (rule: (schedule: Schedule) => boolean): Trial => ({
  fails: async (schedule) => (rule(schedule) ? failing(schedule) : null),
});
const occurrences = ({ faults }: Schedule) => faults.map(({ at }) => at.occurrence);
const msOf = ({ faults }: Schedule) => faults.map(({ fault }) => ("ms" in fault ? fault.ms : null));

test("of any list with a core of up to two, the core alone is left", () =>
  fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 2, maxLength: 12 }),
      fc.nat(2),
      async (list, size) => {
        const core = list.slice(-size || list.length);
        const needed = size === 0 ? [] : core;
        const trial = failsWhen((schedule) => needed.every((one) => occurrences(schedule).includes(one)));
        const { schedule } = await shrinkFaults(trial, failing(scheduleOf(list.map((one) => lateAt(one)))));
        expect(occurrences(schedule)).toEqual(needed);
      },
    ),
    { seed: 1 },
  ));

test("of two ways to fail the one with fewer faults is found, though the other lies nearer", async () => {
  const hasAll = (schedule: Schedule, ...wanted: number[]) =>
    wanted.every((one) => occurrences(schedule).includes(one));
  const trial = failsWhen(
    (schedule) => hasAll(schedule, 4, 5, 6) || (hasAll(schedule, 1, 3) && !hasAll(schedule, 6)),
  );
  const all = [1, 2, 3, 4, 5, 6].map((one) => lateAt(one));
  const { schedule } = await shrinkFaults(trial, failing(scheduleOf(all)));
  expect(occurrences(schedule)).toEqual([1, 3]);
});

test("a list without which nothing fails stays as it is", async () => {
  const three = [1, 2, 3].map((one) => lateAt(one));
  const { schedule } = await shrinkFaults(
    failsWhen(({ faults }) => faults.length >= 3),
    failing(scheduleOf(three)),
  );
  expect(schedule.faults).toEqual(three);
});

test("each duration becomes the shortest, to 5 in 100 or 100 ms", () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 86_400_000 }),
      fc.integer({ min: 1, max: 86_400_000 }),
      async (a, b) => {
        const [least, most] = a < b ? [a, b] : [b, a];
        const trial = failsWhen((schedule) => msOf(schedule).every((ms) => (ms ?? 0) >= least));
        const { schedule } = await shrinkDurations(
          trial,
          failing(scheduleOf([lateAt(1, most), lateAt(2, most)])),
        );
        for (const ms of msOf(schedule)) {
          expect(ms).toBeGreaterThanOrEqual(least);
          expect((ms ?? 0) - least).toBeLessThanOrEqual(Math.max(100, 0.05 * (ms ?? 0)));
        }
      },
    ),
    { seed: 1 },
  ));

test("a duration that does not matter becomes none, and for ever stays for ever", async () => {
  const forEver: Planned = { ...lateAt(2), fault: { kind: "kill", process: "worker", ms: null } };
  const { schedule } = await shrinkDurations(
    failsWhen(() => true),
    failing(scheduleOf([lateAt(1, 45_000), forEver])),
  );
  expect(msOf(schedule)).toEqual([0, null]);
});

test("jobs and workers that have no part in it go; faults about a job that moves up move with it", async () => {
  const job = (engine: "presto" | "hive-hdp2") => ({ scenario: "insert-into", engine });
  const workload = { jobs: [job("presto"), job("hive-hdp2"), job("presto")], workers: 5 };
  const faults = [lateAt(1, 9, 1), lateAt(2, 9, 2), lateAt(3, 9, 3), lateAt(4, 9, null)];
  const trial = failsWhen(({ workload: { jobs, workers }, faults: left }) => {
    const about = jobs.findIndex(({ engine }) => engine === "hive-hdp2") + 1;
    return workers >= 2 && left.some(({ at }) => at.occurrence === 2 && at.job === about);
  });
  const smaller = await shrinkWorkload(trial, failing(scheduleOf(faults, workload)));
  expect(smaller?.schedule.workload).toEqual({ jobs: [job("hive-hdp2")], workers: 2 });
  expect(smaller?.schedule.faults).toEqual([lateAt(2, 9, 1), lateAt(4, 9, null)]);
  expect(await shrinkWorkload(trial, smaller as Failing)).toBeNull();
});

test("API processes that have no part in it go", async () => {
  const schedule = scheduleOf([lateAt(1)]);
  const releases = { ...schedule.releases, beside: ["current", "next", "current"] };
  const shrunk = async (isNeeded: (beside: readonly string[]) => boolean) => {
    const trial = failsWhen(({ releases: { beside = [] } }) => isNeeded(beside));
    const smaller = await shrinkWorkload(trial, failing({ ...schedule, releases }));
    return smaller?.schedule.releases.beside;
  };
  expect(await shrunk((beside) => beside.includes("next"))).toEqual(["next"]);
  expect(await shrunk(() => true)).toBeUndefined();
});

test.each<[string, (topics: readonly ProbeTopic[]) => boolean, ProbeTopic[] | undefined]>([
  ["goes where nothing of it is needed", () => true, undefined],
  ["asks about the one topic that is needed", (topics) => topics.includes("streams"), ["streams"]],
  [
    "asks about the two that are needed together, and of two ways about one",
    (topics) => topics.includes("leases") && (topics.includes("keys") || topics.includes("names")),
    ["leases", "keys"],
  ],
])("the probe %s", async (_, needs, left) => {
  const trial = failsWhen((schedule) => needs(topicsOf(schedule)));
  const { schedule } = await shrinkProbe(trial, failing(scheduleOf([], { probe: true })));
  expect(schedule.workload.probe).toEqual(left);
  expect(schedule.workload).toMatchObject({ workers: 2, jobs: [{ scenario: "insert-into" }] });
});

test("workers that have no part in it go, and the probe stays", async () => {
  const trial = failsWhen((schedule) => topicsOf(schedule).length > 0);
  const smaller = await shrinkWorkload(trial, failing(scheduleOf([], { probe: ["leases"], workers: 3 })));
  expect(smaller?.schedule.workload).toMatchObject({ workers: 1, probe: ["leases"] });
});
