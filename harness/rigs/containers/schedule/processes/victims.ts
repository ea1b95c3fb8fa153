import type { ProcessName } from "../../../../schedule/schedule.ts";
import type { RunningProcess } from "../../system/running-process.ts";
import type { System } from "../../system/system.ts";

/** The processes of a rig that something can happen to, of every kind. */
type Processes = Pick<System, "apis" | "database" | "workers">;

const all: Record<ProcessName, (of: Processes) => readonly (RunningProcess & { planned: string })[]> = {
  api: ({ apis }) => apis.map((api) => ({ ...api, planned: api.name })),
  database: ({ database }) => [{ ...database, planned: "database" }],
  worker: ({ workers }) => workers,
};

/**
 * The process of a kind that is meant: the one that is named, in the config's way or as schedules have it, or an end of the
 * call; where that is none of the kind, the first. Undefined where there is none of that name.
 */
export function victimOf(
  processes: Processes,
  which: ProcessName,
  wanted: string,
): RunningProcess | undefined {
  const ofKind = all[which](processes);
  const found = ofKind.find(({ name, planned }) => name === wanted || planned === wanted);
  const isNamed = wanted === which || wanted.startsWith(`${which}-`);
  return found ?? (isNamed ? undefined : ofKind[0]);
}
