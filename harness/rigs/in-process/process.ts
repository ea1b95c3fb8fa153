import type { Clock } from "../../../contracts/in-process.ts";
import type { Millis } from "../../../contracts/values.ts";

/** What a dead process waits for. A new one for each wait: one for all would keep everything that ever waited for it. */
const never = (): Promise<never> => new Promise(() => {});

/**
 * One life of the API or of a worker. Everything it does passes through its gate: a paused process waits there, a dead
 * one for ever, so that no line of its code runs any more.
 */
export class SimulatedProcess {
  readonly name: string;
  readonly #randomOf: (use: string) => () => number;
  readonly #randoms = new Map<string, () => number>();
  /** A worker has been handed a job and has not asked for the next one. */
  busy = false;
  /** Rejects when the process dies: whoever is connected to it loses the connection. */
  readonly died: Promise<never>;
  #die: () => void = () => {};
  #dead = false;
  #paused: PromiseWithResolvers<void> | null = null;

  constructor(name: string, randomOf: (use: string) => () => number, lost: () => Error) {
    this.name = name;
    this.#randomOf = randomOf;
    this.died = new Promise((_, reject) => {
      this.#die = () => reject(lost());
    });
    this.died.catch(() => {});
  }

  /**
   * In [0, 1), for one use: a link's latencies, or the process's own jitter. What happens to be drawn for one use, or
   * by another process, changes nothing for the others: so the rigs agree although they take turns differently.
   */
  random(use: string): number {
    let random = this.#randoms.get(use);
    if (random === undefined) {
      random = this.#randomOf(use);
      this.#randoms.set(use, random);
    }
    return random();
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** True while nothing keeps the process from going on at once. */
  get running(): boolean {
    return !this.#dead && this.#paused === null;
  }

  kill(): void {
    this.#dead = true;
    this.#die();
  }

  pause(): void {
    this.#paused ??= Promise.withResolvers();
  }

  resume(): void {
    this.#paused?.resolve();
    this.#paused = null;
  }

  async gate(): Promise<void> {
    while (this.#paused !== null && !this.#dead) await this.#paused.promise;
    if (this.#dead) await never();
  }

  /** The outcome of something that the process waited for, as it learns of it: late when paused, never when dead. */
  async learns<T>(outcome: Promise<T>): Promise<T> {
    try {
      const value = await outcome;
      if (!this.running) await this.gate();
      return value;
    } catch (error) {
      if (!this.running) await this.gate();
      throw error;
    }
  }

  /** The rig's clock as this process sees it. */
  clock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      sleep: (ms: Millis, signal?: AbortSignal) => this.learns(clock.sleep(ms, signal)),
    };
  }
}
