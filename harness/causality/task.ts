import { breaks } from "../invariants/judge.ts";
import type { ContinuingRig } from "../rigs/in-process/continuing/continuing.ts";
import type { Rest } from "../rigs/in-process/continuing/rest.ts";
import type { Schedule } from "../schedule/schedule.ts";

/** Some continuations of one place: plain data, for a thread. */
export interface Task {
  schedule: Schedule;
  rest: Omit<Rest, "seed">;
  /** Null: latencies and faults stay as they are. */
  seeds: readonly (number | null)[];
  wanted: { invariant: string; job: number };
}

/** What came of them, in the order of their seeds. */
export interface Ends {
  broken: boolean[];
  /** Whether chance decided anything in one of them. */
  hasDrawn: boolean;
}

export async function endsOf(rig: ContinuingRig, { schedule, rest, seeds, wanted }: Task): Promise<Ends> {
  const runs = await rig.goOn(
    schedule,
    seeds.map((seed) => ({ ...rest, seed })),
  );
  return {
    broken: runs.map(({ events }) => breaks(events, wanted)),
    hasDrawn: runs.some(({ hasDrawn }) => hasDrawn),
  };
}
