import { UsageError } from "../../errors.ts";
import { isBeyond } from "../../schedule/effect.ts";
import { effectOf } from "../../schedule/faults.ts";
import { type Planned, type Schedule, versionStepsOf } from "../../schedule/schedule.ts";
import { lacksIn } from "../needs.ts";
import type { RigKind } from "../rig.ts";
import { findSystem, type Named, namedBy } from "./find-system.ts";
import { type InProcessRig, runSchedules } from "./run.ts";
import { carriers } from "./transit.ts";
import { direct, type Transport } from "./transport.ts";
import { withoutStacks } from "./without-stacks.ts";

/** A rig whose processes are code in this process; `connect` says how they reach each other. */
export const inProcess = (name: string, connect: () => Transport & Partial<Disposable>): RigKind => ({
  isDeterministic: true,
  hasOwnTime: true,
  isThreaded: true,
  beyond: beyondReach,
  open: async ({ releases, steps }, { config }) => {
    const loaded = new Map<string, Named>();
    const grown = (all: readonly Named[]): boolean => {
      const before = loaded.size;
      for (const named of all) loaded.set(named.join(" "), named);
      return loaded.size > before;
    };
    grown(namedBy(config, releases, steps));
    const system = await findSystem(config, releases, steps, name);
    const transport = connect();
    const rig: InProcessRig = {
      system,
      releases,
      scenarios: config.scenarios,
      lacks: (schedule) => lacksIn(schedule, config),
      transport,
    };
    // Schedules may be of other releases than those that it was opened with.
    const loadFor = async (schedules: readonly Schedule[]) => {
      const named = schedules.flatMap((one) => namedBy(config, one.releases, versionStepsOf(one)));
      if (grown(named)) rig.system = await findSystem(config, releases, steps, name, [...loaded.values()]);
    };
    return {
      limits: system.limits,
      folders: [],
      run: async (schedules) => {
        for (const schedule of schedules) refuseRealClients(schedule, name);
        await loadFor(schedules);
        return withoutStacks(() => runSchedules(rig, schedules));
      },
      [Symbol.asyncDispose]: async () => transport[Symbol.dispose]?.(),
    };
  },
});

/** The fixtures' code in this process, by function calls, under a virtual clock. */
export const simulated = inProcess("simulated", () => direct);

/** A real client is never played by another under its name. */
function refuseRealClients({ workload }: Schedule, rig: string): void {
  const job = workload.jobs.findIndex(({ customer }) => customer !== undefined && customer !== "script");
  if (job < 0) return;
  throw new UsageError(
    `workload.jobs[${job}].customer: ${workload.jobs[job]?.customer} needs real HTTP, which the ${rig} rig has not; leave it out, or use --rig containers`,
  );
}

/** What keeps the rigs in process from breaking it; null where they can. */
function beyondReach({ fault }: Planned): string | null {
  const effect = effectOf(fault);
  return isBeyond(carriers, effect) ? `the rigs in process cannot do it: ${effect.does}` : null;
}
