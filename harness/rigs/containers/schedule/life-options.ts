import type { Credential } from "../../../../contracts/authority.ts";
import type { Cluster } from "../../../../contracts/job.ts";
import type { OnEvent } from "../../../history/event.ts";
import type { Phase, Schedule } from "../../../schedule/schedule.ts";
import type { Job } from "../../workload.ts";
import type { Clockwork } from "../system/open-rig.ts";
import type { Actions } from "./carriers.ts";
import type { NextApi } from "./processes/apis-in-turn.ts";

/** What one schedule's time on a rig is made of. */
export interface LifeOptions {
  schedule: Schedule;
  jobs: readonly Job[];
  prefix: string;
  clockwork: Clockwork;
  /** Which process of the API the next call goes to. */
  nextApi: NextApi;
  /** The name of a process as schedules have it. */
  plannedName: (name: string) => string;
  /** Whose credential an `authorization` header is. */
  customerOf: (authorization: string) => Cluster | undefined;
  actions: Omit<Actions, "fired">;
  /** Looks at a job while a report on it is held back. */
  whileHeld: (number: number, by: string, phase: Phase) => Promise<void>;
  /**
   * Present where calls about jobs that nobody of the schedule has issued are recorded, too: whose credential a visitor
   * bears that is no customer's.
   */
  visitorWith?: (authorization: string) => Credential;
  onEvent?: OnEvent;
}
