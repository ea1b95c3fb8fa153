import type { Millis } from "../../../../contracts/values.ts";
import type { ComponentEvent, EventBody } from "../../../history/event.ts";
import type { Back, Surge } from "../../../schedule/effect.ts";
import { startedBeside, startedHow } from "../../injected.ts";
import type { VirtualClock } from "../clock.ts";
import type { SimulatedProcess } from "../process.ts";

/** A life of a process. */
export interface Life {
  process: SimulatedProcess;
  /** Resolves when its program has ended by itself, which it does after it was asked to. */
  ended: Promise<void>;
}

/** A process that something is to happen to. */
export interface Victim extends Life {
  /** Its next life is of this release. */
  change: (release: string) => void;
  /** The release that its next life is the first of, if it is. */
  nextRelease: () => string | undefined;
  /** Begins its next life. */
  start: () => void;
  /** Begins its next life beside it. @returns the name of that one */
  startBeside: (release: string | undefined) => string;
  /** The life that goes by its name by now. */
  now: () => Life;
  /** It is given nothing new to do. */
  withdraw: () => void;
  /** It is no longer a process of the world. */
  leave: () => void;
}

/** From the end of a program to that of its process: what it has answered is on its way by then. */
const exitMs: Millis = 1;

/** What happens to the processes of a world. */
export class ProcessEvents {
  /** Restarts and resumptions that are still to come, and processes that are on their way down. */
  pending = 0;
  /** Processes that died for ever. */
  readonly gone = new Set<SimulatedProcess>();
  readonly #askedToEnd = new Set<SimulatedProcess>();
  readonly #skews = new Map<string, Millis>();
  /** Names of processes whose next life has begun beside them. */
  readonly #replaced = new Set<string>();
  /** Of these, those that are not started again. */
  readonly #retired = new Set<string>();
  readonly #clock: VirtualClock;
  readonly #record: (event: EventBody) => void;

  constructor(clock: VirtualClock, record: (event: EventBody) => void) {
    this.#clock = clock;
    this.#record = record;
  }

  /** Null of a process that is dead already; but a version step changes its next life also while it is down. */
  kill(victim: Victim, back: Back): (() => void) | null {
    const { process } = victim;
    if (this.gone.has(process) || (process.dead && back.release === undefined)) return null;
    return () => {
      if (back.release !== undefined) victim.change(back.release);
      this.#end(victim, back);
    };
  }

  /** Null of a process that does not run or is asked already; but a version step changes its next life all the same. */
  stop(victim: Victim, graceMs: Millis, back: Back): (() => void) | null {
    const { process } = victim;
    const isDown = process.dead && back.release !== undefined && !this.gone.has(process);
    if (!isDown && !this.#isFree(process)) return null;
    return () => {
      if (back.release !== undefined) victim.change(back.release);
      if (!process.dead) this.#askToEnd(victim, graceMs, () => this.#end(victim, back));
    };
  }

  /** Null of a process that does not run, is asked to end, or has its next life beside it already. */
  surge(victim: Victim, { ms, graceMs, release }: Surge): (() => void) | null {
    const { process } = victim;
    const { name } = process;
    if (!this.#isFree(process) || this.#replaced.has(name)) return null;
    return () => {
      this.#replaced.add(name);
      const next = victim.startBeside(release);
      this.#tell(next, "started", startedBeside(name, release));
      this.#later(ms, () => this.#retire(victim, graceMs, next));
    };
  }

  /** Null of a process that does not run, or is asked to end. */
  pause({ process }: Victim, ms: Millis): (() => void) | null {
    if (!this.#isFree(process)) return null;
    return () => {
      process.pause();
      this.#tell(process.name, "paused", `for ${ms} ms`);
      this.#later(ms, () => {
        process.resume();
        this.#tell(process.name, "resumed", "");
      });
    };
  }

  /** Null of a process that never comes back. A clock goes on while its process is down. */
  skew({ process }: Victim, ms: Millis): (() => void) | null {
    if (this.gone.has(process)) return null;
    return () => {
      process.skewMs = this.skewOf(process.name) + ms;
      this.#skews.set(process.name, process.skewMs);
    };
  }

  /** How far the clock of a process is ahead. */
  skewOf(name: string): Millis {
    return this.#skews.get(name) ?? 0;
  }

  /** It runs, and no fault has asked it to end. */
  #isFree(process: SimulatedProcess): boolean {
    return process.running && !this.#askedToEnd.has(process);
  }

  #end(victim: Victim, { ms }: Back): void {
    const { process } = victim;
    if (process.dead) return;
    process.kill();
    this.#tell(process.name, "exited", ms === null ? "for ever" : `for ${ms} ms`);
    if (ms === null) this.gone.add(process);
    else this.#later(ms, () => this.#start(victim));
  }

  #start({ process: { name }, nextRelease, start }: Victim): void {
    if (this.#retired.has(name)) return;
    this.#tell(name, "started", startedHow(nextRelease()));
    start();
  }

  /** Whoever has died meanwhile, and would be started again, is not. */
  #retire({ now, withdraw, leave }: Victim, graceMs: Millis, next: string): void {
    const life = now();
    this.#retired.add(life.process.name);
    withdraw();
    const over = () => {
      life.process.kill();
      leave();
      this.#tell(life.process.name, "retired", `${next} is in its place`);
    };
    if (life.process.dead) over();
    else this.#askToEnd(life, graceMs, over);
  }

  /** `over` is called once: when it has ended by itself, or its time is over. */
  #askToEnd({ process, ended }: Life, graceMs: Millis, over: () => void): void {
    this.#tell(process.name, "stopping", `within ${graceMs} ms`);
    this.#askedToEnd.add(process);
    this.pending += 1;
    let isOver = false;
    const once = () => {
      if (isOver) return;
      isOver = true;
      takeBack();
      this.pending -= 1;
      over();
    };
    const takeBack = this.#clock.after(graceMs, once);
    process.stop();
    void ended.then(() => this.#clock.after(exitMs, once));
  }

  #tell(component: string, what: ComponentEvent["what"], detail: string): void {
    this.#record({ kind: "component", component, what, detail });
  }

  #later(ms: Millis, what: () => void): void {
    this.pending += 1;
    this.#clock.after(ms, () => {
      this.pending -= 1;
      what();
    });
  }
}
