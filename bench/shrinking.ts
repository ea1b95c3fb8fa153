import { execa } from "execa";
import { sampleSchedules } from "../harness/explore/random.ts";
import { type Base, workloadsOf } from "../harness/explore/workloads.ts";
import { historyHash } from "../harness/history/hash.ts";
import { judgeHistory } from "../harness/invariants/judge.ts";
import { releasesOf } from "../harness/mutants/kill.ts";
import { median } from "../harness/quantile.ts";
import type { KillSummary } from "../harness/report/mutants.ts";
import type { RunSchedules } from "../harness/rigs/run.ts";
import type { Schedule } from "../harness/schedule/schedule.ts";
import { shrink } from "../harness/shrink/shrink.ts";
import { SweepLookup } from "../harness/shrink/sweep-lookup.ts";
import type { Bar } from "./bar.ts";
import { type Bench, openRig, usualBases } from "./bench.ts";

/** How quickly mutants are killed, and how small and how repeatable their counterexamples are. */
const ids = [
  "no-ledger",
  "report-given-up",
  "stale-finish-accepted",
  "registration-failure-ignored",
  "heartbeat-error-kills",
];
const failingEach = 20;

export async function measureShrinking(bench: Bench): Promise<Bar[]> {
  const mutants = (await bench.config.inProcess?.load())?.mutants ?? [];
  const times: number[] = [];
  let minimal = 0;
  let same = 0;
  let repeats = 0;
  for (const id of ids) {
    const mutant = mutants.find((one) => one.id === id);
    if (mutant?.invariant == null) throw new Error(`${id} is no mutant`);
    const { invariant } = mutant;
    const bases = usualBases(bench, releasesOf(mutant, bench.config.current));
    await using rig = await openRig(
      bench,
      "simulated",
      bases.map(({ base }) => base),
    );
    const lookup = new SweepLookup(rig.run);
    for (const schedule of await failing(rig.run, bases, invariant)) {
      const began = performance.now();
      const shrunk = await shrink(rig.run, schedule, invariant, { lookup });
      times.push(performance.now() - began);
      if (shrunk === null) continue;
      if (shrunk.schedule.faults.length <= mutant.minimalFaults) minimal += 1;
      const hash = historyHash(shrunk.run.events);
      for (let i = 0; i < 10; i += 1) {
        const [again] = await rig.run([shrunk.schedule]);
        repeats += 1;
        if (again !== undefined && historyHash(again.events) === hash) same += 1;
      }
    }
  }
  const { stdout } = await execa("node", ["harness/cli.ts", "mutants", "--json"], {
    preferLocal: true,
    reject: false,
  });
  const { mutants: all, killed, medianMillis } = JSON.parse(stdout) as KillSummary;
  const share = minimal / times.length;
  return [
    {
      bar: "mutants killed by their own invariant (simulated)",
      line: "all, median <= 1 s",
      measured: `${killed} of ${all}, median ${Math.round(medianMillis)} ms`,
      met: killed === all && medianMillis <= 1_000,
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

/** Random schedules that break the invariant. */
async function failing(run: RunSchedules, bases: readonly Base[], invariant: string): Promise<Schedule[]> {
  const found: Schedule[] = [];
  for (const schedule of sampleSchedules(await workloadsOf(run, bases), 3, 4_000)) {
    if (found.length === failingEach) break;
    const [one] = await run([schedule]);
    if (one === undefined || one.unfired.length > 0) continue;
    if (judgeHistory(one.events).broken.some((broken) => broken.invariant === invariant))
      found.push(schedule);
  }
  return found;
}
