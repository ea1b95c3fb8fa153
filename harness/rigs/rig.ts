import type { SystemLimits } from "../../contracts/in-process.ts";
import type { Config } from "../config/config.ts";
import type { Scenario } from "../schedule/scenario.ts";
import type { Planned } from "../schedule/schedule.ts";
import type { Secrets } from "../secrets.ts";
import type { Needs } from "./needs.ts";
import type { RunSchedules } from "./run.ts";

/** What schedules are run on. Each kind is one entry of the table in `index.ts`. */
export interface RigKind {
  /** Starts what the schedules need; refuses builds that it cannot run, and says which rig can. */
  open: (needs: Needs, options: OpenOptions) => Promise<OpenRig>;
  /** What keeps it from breaking a call as it is asked to, at a job of this scenario; null where it can. */
  beyond: (planned: Planned, config: Config, scenario?: Scenario) => string | null;
  /** Whether the same schedule always has the same history. */
  isDeterministic: boolean;
  /** Whether its time is its own: a minute for which a job waits takes none. */
  hasOwnTime: boolean;
  /** Whether threads explore on it, each with a rig of its own; else one process drives several. */
  isThreaded: boolean;
}

export interface OpenOptions {
  config: Config;
  secrets: Secrets;
  /** Where a rig that needs one gets a folder of its own. */
  runsFolder: string;
  /** Told before every step that takes long. */
  note: (line: string) => void;
  /** Rigs side by side, for those of which one runs one schedule at a time. */
  sideBySide?: number;
}

/** A rig that is up. Disposing of it leaves nothing running. */
export interface OpenRig extends AsyncDisposable {
  run: RunSchedules;
  limits: SystemLimits;
  /** Its folders, for logs and histories; none for a rig that writes nothing. */
  folders: readonly string[];
  /** The image of each component that is a container, by content; absent where none is. */
  images?: ReadonlyMap<string, string>;
}
