import type { Engine } from "../../../../contracts/job.ts";
import type { Millis } from "../../../../contracts/values.ts";
import { usualScenarios } from "../../../../harness/explore/workloads.ts";
import { callsByJob } from "../../../../harness/history/calls.ts";
import { allBroken, judgeHistory } from "../../../../harness/invariants/judge.ts";
import type { Run } from "../../../../harness/rigs/run.ts";
import { isFor } from "../../../../harness/schedule/scenario.ts";
import {
  type Fault,
  type LinkName,
  processNames,
  type Schedule,
  type Site,
  scheduleFormat,
} from "../../../../harness/schedule/schedule.ts";
import { config, releases, runOn } from "../../../status-sync/system.ts";

/** Jobs of every kind at once, and what of the service the upgrade may cut off from them, in virtual time. */

const minute: Millis = 60_000;
/** As long as workers wait at most is 10 minutes. */
export const outageMs: Millis = 9 * minute;

/** Presto makes no kind of job that Hive does not. */
const engines = {
  v5: ["hive-cdh4"],
  v6: ["hive-hdp2"],
  both: ["hive-cdh4", "hive-hdp2"],
  all: ["presto", "hive-cdh4", "hive-hdp2"],
} as const satisfies Record<string, readonly Engine[]>;
export type Workers = keyof typeof engines;

/** Each usual scenario on each engine of these workers, all under way at once, on two processes of the API. */
const everyKind = (
  workers: Workers,
  own: Pick<Schedule["releases"], "api" | "workers"> = releases,
): Schedule => ({
  format: scheduleFormat,
  workload: {
    jobs: engines[workers].flatMap((engine) =>
      usualScenarios(config.scenarios)
        .filter((scenario) => isFor(scenario, engine))
        .map(({ name: scenario }) => ({ scenario, engine })),
    ),
    workers: 10,
  },
  releases: { ...own, beside: [own.api] },
  seed: 2017,
  faults: [],
});

export type Tier = "change" | "night";
const everybody = { change: "both", night: "all" } as const;
/** What the model of the contract must leave open without a database makes it slow: so fewer jobs. */
const few = { change: "v6", night: "all" } as const;
const alone = (workers: Workers) => ({ change: workers, night: workers });

/** What is cut off, from a call on this link on. */
export interface Cut {
  link: LinkName;
  /** Who has jobs, on every change and at night. */
  workers: Readonly<Record<Tier, Workers>>;
  faults: (ms: Millis, schedule: Schedule) => readonly Fault[];
}

const unreachable = (ms: Millis): Fault[] => [{ kind: "outage", ms }];
const restarted =
  (process: "api" | "database") =>
  (ms: Millis): Fault[] => [{ kind: "kill", process, ms }];
/** All processes of a kind whose names begin so. */
const allGone =
  (process: "api" | "worker", begin: string) =>
  (ms: Millis, schedule: Schedule): Fault[] =>
    processNames(schedule)
      [process].filter((name) => name.startsWith(begin))
      .map((name) => ({ kind: "kill", process, name, ms }));

export const cuts: Readonly<Record<string, Cut>> = {
  "customers from the API": { link: "customer->api", workers: everybody, faults: unreachable },
  "all workers from the API": { link: "worker->api", workers: everybody, faults: unreachable },
  "workers v5 from the API": { link: "worker->api", workers: alone("v5"), faults: unreachable },
  "workers v6 from the API": { link: "worker->api", workers: alone("v6"), faults: unreachable },
  "the API from its database": { link: "api->database", workers: few, faults: unreachable },
  "workers from the warehouse": { link: "worker->warehouse", workers: everybody, faults: unreachable },
  "both from the database, which is restarted": {
    link: "api->database",
    workers: few,
    faults: restarted("database"),
  },
  "one of two processes of the API": { link: "customer->api", workers: everybody, faults: restarted("api") },
  "all processes of the API": { link: "worker->api", workers: everybody, faults: allGone("api", "api") },
  "workers v5, while v6 go on": {
    link: "worker->api",
    workers: everybody,
    faults: allGone("worker", "worker-v5"),
  },
  "workers v6, while v5 go on": {
    link: "worker->api",
    workers: everybody,
    faults: allGone("worker", "worker-v6"),
  },
};

const cutAt = ({ faults }: Cut, base: Schedule, at: Site, ms: Millis): Schedule => ({
  ...base,
  faults: faults(ms, base).map((fault) => ({ at, fault })),
});

/** Not from within a transaction: faults of statements try that. */
const callsOn = ({ link }: Pick<Cut, "link">, { reached }: Run): Site[] =>
  reached.filter((site) => site.link === link && site.statement === undefined);

/** The cut at calls that are so far on, as parts of all on its link, in the jobs' lives without a fault. */
export async function cutOff(
  cut: Cut,
  tier: Tier,
  parts: readonly number[],
  own: Pick<Schedule["releases"], "api" | "workers"> = releases,
): Promise<Run[]> {
  const run = await runOn(own);
  const base = everyKind(cut.workers[tier], own);
  const calls = (await run([base])).flatMap((whole) => callsOn(cut, whole));
  return await run(
    parts.map((part) => cutAt(cut, base, calls[Math.floor(calls.length * part)] as Site, outageMs)),
  );
}

/** What is wrong about a run in which something was cut off, in words; of invariants their names. */
export function wrongWith({ events, unfired }: Run): string[] {
  const judgement = judgeHistory(events);
  return [
    ...unfired.map(({ fault }) => `${fault.kind} did not fire`),
    ...allBroken(judgement).map(({ invariant }) => invariant),
    ...(judgement.unjudged > 0 ? ["not all was judged"] : []),
  ];
}

/** The words of jobs that did not end in success. */
export const failures = ({ events }: Run): string[] =>
  events.flatMap((event) =>
    event.kind === "final" && event.stored !== "success" ? [`${event.stored}: ${event.record?.message}`] : [],
  );

/** The scenarios of the jobs that were ordered when the first fault came, and whose end was reported later. */
export function underWay({ events, schedule }: Run): Set<string> {
  const at = events.find(({ kind }) => kind === "fault")?.at ?? 0;
  const exchanges = events.filter((event) => event.kind === "exchange");
  const { of } = callsByJob(
    exchanges,
    events.filter((event) => event.kind === "final"),
  );
  const left = schedule.workload.jobs.filter((_, i) => {
    const job = of.get(i + 1);
    return job?.calls.some(({ sent }) => sent <= at) && job.steps.report.some((report) => report.at > at);
  });
  return new Set(left.map(({ scenario }) => scenario));
}
