import type { Written } from "../../../../contracts/in-process.ts";
import type { CallPlan, Way } from "../../../proxy/way.ts";
import { untouched } from "../../../proxy/way.ts";
import { carryOut } from "../../../schedule/effect.ts";
import { effectOf } from "../../../schedule/faults.ts";
import type { Fault, LinkName, Phase, Site } from "../../../schedule/schedule.ts";
import type { FaultPlane } from "../../fault-plane.ts";
import { type Actions, carriers, type Ends, type Tools } from "./carriers.ts";

/** A call as a proxy of the rig sees it. */
export interface GatedCall<Reply> extends Ends {
  link: LinkName;
  operation: string;
  /** Number of the job in the workload; null while the call is about none. */
  job: number | null;
  /** The job that the reply turned out to be about, for calls that did not know. */
  jobOf?: (reply: Reply) => number | null;
  /** Something that is done while the call is held back there; null where nothing is. */
  whileHeld?: (phase: Phase, reply: Reply | null) => Promise<void> | null;
  /** Told when its caller had died before the call could go on: what it meant to say is not said. */
  unsaid?: () => void;
}

/** Brings the plane of faults to the proxies: the same meaning as in the simulated rig, on real connections. */
export class FaultGate {
  readonly #plane: FaultPlane;
  readonly #actions: Actions;
  readonly #tools: Tools;
  /**
   * The event of a process that the engine is carrying out, with the name of whoever dies by it. The engine takes its
   * time and the schedule means a moment, so that nothing passes meanwhile.
   */
  #event: Promise<string | null> | null = null;
  /** How often each process has died so far. */
  readonly #deaths = new Map<string, number>();

  /** `scale`: real milliseconds for one of the schedule's. */
  constructor(plane: FaultPlane, actions: Actions, scale: number) {
    this.#plane = plane;
    this.#actions = actions;
    this.#tools = { plane, actions, scale, holdOthers: (event) => this.#carryOutEvent(event) };
  }

  plan<Reply>(call: GatedCall<Reply>): CallPlan<Reply> {
    const { link, operation, job, planned } = call;
    let occurrence = 0;
    let own = 0;
    return {
      before: () =>
        this.#outlived(call.whileHeld?.("before", null), call, call.unsaid, () => {
          occurrence = this.#plane.nextOccurrence(link, operation, job);
          own = this.#plane.nextOccurrenceBy(planned, link, operation, job);
          if (this.#isShut(link)) return reset;
          return this.#breaks(call, { link, operation, job, occurrence, phase: "before" }, own);
        }),
      after: (reply) =>
        this.#outlived(call.whileHeld?.("after", reply), call, undefined, () => {
          const about = call.jobOf?.(reply) ?? job;
          const isKnown = about === job;
          const at = isKnown ? occurrence : this.#plane.nextOccurrence(link, operation, about);
          const ownAt = isKnown ? own : this.#plane.nextOccurrenceBy(planned, link, operation, about);
          return this.#breaks(call, { link, operation, job: about, occurrence: at, phase: "after" }, ownAt);
        }),
      statement: (statement, written) =>
        this.#ask({ link, operation, job, occurrence, phase: "before", statement }, planned, own, written),
    };
  }

  /** Whoever calls finds nobody, or must ask for a new connection, which is refused. */
  #isShut(link: LinkName): boolean {
    const now = performance.now();
    return this.#plane.isOut(link, now) || this.#plane.refusalOn(link, now) !== null;
  }

  /** One statement of a call that has begun. */
  #ask(site: Site, by: string, own: number, written: Written | null | undefined): Way {
    const now = performance.now();
    for (const fault of this.#plane.reach(site, by, own)) {
      const effect = effectOf(fault);
      // No other kind of fault comes to one statement.
      if (effect.does !== "deny" && (effect.does !== "fill" || written == null)) continue;
      this.#plane.fire(fault);
      this.#actions.fired(fault, site);
      if (effect.does === "deny") return { denied: effect.errno };
      this.#plane.fill((written as Written).table, now + effect.ms * this.#tools.scale);
    }
    return written != null && this.#plane.refusesRoom(written, now) ? { denied: 1114 } : untouched;
  }

  /** When what is done while the call is held has ended, unless its caller has died by then. */
  #outlived(
    held: Promise<void> | null | undefined,
    call: GatedCall<never>,
    unsaid: (() => void) | undefined,
    pass: () => Way | Promise<Way>,
  ): Way | Promise<Way> {
    if (held == null) return this.#inTurn(call, unsaid, pass);
    const deaths = this.#deaths.get(call.by);
    return held.then(() => {
      if (this.#deaths.get(call.by) === deaths) return this.#inTurn(call, unsaid, pass);
      unsaid?.();
      return reset;
    });
  }

  /** At once or, while an event is carried out, after it: a call of a process that has died by it goes no further. */
  #inTurn(
    { by }: GatedCall<never>,
    unsaid: (() => void) | undefined,
    pass: () => Way | Promise<Way>,
  ): Way | Promise<Way> {
    if (this.#event === null) return pass();
    return this.#event.then((died) => {
      if (died !== by) return pass();
      unsaid?.();
      return reset;
    });
  }

  async #carryOutEvent(event: Promise<string | null>): Promise<void> {
    this.#event = event;
    try {
      const died = await event;
      if (died !== null) this.#deaths.set(died, (this.#deaths.get(died) ?? 0) + 1);
    } finally {
      if (this.#event === event) this.#event = null;
    }
  }

  #breaks(call: GatedCall<never>, site: Site, own: number): Way | Promise<Way> {
    const faults = this.#plane.reach(site, call.planned, own);
    return faults.length === 0 ? untouched : this.#carryOut(faults, call, site);
  }

  async #carryOut(faults: readonly Fault[], call: GatedCall<never>, site: Site): Promise<Way> {
    const way: Way = {};
    for (const fault of faults) {
      // What an event does to a process decides what the next one can do to it.
      while (this.#event !== null) await this.#event;
      const deed = carryOut(carriers, effectOf(fault), { ...this.#tools, call, site, way });
      if (deed === null) continue;
      this.#plane.fire(fault);
      this.#actions.fired(fault, site);
      await deed();
    }
    return way;
  }
}

const reset: Way = { end: { kind: "reset" } };
