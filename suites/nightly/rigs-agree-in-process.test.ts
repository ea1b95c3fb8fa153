import { expect, test } from "vitest";
import { engines } from "../../contracts/job.ts";
import { sampleSchedules } from "../../harness/explore/random.ts";
import { baseSchedule, basesOf, usualScenarios, workloadsOf } from "../../harness/explore/workloads.ts";
import { historyHash } from "../../harness/history/hash.ts";
import { abstractOutcome } from "../../harness/rigs/abstract-outcome.ts";
import type { Run, RunSchedules } from "../../harness/rigs/run.ts";
import { openWire } from "../../harness/rigs/wire/wire.ts";
import { singlesAt } from "../../harness/schedule/catalog.ts";
import type { Schedule } from "../../harness/schedule/schedule.ts";
import { config, releases, runOn } from "../status-sync/system.ts";

/** Do the rigs agree? The same schedule by function calls and over real fetch and HTTP must come to the same. */

const wanted = 500;
const atOnce = 64;

async function ran(run: RunSchedules, schedules: readonly Schedule[]): Promise<Run[]> {
  const runs: Run[] = [];
  for (let start = 0; start < schedules.length; start += atOnce)
    runs.push(...(await run(schedules.slice(start, start + atOnce))));
  return runs;
}

/** Single faults from all over the sweep, and random schedules of several faults that all fire. */
async function sample(run: RunSchedules): Promise<Schedule[]> {
  const workloads = await workloadsOf(run, basesOf(engines, usualScenarios(config.scenarios), releases, 11));
  const singles = workloads.flatMap(({ base, reached }) =>
    singlesAt(reached).map((fault) => ({ ...base, faults: [fault] })),
  );
  const chosen = singles.filter((_, i) => i % 5 === 0);
  const random = await ran(run, sampleSchedules(workloads, 12, 400));
  return [...chosen, ...random.filter(({ unfired }) => unfired.length === 0).map(({ schedule }) => schedule)];
}

test(`at least ${wanted} sampled schedules come to the same on simulated and on wire`, {
  timeout: 120_000,
}, async () => {
  const run = await runOn();
  const schedules = await sample(run);
  expect(schedules.length).toBeGreaterThanOrEqual(wanted);
  const simulated = await ran(run, schedules);
  using wire = openWire();
  const onWire = await ran(await runOn(releases, wire), schedules);
  // Every schedule has a claim, a heartbeat and a finish at least: less would mean that they went past the wire.
  expect(wire.requests).toBeGreaterThan(3 * schedules.length);
  const differing = schedules.filter(
    (_, i) => JSON.stringify(outcomeOf(simulated[i])) !== JSON.stringify(outcomeOf(onWire[i])),
  );
  expect(differing.map(({ seed, faults }) => ({ seed, faults }))).toEqual([]);
});

test("the same schedule gives the same history, to the letter", async () => {
  const run = await runOn();
  const schedules = (await sample(run)).filter((_, i) => i % 10 === 0);
  const first = await ran(run, schedules);
  const again = await ran(run, schedules);
  expect(again.map(({ events }) => historyHash(events))).toEqual(
    first.map(({ events }) => historyHash(events)),
  );
});

const outcomeOf = (run: Run | undefined) => ({
  outcome: abstractOutcome(run?.events ?? []),
  unfired: run?.unfired.length,
});

test("a worker that dies within the instant of its heartbeat has sent it, on both", async () => {
  const first = { job: 1, occurrence: 1, phase: "before" } as const;
  const forEver = { kind: "kill", process: "worker", ms: null } as const;
  const schedule: Schedule = {
    ...baseSchedule("hive-cdh4", "insert-into", releases, 2_500_042_052),
    faults: [
      { at: { link: "worker->warehouse", operation: "insertInto", ...first }, fault: forEver },
      { at: { link: "customer->api", operation: "job.show", ...first }, fault: { kind: "kill-job" } },
    ],
  };
  const [simulated] = await ran(await runOn(), [schedule]);
  using wire = openWire();
  const [onWire] = await ran(await runOn(releases, wire), [schedule]);
  const heartbeats = (run: Run | undefined) =>
    run?.events.filter((event) => event.kind === "exchange" && event.operation === "worker.heartbeat").length;
  expect(heartbeats(onWire)).toBe(heartbeats(simulated));
  expect(outcomeOf(onWire)).toEqual(outcomeOf(simulated));
});
