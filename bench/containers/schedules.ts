import { sampledSingles } from "../../harness/explore/sampled-singles.ts";
import { judgeHistory } from "../../harness/invariants/judge.ts";
import { median, quantile } from "../../harness/quantile.ts";
import { printSchedule } from "../../harness/report/schedule.ts";
import { disagreement } from "../../harness/rigs/agreement.ts";
import { onFreeRig } from "../../harness/rigs/containers/schedule/reused-rigs.ts";
import { rigs as kinds } from "../../harness/rigs/index.ts";
import type { OpenRig } from "../../harness/rigs/rig.ts";
import type { Run } from "../../harness/rigs/run.ts";
import type { Schedule } from "../../harness/schedule/schedule.ts";
import type { Bar } from "../bar.ts";
import { type Bench, openRig, usualBases } from "../bench.ts";
import { seconds } from "../figures.ts";

/**
 * Schedules on reused containers rigs with real MySQL: how many a second, and whether they come to the same as in the
 * simulated rig. The mix is the sweep's own: single faults drawn from all over it.
 */
const calmSchedules = 30;
const faultySchedules = 120;
/** As many as two cores carry: most of a schedule's time is waiting. */
const rigsAtOnce = 2;

interface Timed {
  run: Run;
  millis: number;
}

/** Runs schedules on these rigs. */
async function timed(rigs: readonly OpenRig[], schedules: readonly Schedule[]) {
  const began = performance.now();
  const runs = await onFreeRig(rigs, schedules, async (rig, schedule): Promise<Timed> => {
    const start = performance.now();
    const [run] = await rig.run([schedule]);
    return { run: run as Run, millis: performance.now() - start };
  });
  return { runs, seconds: (performance.now() - began) / 1000 };
}

export async function measureContainers(bench: Bench): Promise<Bar[]> {
  const { config, note } = bench;
  const workloads = usualBases(bench).map(({ base }) => base);
  await using stack = new AsyncDisposableStack();
  const simulated = stack.use(await openRig(bench, "simulated", workloads));
  const { beyond } = await kinds.containers();
  const mayRun = ({ faults }: Schedule) => faults.every((planned) => beyond(planned, config) === null);
  const faulty = await sampledSingles(simulated.run, workloads, mayRun, { seed: 1, wanted: faultySchedules });
  const calm = Array.from({ length: calmSchedules }, (_, i) => workloads[i % workloads.length] as Schedule);

  note(`starting ${rigsAtOnce} containers rigs`);
  const rigs = await Promise.all(
    Array.from({ length: rigsAtOnce }, async () => stack.use(await openRig(bench, "containers", workloads))),
  );
  note(`${calm.length} schedules without a fault on one rig`);
  const quiet = await timed(rigs.slice(0, 1), calm);
  note(`${faulty.length} single faults of the sweep on ${rigsAtOnce} rigs`);
  const broken = await timed(rigs, faulty);

  const wrong: string[] = [];
  for (const { run } of broken.runs) {
    const problem = problemOf(run) ?? (await disagreement(simulated.run, run));
    if (problem !== null) wrong.push(`${printSchedule(run.schedule).join(", ")}: ${problem}`);
  }
  for (const line of wrong) note(`differs: ${line}`);
  const rate = broken.runs.length / broken.seconds;
  const times = broken.runs.map(({ millis }) => millis);
  const p95 = quantile(times, 0.95);
  return [
    {
      bar: "container schedules, reused rig, real MySQL",
      line: ">= 1 /s sustained, p95 <= 5 s",
      measured: `${rate.toFixed(1)} /s on ${rigsAtOnce} rigs, p50 ${seconds(median(times))}, p95 ${seconds(p95)} (${broken.runs.length} single faults of the sweep); without a fault ${(quiet.runs.length / quiet.seconds).toFixed(1)} /s on one rig`,
      met: rate >= 1 && p95 <= 5_000,
    },
    {
      bar: "rigs agree, simulated and containers",
      line: "all of >= 30 schedules",
      measured: `${broken.runs.length - wrong.length} of ${broken.runs.length}`,
      met: wrong.length === 0 && broken.runs.length >= 30,
    },
  ];
}

/** What is wrong with a run by itself; null where nothing is. */
function problemOf({ unfired, events }: Run): string | null {
  if (unfired.length > 0) return "its fault found no call to break";
  const { broken } = judgeHistory(events);
  return broken.length === 0
    ? null
    : broken.map(({ invariant, witnesses }) => `${invariant} ${witnesses.join("; ")}`).join(", ");
}
