import type { Schedule } from "../../../../schedule/schedule.ts";

/**
 * The jobs before this one at which a fault is planned; none where no fault is planned at it. A step of a plan that is
 * taken at a later job must not meet a process that an earlier step is still to change.
 */
export function hitBefore({ faults }: Pick<Schedule, "faults">, number: number): number[] {
  const hit = faults.flatMap(({ at }) => at.job ?? []);
  return hit.includes(number) ? [...new Set(hit)].filter((job) => job < number) : [];
}
