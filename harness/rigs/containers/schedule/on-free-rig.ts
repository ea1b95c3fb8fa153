import type { Schedule } from "../../../schedule/schedule.ts";
import { sideBySide } from "../../../side-by-side.ts";
import type { ScheduleRig } from "../system/schedule-rig.ts";

/** Does something with every schedule, each on whichever rig is free. @returns what came of each, in their order */
export function onFreeRig<Result>(
  rigs: readonly ScheduleRig[],
  schedules: readonly Schedule[],
  one: (rig: ScheduleRig, schedule: Schedule) => Promise<Result>,
): Promise<Result[]> {
  const free = [...rigs];
  return sideBySide(schedules, rigs.length, async (schedule) => {
    const rig = free.pop() as ScheduleRig;
    try {
      return await one(rig, schedule);
    } finally {
      free.push(rig);
    }
  });
}
