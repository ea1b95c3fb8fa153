import { expect, test } from "vitest";
import type { InProcessSystem } from "../../contracts/in-process.ts";
import { workloadsOf } from "../../harness/explore/bases.ts";
import { sampleSchedules } from "../../harness/explore/random.ts";
import { singlesOf } from "../../harness/explore/sweep.ts";
import { historyHash } from "../../harness/history/hash.ts";
import { abstractOutcome } from "../../harness/rigs/abstract-outcome.ts";
import { type Run, runSchedules } from "../../harness/rigs/in-process/run.ts";
import type { Transport } from "../../harness/rigs/in-process/transport.ts";
import { openWire } from "../../harness/rigs/wire/wire.ts";
import type { Schedule } from "../../harness/schedule/schedule.ts";
import { currentSystem, releases } from "./system.ts";

/** Do the rigs agree? The same schedule by function calls and over real fetch and HTTP must come to the same. */

const wanted = 500;
const atOnce = 64;

async function runOn(
  system: InProcessSystem,
  schedules: readonly Schedule[],
  transport?: Transport,
): Promise<Run[]> {
  const runs: Run[] = [];
  for (let start = 0; start < schedules.length; start += atOnce) {
    runs.push(...(await runSchedules(system, schedules.slice(start, start + atOnce), transport)));
  }
  return runs;
}

/** Single faults from all over the sweep, and random schedules of several faults that all fire. */
async function sample(system: InProcessSystem): Promise<Schedule[]> {
  const workloads = await workloadsOf(system, releases, 11);
  const singles = (
    await Promise.all(
      workloads.map(async ({ base }) =>
        (await singlesOf(system, base)).map((fault) => ({ ...base, faults: [fault] })),
      ),
    )
  ).flat();
  const chosen = singles.filter((_, i) => i % 5 === 0);
  const random = await runOn(system, sampleSchedules(workloads, 12, 400));
  return [...chosen, ...random.filter(({ unfired }) => unfired.length === 0).map(({ schedule }) => schedule)];
}

test(`at least ${wanted} sampled schedules come to the same on simulated and on wire`, {
  timeout: 120_000,
}, async () => {
  const system = await currentSystem();
  const schedules = await sample(system);
  expect(schedules.length).toBeGreaterThanOrEqual(wanted);
  const simulated = await runOn(system, schedules);
  using wire = openWire();
  const onWire = await runOn(system, schedules, wire);
  // Every schedule has a claim, a heartbeat and a finish at least: less would mean that they went past the wire.
  expect(wire.requests).toBeGreaterThan(3 * schedules.length);
  const differing = schedules.filter(
    (_, i) => JSON.stringify(outcomeOf(simulated[i])) !== JSON.stringify(outcomeOf(onWire[i])),
  );
  expect(differing.map(({ seed, faults }) => ({ seed, faults }))).toEqual([]);
});

test("the same schedule gives the same history, to the letter", async () => {
  const system = await currentSystem();
  const schedules = (await sample(system)).filter((_, i) => i % 10 === 0);
  const first = await runOn(system, schedules);
  const again = await runOn(system, schedules);
  expect(again.map(({ events }) => historyHash(events))).toEqual(
    first.map(({ events }) => historyHash(events)),
  );
});

const outcomeOf = (run: Run | undefined) => ({
  outcome: abstractOutcome(run?.events ?? []),
  unfired: run?.unfired.length,
});
