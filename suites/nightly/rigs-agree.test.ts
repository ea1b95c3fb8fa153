import { afterAll, beforeAll, expect, test } from "vitest";
import { engines } from "../../contracts/job.ts";
import { sampleSchedules } from "../../harness/explore/random.ts";
import { sampledSingles } from "../../harness/explore/sampled-singles.ts";
import { basesOf, usualScenarios, type Workload, workloadsOf } from "../../harness/explore/workloads.ts";
import { judgeHistory } from "../../harness/invariants/judge.ts";
import { printSchedule } from "../../harness/report/schedule.ts";
import { disagreement } from "../../harness/rigs/agreement.ts";
import { beyondIn } from "../../harness/rigs/beyond.ts";
import { beyondReach } from "../../harness/rigs/containers/schedule/reach.ts";
import { onFreeRig } from "../../harness/rigs/containers/schedule/reused-rigs.ts";
import type { RunSchedules } from "../../harness/rigs/run.ts";
import type { Schedule } from "../../harness/schedule/schedule.ts";
import { type Bed, makeBed, releases } from "../containers/schedule-bed.ts";
import { simulated } from "../containers/simulated.ts";

/**
 * Do the rigs agree? The same schedule must come to the same in containers as in the simulated rig: every job's status,
 * effect, delivery, registration, lease, leftovers and unsent reports. A customer's kill may have come in time or too
 * late on either; on both the history must break no invariant.
 */

const workers = 2;
const singles = 32;
const several = 6;
/** Of all faults of a random schedule together: containers wait for them in real time. */
const longestMs = 60_000;

let beds: Bed[];
beforeAll(async () => {
  beds = await Promise.all([1, 2].map(() => makeBed(["v5", "v6"], workers)));
});
afterAll(() => Promise.all(beds.map((bed) => bed.leave())));

/**
 * Random schedules of two or three faults that all fire in the simulated rig. None has a kill: whether that comes in time
 * decides which other faults find a call at all; the kills are among the single faults. And of two jobs none is broken at
 * a site that names no job: which of them comes there first is up to the rig.
 */
async function randomSchedules(
  run: RunSchedules,
  workloads: readonly Workload[],
  isWithinReach: (schedule: Schedule) => boolean,
): Promise<Schedule[]> {
  const lasting = ({ faults }: Schedule) =>
    faults.reduce((sum, { fault }) => sum + ("ms" in fault ? (fault.ms ?? 0) : 0), 0);
  const fitting = sampleSchedules(workloads, 3, 600).filter(
    (schedule) =>
      isWithinReach(schedule) &&
      [2, 3].includes(schedule.faults.length) &&
      schedule.faults.every(({ fault }) => fault.kind !== "kill-job") &&
      (schedule.workload.jobs.length === 1 || schedule.faults.every(({ at }) => at.job !== null)) &&
      schedule.workload.workers <= workers &&
      lasting(schedule) <= longestMs,
  );
  const runs = await run(fitting);
  return runs
    .filter(({ unfired }) => unfired.length === 0)
    .slice(0, several)
    .map(({ schedule }) => schedule);
}

test("schedules from all over the sweep, and random ones, come to the same on simulated and in containers", async () => {
  const { config } = (beds[0] as Bed).rig;
  const onCode = await simulated(config);
  const isWithinReach = (schedule: Schedule) =>
    beyondIn({ beyond: beyondReach }, schedule, config).size === 0;
  const workloads = await workloadsOf(
    onCode,
    basesOf(engines, usualScenarios(config.scenarios), releases, 21),
  );
  const bases = workloads.map(({ base }) => base);
  const schedules = [
    ...(await sampledSingles(onCode, bases, isWithinReach, { seed: 22, wanted: singles })),
    ...(await randomSchedules(onCode, workloads, isWithinReach)),
  ];
  expect(schedules).toHaveLength(singles + several);
  const rigs = beds.map(({ reused }) => reused);
  const found = await onFreeRig(rigs, schedules, async (rig, schedule) => {
    const run = await rig.run(schedule);
    return {
      schedule: printSchedule(schedule),
      unfired: run.unfired,
      differs: await disagreement(onCode, run),
      broken: judgeHistory(run.events).broken,
    };
  });
  const wrong = found.filter(
    ({ unfired, differs, broken }) => unfired.length > 0 || differs !== null || broken.length > 0,
  );
  expect(wrong).toEqual([]);
});
