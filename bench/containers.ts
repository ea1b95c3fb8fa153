import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { judgeHistory } from "../harness/checks/invariants/judge.ts";
import { bases } from "../harness/explore/bases.ts";
import { singlesOf } from "../harness/explore/sweep.ts";
import type { HistoryEvent } from "../harness/history/event.ts";
import { Recorder } from "../harness/history/recorder.ts";
import { loadConfig } from "../harness/load-config.ts";
import { ownerOf } from "../harness/rigs/containers/owner.ts";
import { type ScheduleRig, startScheduleRig } from "../harness/rigs/containers/schedule-rig.ts";
import { runSchedule } from "../harness/rigs/containers/schedule-run.ts";
import { findSystem } from "../harness/rigs/in-process/find-system.ts";
import { runSchedules } from "../harness/rigs/in-process/run.ts";
import { printFault, printSite, type Schedule } from "../harness/schedule/schedule.ts";
import { Secrets } from "../harness/secrets.ts";

/**
 * Schedules on a reused containers rig with real MySQL: how many a second, and whether they end as in the simulated
 * rig. Every n-th single fault of the sweep, all workloads, so that the mix is the sweep's own.
 */
export interface ContainerFigures extends Figures {
  schedules: number;
  rigs: number;
  /** Without any fault, on one rig. */
  calm: Figures;
  /** Schedules whose fault found no call to break. */
  unfired: string[];
  /** Schedules that ended otherwise than in the simulated rig. */
  disagree: string[];
  violations: string[];
}

interface Figures {
  perSecond: number;
  /** Of one schedule, in milliseconds. */
  p50: number;
  p95: number;
}

const releases = { api: "current", workers: { v5: "current", v6: "current" } };

export async function measureContainers(wanted: number, rigs: number): Promise<ContainerFigures> {
  const secrets = new Secrets();
  const config = await loadConfig("interlock.config.ts", secrets);
  const system = await findSystem(config, releases);
  const workloads = bases(releases, 1);
  const singles = (await Promise.all(workloads.map((base) => singlesOf(system, base)))).flat();
  const reachable = singles.filter(({ at }) => at.link !== "worker->disk");
  // A stride that has no divisor in common with the sweep's own rhythm.
  const all = workloads.flatMap((base) => singlesFor(base, reachable));
  const stride = Math.max(1, Math.floor(all.length / wanted)) | 1;
  const faulty = all.filter((_, i) => i % stride === 0).slice(0, wanted);
  const calm = Array.from({ length: 30 }, (_, i) => workloads[i % workloads.length] as Schedule);

  const folder = await mkdtemp(".interlock/bench-");
  const run = folder.slice(folder.lastIndexOf("/") + 1).toLowerCase();
  const now = () => performance.now();
  const recorder = new Recorder(
    join(folder, "history.jsonl"),
    { id: run, api: "current" },
    secrets.redact,
    now,
  );
  const { signal } = new AbortController();
  const about = { config, releases, generations: ["v5", "v6"] as const, workers: 2 };
  try {
    await using stack = new AsyncDisposableStack();
    const beds = Array.from({ length: rigs }, (_, i) =>
      startScheduleRig({
        ...about,
        owner: ownerOf(`${run}-${i + 1}`),
        folder: join(folder, String(i + 1)),
        redact: secrets.redact,
        recorder,
        signal,
      }).then((rig) => stack.use(rig)),
    );
    const ready = await Promise.all(beds);
    const [first] = ready as [ScheduleRig];
    const calmFigures = await timed(
      [first],
      calm,
      async (rig, schedule) => void (await runSchedule(rig, schedule)),
    );
    const found = { unfired: [] as string[], disagree: [] as string[], violations: [] as string[] };
    const figures = await timed(ready, faulty, async (rig, schedule) => {
      const { events, unfired } = await runSchedule(rig, schedule);
      const what = titleOf(schedule);
      if (unfired.length > 0) return void found.unfired.push(what);
      const [simulated] = await runSchedules(system, [schedule]);
      const [here, there] = [endOf(events), endOf(simulated?.events ?? [])];
      if (here !== there) found.disagree.push(`${what}: ${here}, simulated ${there}`);
      for (const { invariant, witnesses } of judgeHistory(events).broken)
        found.violations.push(`${what}: ${invariant} ${witnesses.join("; ")}`);
    });
    return { schedules: faulty.length, rigs, ...figures, calm: calmFigures, ...found };
  } finally {
    await recorder.close();
    await rm(folder, { recursive: true });
  }
}

/** The singles of one workload: those whose place its own run reaches. */
const singlesFor = (base: Schedule, singles: Awaited<ReturnType<typeof singlesOf>>): Schedule[] => {
  const registers = base.workload.jobs[0]?.statement === "create-table";
  const reaches = (operation: string) =>
    registers ? operation !== "insertInto" : !/register_table|Table/.test(operation);
  return singles.filter(({ at }) => reaches(at.operation)).map((planned) => ({ ...base, faults: [planned] }));
};

/** Runs them all, each rig one after the other. */
async function timed(
  rigs: readonly ScheduleRig[],
  schedules: readonly Schedule[],
  one: (rig: ScheduleRig, schedule: Schedule) => Promise<void>,
): Promise<Figures> {
  const times: number[] = [];
  const queue = [...schedules];
  const start = performance.now();
  await Promise.all(
    rigs.map(async (rig) => {
      for (let schedule = queue.shift(); schedule !== undefined; schedule = queue.shift()) {
        const began = performance.now();
        await one(rig, schedule);
        times.push(performance.now() - began);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
  return { perSecond: Math.round((10 * times.length) / seconds) / 10, p50: at(0.5), p95: at(0.95) };
}

const endOf = (events: readonly HistoryEvent[]): string =>
  events
    .flatMap((event) =>
      event.kind === "final" ? [`${event.stored}, ${event.rows?.length ?? "no"} rows`] : [],
    )
    .join("; ");

const titleOf = ({ workload, faults }: Schedule): string =>
  [
    ...workload.jobs.map(({ statement, engine }) => `${statement} on ${engine}`),
    ...faults.map(({ at, fault }) => `${printSite(at)}: ${printFault(fault)}`),
  ].join(", ");

if (import.meta.main) {
  console.log(
    JSON.stringify(
      await measureContainers(Number(process.argv[2] ?? 60), Number(process.argv[3] ?? 4)),
      null,
      2,
    ),
  );
  process.exit();
}
