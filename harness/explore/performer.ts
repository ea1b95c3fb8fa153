import type { OpenRig } from "../rigs/rig.ts";
import { emptyTally, merge, type Tally } from "./tally.ts";
import { perform, type Task } from "./task.ts";

/** Who performs tasks of an exploration. */
export interface Performer {
  /** Tasks that it works on at once. */
  size: number;
  /** Performs all tasks; the tally of each is also handed over as it comes. The sum does not depend on the order. */
  perform: (tasks: readonly Task[], onTally: (tally: Tally) => void) => Promise<Tally>;
}

/** One task after the other, on a rig of this process. */
export const onRig = ({ run, limits }: Pick<OpenRig, "run" | "limits">): Performer => ({
  size: 1,
  perform: async (tasks, onTally) => {
    const total = emptyTally();
    for (const task of tasks) {
      const tally = await perform(run, limits, task);
      merge(total, tally);
      onTally(tally);
    }
    return total;
  },
});
