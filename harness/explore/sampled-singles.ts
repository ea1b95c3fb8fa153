import fc from "fast-check";
import type { RunSchedules } from "../rigs/run.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { singlesOf } from "./sweep.ts";

/** So many schedules of the sweep of single faults, drawn from all over it by seed: the same mix of places and kinds. */
export async function sampledSingles(
  run: RunSchedules,
  workloads: readonly Schedule[],
  mayRun: (schedule: Schedule) => boolean,
  { seed, wanted }: { seed: number; wanted: number },
): Promise<Schedule[]> {
  const each = await Promise.all(
    workloads.map(async (base) =>
      (await singlesOf(run, base)).map((planned) => ({ ...base, faults: [planned] })),
    ),
  );
  const all = each.flat().filter(mayRun);
  const length = Math.min(wanted, all.length);
  const drawn = fc.shuffledSubarray(all, { minLength: length, maxLength: length });
  return fc.sample(drawn, { seed, numRuns: 1 }).flat();
}
