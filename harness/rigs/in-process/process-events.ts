import type { Millis } from "../../../contracts/values.ts";
import type { EventBody } from "../../history/event.ts";
import type { Back } from "../../schedule/effect.ts";
import { startedHow } from "../injected.ts";
import type { VirtualClock } from "./clock.ts";
import type { SimulatedProcess } from "./process.ts";

/** A process that something is to happen to. */
export interface Victim {
  process: SimulatedProcess;
  /** Its next life is of this release. */
  change: (release: string) => void;
  /** The release that its next life is the first of, if it is. */
  nextRelease: () => string | undefined;
  /** Begins its next life. */
  start: () => void;
}

/** What happens to the processes of a world. */
export class ProcessEvents {
  /** Restarts and resumptions that are still to come. */
  pending = 0;
  /** Processes that died for ever. */
  readonly gone = new Set<SimulatedProcess>();
  readonly #clock: VirtualClock;
  readonly #record: (event: EventBody) => void;

  constructor(clock: VirtualClock, record: (event: EventBody) => void) {
    this.#clock = clock;
    this.#record = record;
  }

  /** Null of a process that is dead already; but a version step changes its next life also while it is down. */
  kill(victim: Victim, { ms, release }: Back): (() => void) | null {
    const { process } = victim;
    if (this.gone.has(process) || (process.dead && release === undefined)) return null;
    return () => {
      if (release !== undefined) victim.change(release);
      if (process.dead) return;
      process.kill();
      this.#tell(process, "exited", ms === null ? "for ever" : `for ${ms} ms`);
      if (ms === null) this.gone.add(process);
      else this.#later(ms, () => this.#start(victim));
    };
  }

  #start({ process, nextRelease, start }: Victim): void {
    this.#tell(process, "started", startedHow(nextRelease()));
    start();
  }

  /** Null of a process that does not run. */
  pause({ process }: Victim, ms: Millis): (() => void) | null {
    if (!process.running) return null;
    return () => {
      process.pause();
      this.#tell(process, "paused", `for ${ms} ms`);
      this.#later(ms, () => {
        process.resume();
        this.#tell(process, "resumed", "");
      });
    };
  }

  #tell({ name }: SimulatedProcess, what: "exited" | "started" | "paused" | "resumed", detail: string): void {
    this.#record({ kind: "component", component: name, what, detail });
  }

  #later(ms: Millis, what: () => void): void {
    this.pending += 1;
    this.#clock.after(ms, () => {
      this.pending -= 1;
      what();
    });
  }
}
