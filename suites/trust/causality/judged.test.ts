import { describe, expect, test } from "vitest";
import { invariants } from "../../../harness/invariants/index.ts";
import { allBroken, breaks, judgeHistory } from "../../../harness/invariants/judge.ts";
import { runOnce } from "../../../harness/replay/run-once.ts";
import type { Schedule } from "../../../harness/schedule/schedule.ts";
import { keptSchedule } from "../kills/kept.ts";
import { mutants, options } from "../mutant-builds.ts";

/** A continuation is judged by one invariant and one job alone: that says of each what the judgement of all says. */

const kept = mutants.filter(({ id }) => keptSchedule(id) !== null);
const inAll = 25;
/** Every so many, so that all kinds and components are among them. */
const some = kept.filter((_, i) => i % Math.ceil(kept.length / inAll) === 0);

test("they are enough, and of several kinds", () => {
  expect(some.length).toBeGreaterThanOrEqual(20);
  expect(new Set(some.map(({ component }) => component)).size).toBe(2);
  expect(new Set(some.map(({ invariant }) => invariant)).size).toBeGreaterThanOrEqual(5);
});

describe("one invariant of one job is broken where the judgement of all says so", () => {
  test.each(some)("$id", { timeout: 60_000 }, async ({ id }) => {
    const { events } = await runOnce("simulated", keptSchedule(id) as Schedule, options);
    const all = allBroken(judgeHistory(events));
    const jobs = [0, ...events.flatMap((event) => (event.kind === "final" ? [event.number] : []))];
    const each = jobs.flatMap((job) => invariants.map((one) => ({ invariant: one.id, job })));
    expect(all.length).toBeGreaterThan(0);
    // Of a copy: nothing is known of it from the judgement of all.
    const copy = [...events];
    expect(each.filter((one) => breaks(copy, one))).toEqual(
      each.filter(({ invariant, job }) => all.some((one) => one.invariant === invariant && one.job === job)),
    );
  });
});
