import type { Schedule } from "../../../schedule/schedule.ts";
import { sideBySide } from "../../../side-by-side.ts";

/** Does something with every schedule, each on whichever rig is free. @returns what came of each, in their order */
export function onFreeRig<Rig, Result>(
  rigs: readonly Rig[],
  schedules: readonly Schedule[],
  one: (rig: Rig, schedule: Schedule) => Promise<Result>,
): Promise<Result[]> {
  const free = [...rigs];
  return sideBySide(schedules, rigs.length, async (schedule) => {
    const rig = free.pop() as Rig;
    try {
      return await one(rig, schedule);
    } finally {
      free.push(rig);
    }
  });
}
