import { setTimeout as delay } from "node:timers/promises";
import type { Millis } from "../../../../contracts/values.ts";
import type { CallPlan, Way } from "../../../proxy/way.ts";
import { untouched } from "../../../proxy/way.ts";
import type { Fault, LinkName, ProcessName, Site } from "../../../schedule/schedule.ts";
import type { FaultPlane } from "../../in-process/fault-plane.ts";
import { answerOf, type Back } from "../../in-process/transit.ts";

/** A call as a proxy of the rig sees it. */
export interface GatedCall<Reply> {
  link: LinkName;
  operation: string;
  /** Number of the job in the workload; null while the call is about none. */
  job: number | null;
  /** The process that calls. */
  by: string;
  /** The process that serves it; null where that is a server which never dies. */
  to: ProcessName | null;
  /** The job that the reply turned out to be about, for calls that did not know. */
  jobOf?: (reply: Reply) => number | null;
}

/** What the rest of the rig does when a fault says so; each resolves when it has been done. */
export interface Actions {
  fired(fault: Fault, site: Site): void;
  /** Resolves with the name of the process that died; null where none did. */
  kill(which: ProcessName, by: string, back: Back): Promise<string | null>;
  pause(which: ProcessName, by: string, ms: Millis): Promise<Paused>;
  killJob(job: number | null): void;
}

/** A process that stands still. */
export interface Paused {
  /** Resolves when it goes on. */
  resumed: Promise<void>;
}

/** Real milliseconds that a process which goes on again needs for the timers that have run out meanwhile. */
const wakeMs = 100;

/** Brings the plane of faults to the proxies: the same meaning as in the simulated rig, on real connections. */
export class FaultGate {
  readonly #plane: FaultPlane;
  readonly #actions: Actions;
  /** Real milliseconds for one of the schedule's. */
  readonly #scale: number;
  /**
   * The event of a process that the engine is carrying out, with the name of whoever dies by it. The engine takes its
   * time and the schedule means a moment, so that nothing passes meanwhile.
   */
  #event: Promise<string | null> | null = null;

  constructor(plane: FaultPlane, actions: Actions, scale: number) {
    this.#plane = plane;
    this.#actions = actions;
    this.#scale = scale;
  }

  plan<Reply>(call: GatedCall<Reply>): CallPlan<Reply> {
    const { link, operation, job } = call;
    let occurrence = 0;
    return {
      before: () =>
        this.#inTurn(call, () => {
          occurrence = this.#plane.count(link, operation, job);
          if (this.#plane.isOut(link, performance.now())) return reset;
          return this.#breaks(call, { link, operation, job, occurrence, phase: "before" });
        }),
      after: (reply) =>
        this.#inTurn(call, () => {
          const about = call.jobOf?.(reply) ?? job;
          const at = about === job ? occurrence : this.#plane.count(link, operation, about);
          return this.#breaks(call, { link, operation, job: about, occurrence: at, phase: "after" });
        }),
    };
  }

  /** At once or, while an event is carried out, after it: what a process that has died by it meant to say is not said. */
  #inTurn({ by }: GatedCall<never>, pass: () => Way | Promise<Way>): Way | Promise<Way> {
    if (this.#event === null) return pass();
    return this.#event.then((died) => (died === by ? reset : pass()));
  }

  async #carryOutEvent(event: Promise<string | null>): Promise<void> {
    this.#event = event;
    try {
      await event;
    } finally {
      if (this.#event === event) this.#event = null;
    }
  }

  #breaks(call: GatedCall<never>, site: Site): Way | Promise<Way> {
    const faults = this.#plane.reach(site);
    return faults.length === 0 ? untouched : this.#carryOut(faults, call, site);
  }

  /** A caller that was paused for longer than it waits for a reply gives up before its late request has one. */
  async #pause(fault: Extract<Fault, { kind: "pause" }>, by: string, isSender: boolean): Promise<void> {
    const pausing = this.#actions.pause(fault.process, by, fault.ms);
    await this.#carryOutEvent(pausing.then(() => null));
    if (!isSender) return;
    await (await pausing).resumed;
    await delay(wakeMs);
  }

  async #carryOut(faults: readonly Fault[], { by, to }: GatedCall<never>, site: Site): Promise<Way> {
    const way: Way = {};
    // Whoever is killed or paused before the call sends nothing, or sends it later.
    const isSender = (which: ProcessName) => site.phase === "before" && site.link.startsWith(`${which}->`);
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
        case "version":
          await this.#carryOutEvent(this.#actions.kill(fault.process, by, fault));
          if (fault.process === to || isSender(fault.process)) way.end = { kind: "reset" };
          break;
        case "pause":
          await this.#pause(fault, by, isSender(fault.process));
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
