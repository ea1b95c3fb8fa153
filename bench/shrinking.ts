import { execa } from "execa";
import { judgeHistory } from "../harness/invariants/judge.ts";
import { workloadsOf } from "../harness/explore/bases.ts";
import { releasesOf } from "../harness/mutants/kill-planted.ts";
import { sampleSchedules } from "../harness/explore/random.ts";
import { shrink } from "../harness/shrink/shrink.ts";
import { SweepLookup } from "../harness/shrink/sweep-lookup.ts";
import { historyHash } from "../harness/history/hash.ts";
import { median } from "../harness/report/quantile.ts";
import { findSystem } from "../harness/rigs/in-process/find-system.ts";
import { runSchedules } from "../harness/rigs/in-process/run.ts";
import type { Bar } from "./bar.ts";
import type { Bench } from "./bench.ts";

/** How quickly planted faults are killed, and how small and how repeatable their counterexamples are. */
const builds = [
  "no-ledger",
  "report-given-up",
  "stale-finish-accepted",
  "registration-failure-ignored",
  "heartbeat-error-kills",
];
const failingEach = 20;

export async function measureShrinking({ config }: Bench): Promise<Bar[]> {
  const planted = (await config.inProcess?.())?.plantedFaults ?? [];
  const times: number[] = [];
  let minimal = 0;
  let same = 0;
  let repeats = 0;
  for (const id of builds) {
    const fault = planted.find((one) => one.id === id);
    if (fault?.invariant == null) throw new Error(`${id} is no planted fault`);
    const { invariant } = fault;
    const releases = releasesOf(fault, config.current);
    const system = await findSystem(config, releases);
    const lookup = new SweepLookup(system);
    const workloads = await workloadsOf(system, releases, 1);
    let done = 0;
    for (const schedule of sampleSchedules(workloads, 3, 4_000)) {
      if (done === failingEach) break;
      const [run] = await runSchedules(system, [schedule]);
      if (
        run === undefined ||
        run.unfired.length > 0 ||
        !judgeHistory(run.events).broken.some((one) => one.invariant === invariant)
      )
        continue;
      done += 1;
      const began = performance.now();
      const shrunk = await shrink(system, schedule, invariant, { lookup });
      times.push(performance.now() - began);
      if (shrunk === null) continue;
      if (shrunk.schedule.faults.length <= fault.minimalFaults) minimal += 1;
      const hash = historyHash(shrunk.run.events);
      for (let i = 0; i < 10; i += 1) {
        const [again] = await runSchedules(system, [shrunk.schedule]);
        repeats += 1;
        if (again !== undefined && historyHash(again.events) === hash) same += 1;
      }
    }
  }
  const { stdout } = await execa("node", ["harness/cli.ts", "faults", "--json"], {
    preferLocal: true,
    reject: false,
  });
  const kills = (
    JSON.parse(stdout) as { faults: { verdict: string; invariant: string | null; millis: number }[] }
  ).faults;
  const killed = kills.filter(({ verdict }) => verdict === "killed");
  const faults = kills.filter(({ invariant }) => invariant !== null);
  const share = minimal / times.length;
  return [
    {
      bar: "planted faults killed by their own invariant (simulated)",
      line: "all, median <= 1 s",
      measured: `${killed.length} of ${faults.length}, median ${Math.round(median(killed.map(({ millis }) => millis)))} ms`,
      met: killed.length === faults.length && median(killed.map(({ millis }) => millis)) <= 1_000,
    },
    {
      bar: "counterexamples with the globally smallest number of faults",
      line: ">= 99 %",
      measured: `${(100 * share).toFixed(1)} % of ${times.length}, shrinking median ${Math.round(median(times))} ms`,
      met: share >= 0.99,
    },
    {
      bar: "replay, simulated: identical history",
      line: "1,000/1,000",
      measured: `${same}/${repeats}`,
      met: same === repeats && repeats >= 1_000,
    },
  ];
}
