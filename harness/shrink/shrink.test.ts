import { describe, expect, test } from "vitest";
import { fakeRun } from "../explore/testing/fake-run.ts";
import { type Planned, type Schedule, scheduleFormat } from "../schedule/schedule.ts";
import { type ShrinkOptions, shrink } from "./shrink.ts";

const lateAt = (occurrence: number): Planned => ({
  at: { link: "worker->api", operation: "worker.finish", job: 1, occurrence, phase: "before" },
  fault: { kind: "late", ms: 8_000 },
});

const schedule: Schedule = {
  format: scheduleFormat,
  workload: { jobs: [{ scenario: "insert-into", engine: "presto" }], workers: 2 },
  releases: { api: "current", workers: {} },
  seed: 1,
  faults: [1, 2, 3, 4].map(lateAt),
};

/** Breaks where the 2nd and the 3rd report are late; `rounds` have time, and the rig is asked for no site. */
async function shrunkIn(rounds: number, options: ShrinkOptions = {}) {
  const isNeeded = (faults: readonly Planned[], one: number) =>
    faults.some(({ at }) => at.occurrence === one);
  const fake = fakeRun({ isWrong: ({ faults }) => isNeeded(faults, 2) && isNeeded(faults, 3) });
  const hasTime = () => fake.batches.length < rounds;
  const shrunk = await shrink(fake.run, schedule, "I3", { hasTime, ...options });
  return { shrunk, runs: fake.batches.length };
}
const occurrences = (faults: readonly Planned[] = []) => faults.map(({ at }) => at.occurrence);

describe("while there is time", () => {
  test("what is left is known to be the fewest faults", async () => {
    const { shrunk } = await shrunkIn(10_000);
    expect(occurrences(shrunk?.schedule.faults)).toEqual([2, 3]);
    expect(shrunk?.globallyMinimal).toBe(true);
  });

  test("without a look into the sweep the fewest of its own faults are left, and no more is claimed", async () => {
    const { shrunk } = await shrunkIn(10_000, { lookup: null });
    expect(occurrences(shrunk?.schedule.faults)).toEqual([2, 3]);
    expect(shrunk?.globallyMinimal).toBe(false);
  });
});

describe("once the time is over", () => {
  test("the schedule itself has been run and stays as it is", async () => {
    const { shrunk, runs } = await shrunkIn(0);
    expect(occurrences(shrunk?.schedule.faults)).toEqual([1, 2, 3, 4]);
    expect([runs, shrunk?.globallyMinimal]).toEqual([1, false]);
  });

  test.each([2, 3, 5, 8])(
    "after %i schedules no other is run, and what was found is the result",
    async (rounds) => {
      const { shrunk, runs } = await shrunkIn(rounds, { lookup: null });
      expect(runs).toBe(rounds);
      expect(occurrences(shrunk?.schedule.faults)).toEqual(expect.arrayContaining([2, 3]));
      expect(shrunk?.globallyMinimal).toBe(false);
    },
  );
});
