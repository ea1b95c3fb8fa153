import { expect, test } from "vitest";
import type { Planned } from "../schedule/schedule.ts";
import { limits } from "../testing/limits.ts";
import { onRig } from "./performer.ts";
import type { Tally } from "./tally.ts";
import type { Task } from "./task.ts";
import { fakeRun } from "./testing/fake-run.ts";
import { baseSchedule } from "./workloads.ts";

const releases = { api: "current", workers: {} };
const lostAt = (occurrence: number): Planned => ({
  at: { link: "worker->api", operation: "worker.finish", job: 1, occurrence, phase: "before" },
  fault: { kind: "lost" },
});
const sets = [[], [lostAt(1)], [lostAt(1), lostAt(2)]];
const tasks = ["web", "quiet"].map(
  (name): Task => ({
    kind: "each",
    base: baseSchedule("presto", name, releases, 1),
    sets,
  }),
);

test("a rig of this process performs one task after the other and tells the tally of each", async () => {
  const { run, schedules } = fakeRun();
  const { size, perform } = onRig({ run, limits });
  const tallies: Tally[] = [];
  const total = await perform(tasks, (tally) => tallies.push(tally));
  expect(size).toBe(1);
  expect(tallies.map((tally) => tally.schedules)).toEqual([3, 3]);
  expect(total.schedules).toBe(6);
  const done = schedules().map(({ workload, faults }) => [workload.jobs[0]?.scenario, faults]);
  expect(done).toEqual(["web", "quiet"].flatMap((name) => sets.map((faults) => [name, faults])));
});

test("what one task found is in the sum, and nothing is counted twice", async () => {
  const { run } = fakeRun({
    isWrong: ({ workload, faults }) => workload.jobs[0]?.scenario === "quiet" && faults.length === 0,
  });
  const tallies: Tally[] = [];
  const total = await onRig({ run, limits }).perform(tasks, (tally) => tallies.push(tally));
  expect(tallies.map(({ found }) => found.length)).toEqual([0, 1]);
  expect(total.found).toEqual(tallies[1]?.found);
  expect(total.broken).toEqual(tallies[1]?.broken);
});

test("without a task there is nothing to tell", async () => {
  const { run, batches } = fakeRun();
  const total = await onRig({ run, limits }).perform([], () => expect.unreachable());
  expect({ schedules: total.schedules, batches }).toEqual({ schedules: 0, batches: [] });
});
