import type { Schedule } from "../../../schedule/schedule.ts";
import { sideBySide } from "../../../side-by-side.ts";
import type { ReusedRig } from "./reuse.ts";

/** Does something with every schedule, each on whichever rig is free. @returns what came of each, in their order */
export function onFreeRig<Result>(
  rigs: readonly ReusedRig[],
  schedules: readonly Schedule[],
  one: (rig: ReusedRig, schedule: Schedule) => Promise<Result>,
): Promise<Result[]> {
  const free = [...rigs];
  return sideBySide(schedules, rigs.length, async (schedule) => {
    const rig = free.pop() as ReusedRig;
    try {
      return await one(rig, schedule);
    } finally {
      free.push(rig);
    }
  });
}
