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
  /** In [0, 1): the process's own, for its latencies and jitter, so that no other process's doings change them. */
  readonly random: () => number;
  /** A worker has been handed a job and has not asked for the next one. */
  busy = false;
  /** Rejects when the process dies: whoever is connected to it loses the connection. */
  readonly died: Promise<never>;
  #die: () => void = () => {};
  #dead = false;
  #paused: PromiseWithResolvers<void> | null = null;

  constructor(name: string, random: () => number, lost: () => Error) {
    this.name = name;
    this.random = random;
    this.died = new Promise((_, reject) => {
      this.#die = () => reject(lost());
    });
    this.died.catch(() => {});
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
