import { execa } from "execa";
import type { Exploration } from "../harness/explore/explore.ts";
import { sampleSchedules } from "../harness/explore/random.ts";
import { count, emptyTally } from "../harness/explore/tally.ts";
import { workloadsOf } from "../harness/explore/workloads.ts";
import type { RunSchedules } from "../harness/rigs/run.ts";
import type { Schedule } from "../harness/schedule/schedule.ts";
import type { Bar } from "./bar.ts";
import { type Bench, openRig, usualBases } from "./bench.ts";

/** How many schedules a second, per rig and core, and how long the whole sweep takes. */
export async function measureExploration(bench: Bench): Promise<Bar[]> {
  const bases = usualBases(bench);
  const workloads = bases.map(({ base }) => base);
  await using simulated = await openRig(bench, "simulated", workloads);
  const random = sampleSchedules(await workloadsOf(simulated.run, bases), 5, 3_000);
  const calm = Array.from({ length: 6_000 }, (_, i) => ({
    ...(workloads[i % workloads.length] as Schedule),
    seed: i,
  }));
  await rate(simulated.run, calm.slice(0, 1_000), 16);
  const withoutFault = await rate(simulated.run, calm, 16);
  const withFaults = await rate(simulated.run, random, 16);
  await using wire = await openRig(bench, "wire", workloads);
  const onWire = await rate(wire.run, random.slice(0, 400), 64);
  const calmOnWire = await rate(wire.run, calm.slice(0, 1_000), 64);

  const { stdout } = await execa("node", ["harness/cli.ts", "explore", "--rig", "simulated", "--json"], {
    preferLocal: true,
    reject: false,
  });
  const sweep = JSON.parse(stdout) as Exploration;
  const seconds = sweep.phases.reduce((sum, { millis }) => sum + millis, 0) / 1000;
  return [
    {
      bar: "simulated schedules, real API and worker code, one core",
      line: ">= 5,000 /s",
      measured: `${Math.round(withoutFault)} /s without a fault, ${Math.round(withFaults)} /s with up to 6 random ones`,
      met: withFaults >= 5_000,
    },
    {
      bar: "wire schedules, one core",
      line: ">= 300 /s",
      measured: `${Math.round(calmOnWire)} /s without a fault, ${Math.round(onWire)} /s with up to 6 random ones`,
      met: onWire >= 300,
    },
    {
      bar: "exhaustive single and double faults, both generations and statements",
      line: "<= 60 s",
      measured: `${seconds.toFixed(1)} s for ${sweep.tally.schedules} schedules, ${sweep.tally.found.length} violations`,
      met: seconds <= 60 && sweep.exit === 0,
    },
  ];
}

/** Schedules a second, run and judged. */
async function rate(run: RunSchedules, schedules: readonly Schedule[], atOnce: number): Promise<number> {
  const tally = emptyTally();
  const began = performance.now();
  for (let start = 0; start < schedules.length; start += atOnce) {
    for (const one of await run(schedules.slice(start, start + atOnce))) count(tally, one);
  }
  return schedules.length / ((performance.now() - began) / 1000);
}
