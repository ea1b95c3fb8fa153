import { describe, expect, test } from "vitest";
import { type Schedule, scheduleFormat } from "../schedule/schedule.ts";
import { scheduleDigest, unattested } from "./schedule-digest.ts";

const lost = (occurrence: number): Schedule["faults"][number] => ({
  at: { link: "worker->api", operation: "worker.finish", job: 1, occurrence, phase: "after" },
  fault: { kind: "lost" },
});
const schedule: Schedule = {
  format: scheduleFormat,
  workload: { jobs: [{ scenario: "web", engine: "presto" }], workers: 1 },
  releases: { api: "current", workers: { v5: "current" } },
  seed: 1,
  faults: [lost(1), lost(2)],
};

test("the digest is the same however a schedule was written, and on whatever releases it is run", () => {
  const { faults, workload, ...rest } = JSON.parse(JSON.stringify(schedule));
  const releases = { api: "next", workers: { v6: "next" } };
  expect(scheduleDigest({ faults, ...rest, workload, releases })).toBe(scheduleDigest(schedule));
});

const { workload } = schedule;
test.each<[string, Partial<Schedule>]>([
  ["fewer faults", { faults: [lost(1)] }],
  ["no fault", { faults: [] }],
  ["other faults", { faults: [lost(1), lost(3)] }],
  ["faults in another order", { faults: [lost(2), lost(1)] }],
  ["more workers", { workload: { ...workload, workers: 2 } }],
  ["another job", { workload: { ...workload, jobs: [{ scenario: "insert-into", engine: "presto" }] } }],
  ["another engine", { workload: { ...workload, jobs: [{ scenario: "web", engine: "hive-cdh4" }] } }],
  [
    "another customer",
    { workload: { ...workload, jobs: [{ ...workload.jobs[0], customer: "td" }] as never } },
  ],
  ["another seed", { seed: 2 }],
  ["another process of the API", { releases: { ...schedule.releases, beside: ["current"] } }],
])("it is another one with %s", (_, more) => {
  expect(scheduleDigest({ ...schedule, ...more })).not.toBe(scheduleDigest(schedule));
});

const becomes = (release: string, more: object = {}): Schedule["faults"][number] => ({
  ...lost(1),
  fault: { kind: "version", process: "api", release, ms: 1000, ...more } as never,
});
const plan = (...faults: Schedule["faults"]): Schedule => ({ ...schedule, faults });

describe("a rolling plan", () => {
  const there = plan(becomes("next"), becomes("current"));

  test("is the same from any release to any other", () => {
    const later = {
      ...plan(becomes("third"), becomes("next")),
      releases: { api: "next", workers: { v5: "next" } },
    };
    expect(scheduleDigest(later)).toBe(scheduleDigest(there));
  });

  test.each<[string, Schedule]>([
    ["in the other direction", plan(becomes("current"), becomes("next"))],
    ["there alone", plan(becomes("next"))],
    ["there twice", plan(becomes("next"), becomes("next"))],
    ["that is polite", plan(becomes("next", { graceMs: 1000 }), becomes("current"))],
    ["of a worker", plan(becomes("next", { process: "worker", name: "worker-v5-1" }), becomes("current"))],
  ])("is another one %s", (_, other) => {
    expect(scheduleDigest(other)).not.toBe(scheduleDigest(there));
  });
});

describe("a schedule says which builds did the work", () => {
  test.each([
    ["where they stay as they are", schedule],
    ["where a process comes to one other, and back", plan(becomes("next"), becomes("current"))],
  ])("%s", (_, given) => {
    expect(unattested(given)).toBeNull();
  });

  test("where its APIs begin as one", () => {
    const releases = { ...schedule.releases, beside: ["current"] };
    expect(unattested({ ...schedule, releases })).toBeNull();
    const both = plan(becomes("next", { name: "api" }), becomes("next", { name: "api-2" }));
    expect(unattested({ ...both, releases })).toBeNull();
  });

  test.each<[string, Schedule, RegExp]>([
    [
      "its APIs begin as several releases",
      { ...schedule, releases: { ...schedule.releases, beside: ["next"] } },
      /begin as several releases/,
    ],
    ["a step names no worker", plan(becomes("next", { process: "worker" })), /does not name its process/],
    [
      "a step names one that is not there",
      plan(becomes("next", { name: "api-2" })),
      /does not name its process/,
    ],
    ["it comes to two others", plan(becomes("next"), becomes("third")), /next and third/],
    ["it stays where it is", plan(becomes("current")), /leads to another release/],
  ])("not where %s", (_, given, said) => {
    expect(unattested(given)).toMatch(said);
  });
});
