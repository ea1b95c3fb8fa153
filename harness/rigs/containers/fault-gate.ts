import { setTimeout as delay } from "node:timers/promises";
import type { Millis } from "../../../contracts/values.ts";
import type { CallPlan, Way } from "../../proxy/way.ts";
import { untouched } from "../../proxy/way.ts";
import type { Fault, LinkName, ProcessName, Site } from "../../schedule/schedule.ts";
import type { FaultPlane } from "../in-process/fault-plane.ts";
import { answerOf } from "../in-process/transit.ts";

/** A call as a proxy of the rig sees it. */
export interface GatedCall<Reply> {
  link: LinkName;
  operation: string;
  /** Number of the job in the workload; null while the call is about none. */
  job: number | null;
  /** The process that calls. */
  by: string;
  /** The process that serves it. */
  to: ProcessName;
  /** The job that the reply turned out to be about, for calls that did not know. */
  jobOf?: (reply: Reply) => number | null;
}

/** What the rest of the rig does when a fault says so; each resolves when it has been done. */
export interface Actions {
  fired(fault: Fault, site: Site): void;
  kill(which: ProcessName, by: string, ms: Millis | null): Promise<void>;
  pause(which: ProcessName, by: string, ms: Millis): Promise<void>;
  killJob(job: number | null): void;
}

/** Brings the plane of faults to the proxies: the same meaning as in the simulated rig, on real connections. */
export class FaultGate {
  readonly #plane: FaultPlane;
  readonly #actions: Actions;
  /** Real milliseconds for one of the schedule's. */
  readonly #scale: number;

  constructor(plane: FaultPlane, actions: Actions, scale: number) {
    this.#plane = plane;
    this.#actions = actions;
    this.#scale = scale;
  }

  plan<Reply>(call: GatedCall<Reply>): CallPlan<Reply> {
    const { link, operation, job } = call;
    let occurrence = 0;
    return {
      before: () => {
        occurrence = this.#plane.count(link, operation, job);
        if (this.#plane.isOut(link, performance.now())) return reset;
        return this.#breaks(call, { link, operation, job, occurrence, phase: "before" });
      },
      after: (reply) => {
        const about = call.jobOf?.(reply) ?? job;
        const at = about === job ? occurrence : this.#plane.count(link, operation, about);
        return this.#breaks(call, { link, operation, job: about, occurrence: at, phase: "after" });
      },
    };
  }

  #breaks(call: GatedCall<never>, site: Site): Way | Promise<Way> {
    const faults = this.#plane.reach(site);
    return faults.length === 0 ? untouched : this.#carryOut(faults, call, site);
  }

  async #carryOut(faults: readonly Fault[], { by, to }: GatedCall<never>, site: Site): Promise<Way> {
    const way: Way = {};
    for (const fault of faults) {
      this.#actions.fired(fault, site);
      switch (fault.kind) {
        case "lost":
          way.end = { kind: "reset" };
          break;
        case "truncated":
          way.end = { kind: "truncated" };
          break;
        case "status": {
          const { status, body } = answerOf(fault.status);
          way.end = { kind: "answer", status, body };
          break;
        }
        case "late":
          await delay(fault.ms * this.#scale);
          break;
        case "half-open":
          way.stallMs = (way.stallMs ?? 0) + fault.ms * this.#scale;
          break;
        case "duplicate":
          way.duplicate = true;
          break;
        case "outage":
          this.#plane.refuse(site.link, performance.now() + fault.ms * this.#scale);
          way.end = { kind: "reset" };
          break;
        case "kill":
          await this.#actions.kill(fault.process, by, fault.ms);
          if (fault.process === to) way.end = { kind: "reset" };
          break;
        case "pause":
          await this.#actions.pause(fault.process, by, fault.ms);
          break;
        case "kill-job":
          this.#actions.killJob(site.job);
          break;
      }
    }
    return way;
  }
}

const reset: Way = { end: { kind: "reset" } };
