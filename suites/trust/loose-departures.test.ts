import { expect, test } from "vitest";
import { judgeReplay } from "../../harness/replay/replay.ts";
import { runOnce } from "../../harness/replay/run-once.ts";
import type { RunSchedules } from "../../harness/rigs/run.ts";
import type { Planned } from "../../harness/schedule/schedule.ts";
import { shrink } from "../../harness/shrink/shrink.ts";
import { current, kill, mutants, options } from "./mutant-builds.ts";

/** A call that belongs to no job is judged as well: found, written down, repeated and shrunk like any other violation. */

const run: RunSchedules = (schedules) =>
  Promise.all(schedules.map((schedule) => runOnce("simulated", schedule, options)));

const mutant = mutants.find(({ id }) => id === "no-job-is-not-found");
if (mutant === undefined) throw new Error("there is no such mutant");
const { counterexample } = await kill(mutant);
if (counterexample === null) throw new Error("it was not caught");
const { schedule, expected } = counterexample;

test("the mutant is caught by a call of no job alone", () => {
  expect(expected).toMatchObject({ invariant: "C", job: 0 });
  expect(expected.witnesses).toEqual([expect.stringContaining("worker->api, worker.claim: reply: ")]);
  expect(schedule.faults).toEqual([]);
});

test("it repeats with the same history, and its schedule alone is red too", async () => {
  const [again] = await run([schedule]);
  if (again === undefined) throw new Error("nothing was run");
  expect(judgeReplay(counterexample, "simulated", again)).toMatchObject({
    outcome: "repeated",
    exit: 1,
    broken: [],
    identical: true,
  });
  expect(judgeReplay(null, "simulated", again)).toMatchObject({ outcome: "broken", exit: 1 });
});

test("where the call is gone it does not repeat", async () => {
  const [whole] = await run([{ ...schedule, releases: { ...schedule.releases, api: current } }]);
  if (whole === undefined) throw new Error("nothing was run");
  expect(judgeReplay(counterexample, "simulated", whole)).toMatchObject({ outcome: "not-repeated", exit: 2 });
});

test("faults that have no part in it are shrunk away", async () => {
  const lost: Planned = {
    at: { link: "worker->api", operation: "worker.finish", job: 1, occurrence: 1, phase: "before" },
    fault: { kind: "lost" },
  };
  const shrunk = await shrink(run, { ...schedule, faults: [lost] }, "C");
  expect(shrunk?.schedule.faults).toEqual([]);
  expect(shrunk?.broken).toMatchObject({ invariant: "C", job: 0 });
});
