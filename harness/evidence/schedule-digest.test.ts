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
])("it is another one with %s", (_, more) => {
  expect(scheduleDigest({ ...schedule, ...more })).not.toBe(scheduleDigest(schedule));
});

describe("a schedule says which builds did the work", () => {
  const version = { kind: "version", process: "api", release: "next", ms: 1000 } as const;

  test("where they stay as they are", () => {
    expect(unattested(schedule)).toBeNull();
  });

  test.each<[string, Partial<Schedule>]>([
    ["one of them changes", { faults: [{ ...lost(1), fault: version }] }],
    ["there are several APIs", { releases: { ...schedule.releases, beside: ["next"] } }],
  ])("not where %s", (_, more) => {
    expect(unattested({ ...schedule, ...more })).not.toBeNull();
  });
});
