import { engines } from "../contracts/job.ts";
import type { Config } from "../harness/config/config.ts";
import { type Base, basesOf, usualScenarios } from "../harness/explore/workloads.ts";
import { type RigName, rigs } from "../harness/rigs/index.ts";
import { needsOf } from "../harness/rigs/needs.ts";
import type { OpenOptions, OpenRig } from "../harness/rigs/rig.ts";
import type { Schedule } from "../harness/schedule/schedule.ts";
import type { Secrets } from "../harness/secrets.ts";

/** What every measurement is given. */
export interface Bench {
  config: Config;
  secrets: Secrets;
  /** A folder that is removed after the last measurement. */
  folder: string;
  /** Told before every step that takes long. */
  note: (line: string) => void;
  /** Whether a rough figure soon is worth more than a good one: one round, and no long points. */
  quick: boolean;
}

export const current = { api: "current", workers: { v5: "current", v6: "current" } };

/** Every engine with every usual scenario, without a fault. */
export const usualBases = ({ config }: Bench, releases: Schedule["releases"] = current): Base[] =>
  basesOf(engines, usualScenarios(config.scenarios), releases, 1);

export const optionsOf = ({ config, secrets, folder, note }: Bench): OpenOptions => ({
  config,
  secrets,
  runsFolder: folder,
  note,
});

/** A rig as `interlock` itself starts one, for schedules on the same releases. */
export async function openRig(bench: Bench, name: RigName, schedules: readonly Schedule[]): Promise<OpenRig> {
  const [first] = schedules as [Schedule, ...Schedule[]];
  const jobs = schedules.flatMap(({ workload }) => workload.jobs);
  const faults = schedules.flatMap((schedule) => schedule.faults);
  const all = { ...first, workload: { ...first.workload, jobs }, faults };
  const kind = await rigs[name]();
  return await kind.open(needsOf(all, bench.config), optionsOf(bench));
}
