import { expect, test, vi } from "vitest";
import { InfrastructureError } from "../../../errors.ts";
import type { HistoryEvent } from "../../../history/event.ts";
import type { Planned, Schedule } from "../../../schedule/schedule.ts";
import type { ContainersRig } from "../system/open-rig.ts";
import { ReusedRig } from "./reuse.ts";
import type { ContainersRun } from "./run-schedule.ts";

/** What becomes of a finished run, and of the schedules behind it, where the rig cannot be left as it was found. */

const gone = new InfrastructureError({
  component: "worker-v5-1",
  expected: "it to come back",
  happened: "it did not",
  next: "look at its log",
});
const step: Planned = {
  at: { link: "worker->api", operation: "worker.claim", job: 1, occurrence: 1, phase: "before" },
  fault: { kind: "version", process: "api", release: "next", ms: 1 },
};
const schedule = { faults: [step] } as unknown as Schedule;
/** What the database has of each job that is asked for, look by look; the last one stays. */
const rig = (statuses: readonly string[] = []) => {
  const left = [...statuses];
  const oracle = () => ({
    query: async () => [{ status: left.length > 1 ? left.shift() : left[0] }],
  });
  const config = { mysql: { jobStatus: "" } };
  return { config, oracle, clockwork: { limits: { leaseMs: 20 }, timeScale: 1 } } as unknown as ContainersRig;
};

/** A rig on which every run is over, and which comes back so. */
function rigWith(
  restore: () => Promise<readonly string[]>,
  more: Partial<ContainersRun["run"]> = {},
  { jobs = [], statuses = [] }: { jobs?: readonly string[]; statuses?: readonly string[] } = {},
) {
  const events = [{ kind: "run" }] as HistoryEvent[];
  const run = { schedule, events, unfired: [step], reached: [], millis: 1, ...more };
  const life = { book: { ids: () => new Set(jobs) } };
  const ran = { run, life, jobs: [], processes: { restore } } as unknown as ContainersRun;
  const runSchedule = vi.fn(async () => ran);
  return { reused: new ReusedRig(rig(statuses), runSchedule), run, runSchedule };
}
const fails = (error: Error) => async (): Promise<never> => {
  throw error;
};

test("a finished run stands where tidying fails; the next schedule is told of that, and is not run", async () => {
  const { reused, run, runSchedule } = rigWith(fails(gone));
  expect(await reused.run(schedule)).toBe(run);
  await expect(reused.run(schedule)).rejects.toBe(gone);
  expect(runSchedule).toHaveBeenCalledTimes(1);
});

test("so does it where the disk is full meanwhile", async () => {
  const full = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  const { reused, run } = rigWith(fails(full));
  expect(await reused.run(schedule)).toBe(run);
  await expect(reused.run(schedule)).rejects.toThrow("no space left on device");
});

test("a fault of Interlock itself while it tidies is none of the rig's", async () => {
  const fault = new TypeError("x is undefined");
  await expect(rigWith(fails(fault)).reused.run(schedule)).rejects.toBe(fault);
});

test("what was not run at all leaves nothing to tidy", async () => {
  const { reused, run } = rigWith(fails(gone), { events: [] });
  expect(await reused.run(schedule)).toBe(run);
  expect(await reused.run(schedule)).toBe(run);
});

test("a run that came to another release stands, and the next schedule needs another rig", async () => {
  const { reused, run } = rigWith(async () => [], { unfired: [] });
  expect(await reused.run(schedule)).toBe(run);
  await expect(reused.run(schedule)).rejects.toThrow("the last schedule has changed them by a version step");
});

test("a job that somebody ordered beside the workload is waited for", async () => {
  const ended = rigWith(async () => [], {}, { jobs: ["7"], statuses: ["running", "running", "killed"] });
  expect(await ended.reused.run(schedule)).toBe(ended.run);
  expect(await ended.reused.run(schedule)).toBe(ended.run);
  const held = rigWith(async () => [], {}, { jobs: ["7"], statuses: ["running"] });
  expect(await held.reused.run(schedule)).toBe(held.run);
  await expect(held.reused.run(schedule)).rejects.toThrow("job 7 did not");
});

test("one that changed nothing leaves the rig to the next", async () => {
  const { reused, run } = rigWith(async () => []);
  expect(await reused.run(schedule)).toBe(run);
  expect(await reused.run(schedule)).toBe(run);
});
