import { expect, test } from "vitest";
import { singlesAt } from "../schedule/catalog.ts";
import type { Site } from "../schedule/schedule.ts";
import { limits } from "../testing/limits.ts";
import { onRig } from "./performer.ts";
import type { Tally } from "./tally.ts";
import type { Task } from "./task.ts";
import { fakeRun } from "./testing/fake-run.ts";
import { baseSchedule } from "./workloads.ts";

const releases = { api: "current", workers: {} };
const reached: Site[] = [
  { link: "worker->api", operation: "worker.finish", job: 1, occurrence: 1, phase: "before" },
];
const tasks = ["web", "quiet"].map(
  (name): Task => ({
    kind: "each",
    base: baseSchedule("presto", name, releases, 1),
    sets: [[], ...singlesAt(reached).map((single) => [single])],
  }),
);

test("a rig of this process performs one task after the other and tells the tally of each", async () => {
  const { run, schedules } = fakeRun({ reached });
  const { size, perform } = onRig({ run, limits });
  const tallies: Tally[] = [];
  const total = await perform(tasks, (tally) => tallies.push(tally));
  expect(size).toBe(1);
  // Each base once without a fault, and once with each single one.
  const each = singlesAt(reached).length + 1;
  expect(each).toBeGreaterThan(5);
  expect(tallies.map((tally) => tally.schedules)).toEqual([each, each]);
  expect(total.schedules).toBe(2 * each);
  const scenarios = schedules().map(({ workload }) => workload.jobs[0]?.scenario);
  expect(scenarios).toEqual([...scenarios].sort((a, b) => Number(a === "quiet") - Number(b === "quiet")));
});

test("what one task found is in the sum, and nothing is counted twice", async () => {
  const { run } = fakeRun({
    reached,
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
