import { execa } from "execa";
import { type Workload, workloadsOf } from "../harness/explore/bases.ts";
import type { Exploration } from "../harness/explore/explore.ts";
import { sampleSchedules } from "../harness/explore/random.ts";
import { count, emptyTally } from "../harness/explore/tally.ts";
import { findSystem } from "../harness/rigs/in-process/find-system.ts";
import { runSchedules } from "../harness/rigs/in-process/run.ts";
import type { Transport } from "../harness/rigs/in-process/transport.ts";
import { openWire } from "../harness/rigs/wire/wire.ts";
import type { Schedule } from "../harness/schedule/schedule.ts";
import type { Bar } from "./bar.ts";
import type { Bench } from "./bench.ts";

/** How many schedules a second, per rig and core, and how long the whole sweep takes. */
const releases = { api: "current", workers: { v5: "current", v6: "current" } };

export async function measureExploration({ config }: Bench): Promise<Bar[]> {
  Error.stackTraceLimit = 0;
  const system = await findSystem(config, releases);
  const workloads = await workloadsOf(system, releases, 1);
  const calm = Array.from({ length: 6_000 }, (_, i) => ({
    ...(workloads[i % workloads.length] as Workload).base,
    seed: i,
  }));
  const random = sampleSchedules(workloads, 5, 3_000);

  const rate = async (
    schedules: readonly Schedule[],
    atOnce: number,
    transport?: Transport,
  ): Promise<number> => {
    const tally = emptyTally();
    const began = performance.now();
    for (let start = 0; start < schedules.length; start += atOnce) {
      for (const run of await runSchedules(system, schedules.slice(start, start + atOnce), transport))
        count(tally, run);
    }
    return schedules.length / ((performance.now() - began) / 1000);
  };
  await rate(calm.slice(0, 1_000), 16);
  const withoutFault = await rate(calm, 16);
  const withFaults = await rate(random, 16);
  using wire = openWire();
  const onWire = await rate(random.slice(0, 400), 64, wire);
  const calmOnWire = await rate(calm.slice(0, 1_000), 64, wire);

  const { stdout } = await execa("node", ["harness/cli.ts", "explore", "--json"], {
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
