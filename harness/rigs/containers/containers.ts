import { asOne, UsageError } from "../../errors.ts";
import { keepHistory } from "../../history/write.ts";
import { stopSignal } from "../../interrupt.ts";
import type { OpenRig, RigKind } from "../rig.ts";
import { sweepBefore } from "./docker/leftovers.ts";
import { beyondReach } from "./schedule/reach.ts";
import { ReusedRig } from "./schedule/reuse.ts";
import { onFreeRig } from "./schedule/reused-rigs.ts";
import { openRig } from "./system/open-rig.ts";

/** The rig for anybody's builds. */
export const containers: RigKind = {
  isDeterministic: false,
  hasOwnTime: false,
  isThreaded: false,
  beyond: beyondReach,
  open: async (
    { due, ...needs },
    { config, secrets, runsFolder, note, sideBySide = 1 },
  ): Promise<OpenRig> => {
    refuseDue(due);
    await sweepBefore(runsFolder, note);
    note(`starting MySQL, the API and ${needs.workers} of each worker for ${needs.engines.join(", ")}`);
    await using held = new AsyncDisposableStack();
    try {
      const options = {
        ...needs,
        config,
        runsFolder,
        redact: secrets.redact,
        signal: stopSignal(),
        onPhase: note,
      };
      const open = await Promise.all(
        Array.from({ length: sideBySide }, async () => new ReusedRig(held.use(await openRig(options)))),
      );
      note("every component ready and attested; running the schedule");
      const all = held.move();
      return {
        limits: (open[0] as ReusedRig).rig.clockwork.limits,
        folders: open.map(({ rig }) => rig.folder),
        images: (open[0] as ReusedRig).rig.images,
        run: (schedules) =>
          onFreeRig(open, schedules, async (reused, schedule) => {
            // Of many schedules each would wait for it.
            const ages = schedules.length === 1 && schedule.faults.length === 0;
            const run = await reused.run(schedule, ages ? config.limits.ageMs : 0);
            if (run.events.length === 0) return run;
            const { folder } = reused.rig;
            const { events } = await keepHistory({ folder, secrets }, run.events);
            return { ...run, events };
          }),
        [Symbol.asyncDispose]: async () => {
          note("removing the system");
          await all.disposeAsync();
        },
      };
    } catch (error) {
      throw asOne(error);
    }
  },
};

/** A customer of this rig waits for seconds, as leases here last for seconds; a due time comes once in a real minute. */
function refuseDue([first]: readonly string[]): void {
  if (first === undefined) return;
  throw new UsageError(
    `the job of the scenario ${first} is due by the minute, for which the rig containers does not wait; take --rig simulated or wire`,
  );
}
