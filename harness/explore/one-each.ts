import { stepOf } from "../../contracts/steps.ts";
import type { Run, RunSchedules } from "../rigs/run.ts";
import { singlesAt } from "../schedule/catalog.ts";
import type { Planned, Schedule } from "../schedule/schedule.ts";
import { concluded, type Exploration, type ExploreOptions } from "./explore.ts";
import { count, emptyTally } from "./tally.ts";
import { type Base, workloadsOf } from "./workloads.ts";

/**
 * Exploring in real time: one site for each step and kind of fault, the most telling first, until the time is over. What
 * was left out is counted.
 */

export interface OneEachOptions
  extends Pick<ExploreOptions, "rig" | "releases" | "seed" | "onLine" | "now" | "leftOut" | "isWhole"> {
  minutes: number;
  /** Whether it has a fault that the rig cannot do. */
  isBeyond: (schedule: Schedule) => boolean;
  /** Schedules that the rig runs at once. */
  atOnce: number;
  /** Told how much is done and how many seconds are left, at the latest. */
  onProgress: (done: number, all: number, secondsLeft: number) => void;
}

export async function exploreOneEach(
  run: RunSchedules,
  bases: readonly Base[],
  options: OneEachOptions,
): Promise<Exploration> {
  const { minutes, now, onLine, onProgress, atOnce } = options;
  const began = now();
  const limitMs = minutes * 60_000;
  const tally = emptyTally();
  const calm: Run[] = [];
  const workloads = await workloadsOf(async (schedules) => {
    const runs = await run(schedules);
    calm.push(...runs);
    return runs;
  }, bases);
  for (const one of calm) count(tally, one);
  const all = workloads.flatMap(({ base, reached }) =>
    singlesAt(reached).map((planned) => ({ base, planned })),
  );
  const within = all.filter((single) => !options.isBeyond(scheduleOf(single)));
  const chosen = telling(within);
  onLine(
    `${workloads.length} workloads, ${all.length} single faults: ${all.length - within.length} are beyond this rig, ${chosen.length} are one of each step and kind of fault, at most ${minutes} min`,
  );
  let done = 0;
  for (let start = 0; start < chosen.length && now() - began < limitMs; start += atOnce) {
    const some = chosen.slice(start, start + atOnce);
    const runs = await run(some.map(scheduleOf));
    for (const one of runs) count(tally, one);
    done += some.length;
    const each = (now() - began) / done;
    onProgress(
      done,
      chosen.length,
      Math.min(each * (chosen.length - done), limitMs - (now() - began)) / 1000,
    );
  }
  const leftOut = [
    ...options.leftOut,
    ...(done < chosen.length
      ? [`${chosen.length - done} of ${chosen.length} single faults since the time was over (--minutes)`]
      : []),
    ...(within.length > chosen.length
      ? [`${within.length - chosen.length} single faults at other sites of the same step and kind`]
      : []),
    ...(all.length > within.length
      ? [`${all.length - within.length} single faults that this rig cannot break`]
      : []),
    "pairs of faults and random schedules",
  ];
  const phases = [{ name: "one of each", schedules: tally.schedules, millis: now() - began }];
  return concluded(tally, phases, { ...options, leftOut });
}

interface Single {
  base: Schedule;
  planned: Planned;
}

const scheduleOf = ({ base, planned }: Single): Schedule => ({ ...base, faults: [planned] });

/** Steps and kinds of fault in the order in which they have brought most to light. */
const tellingSteps = ["report", "receipt", "register", "grant", "issue", "extend", "cancel", "look"];
const tellingKinds = [
  "lost",
  "kill",
  "stop",
  "duplicate",
  "outage",
  "pause",
  "half-open",
  "truncated",
  "status",
  "late",
  "surge",
  "clock",
  "kill-job",
];

/** One single fault for each link, operation, phase and kind, whatever its workload; the most telling first. */
function telling(singles: readonly Single[]): Single[] {
  const firsts = new Map<string, Single>();
  for (const single of singles) {
    const { at, fault } = single.planned;
    const who = "process" in fault ? fault.process : "";
    const key = [at.link, at.operation, at.phase, fault.kind, who].join(" ");
    if (!firsts.has(key)) firsts.set(key, single);
  }
  const rank = ({ planned: { at, fault } }: Single): number => {
    const step = tellingSteps.indexOf(stepOf(at.operation) ?? "");
    const kind = tellingKinds.indexOf(fault.kind);
    return (
      (step < 0 ? tellingSteps.length / 2 : step) +
      (kind < 0 ? tellingKinds.length : kind) +
      (at.phase === "after" ? 0 : 1)
    );
  };
  return [...firsts.values()].sort((a, b) => rank(a) - rank(b));
}
