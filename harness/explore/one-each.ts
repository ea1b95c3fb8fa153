import { stepOf } from "../../contracts/steps.ts";
import { InfrastructureError, troubleOf } from "../errors.ts";
import type { BrokenInvariant } from "../invariants/judge.ts";
import type { Run, RunSchedules } from "../rigs/run.ts";
import { singlesAt } from "../schedule/catalog.ts";
import { type Planned, printPlanned, type Schedule } from "../schedule/schedule.ts";
import { concluded, type Exploration, type ExploreOptions } from "./explore.ts";
import { chunks } from "./pairs.ts";
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
  /** Told of each run that broke something, before anything else is run. */
  onFound: (run: Run, broken: readonly BrokenInvariant[]) => Promise<void>;
}

/** Of the time, so much is kept for making a finding smaller. */
const shareToShrink = 0.25;

/**
 * What it found stands, also where the rig fails later on.
 *
 * @throws InfrastructureError where the rig fails before anything was found
 */
export async function exploreOneEach(
  run: RunSchedules,
  bases: readonly Base[],
  options: OneEachOptions,
): Promise<Exploration> {
  const { now, onLine } = options;
  const began = now();
  const tally = emptyTally();
  const counted: RunSchedules = async (schedules) => {
    const runs = await run(schedules);
    for (const one of runs) {
      const broken = count(tally, one);
      if (broken.length > 0) await options.onFound(one, broken);
    }
    return runs;
  };
  const leftOut = [...options.leftOut];
  try {
    leftOut.push(...(await tryEach(counted, bases, options, () => tally.found.length > 0)));
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble === null || tally.found.length === 0) throw error;
    onLine(trouble.message);
    leftOut.push(`all that was to be tried when the rig failed: ${trouble.message.split("\n")[0]}`);
  }
  const phases = [{ name: "one of each", schedules: tally.schedules, millis: now() - began }];
  return concluded(tally, phases, {
    ...options,
    leftOut: [...leftOut, "pairs of faults and random schedules"],
  });
}

/** @returns what was left out, in words */
async function tryEach(
  run: RunSchedules,
  bases: readonly Base[],
  { minutes, now, onLine, onProgress, atOnce, isBeyond }: OneEachOptions,
  hasFound: () => boolean,
): Promise<string[]> {
  const began = now();
  const limitMs = minutes * 60_000;
  const hasTime = (share = 1) => now() - began < limitMs * share;
  onLine(`${bases.length} workloads without a fault, at most ${minutes} min`);
  const calm: Run[] = [];
  // What was found in the first ones is known before the last ones are run.
  for (const some of chunks(bases, atOnce)) {
    if (calm.length > 0 && !hasTime()) break;
    calm.push(...(await run(some.map(({ base }) => base))));
  }
  const workloads = await workloadsOf(async () => calm, bases.slice(0, calm.length));
  const all = workloads.flatMap(({ base, reached }) =>
    singlesAt(reached).map((planned) => ({ base, planned })),
  );
  const within = all.filter((single) => !isBeyond(scheduleOf(single)));
  const chosen = telling(within);
  onLine(
    `${workloads.length} workloads, ${all.length} single faults: ${all.length - within.length} are beyond this rig, ${chosen.length} are one of each step and kind of fault, at most ${minutes} min`,
  );
  let done = 0;
  for (const some of chunks(chosen, atOnce)) {
    if (!hasTime(hasFound() ? 1 - shareToShrink : 1)) break;
    await run(some.map(scheduleOf)).catch((error: unknown) => {
      throw beside(error, some);
    });
    done += some.length;
    const each = (now() - began) / done;
    onProgress(
      done,
      chosen.length,
      Math.min(each * (chosen.length - done), limitMs - (now() - began)) / 1000,
    );
  }
  return [
    ...(calm.length < bases.length
      ? [`${bases.length - calm.length} of ${bases.length} workloads since the time was over (--minutes)`]
      : []),
    ...(done < chosen.length
      ? [`${chosen.length - done} of ${chosen.length} single faults since the time was over (--minutes)`]
      : []),
    ...(within.length > chosen.length
      ? [`${within.length - chosen.length} single faults at other sites of the same step and kind`]
      : []),
    ...(all.length > within.length
      ? [`${all.length - within.length} single faults that this rig cannot break`]
      : []),
  ];
}

/** A trouble with the faults beside which it came: one of them may be why. */
function beside(error: unknown, tried: readonly Single[]): unknown {
  const trouble = troubleOf(error)?.trouble;
  if (trouble === undefined) return error;
  const faults = tried.map(({ base, planned }) => {
    const jobs = base.workload.jobs.map(({ scenario, engine }) => `${scenario} on ${engine}`);
    return `${jobs.join(" and ")}, ${printPlanned(planned)}`;
  });
  return new InfrastructureError(
    { ...trouble, happened: `${trouble.happened}, while this was tried: ${faults.join("; ")}` },
    error,
  );
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
