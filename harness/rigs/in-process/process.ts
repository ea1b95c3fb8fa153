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
  #randomOf: (use: string) => () => number;
  readonly #randoms = new Map<string, () => number>();
  /** How far the time of day that it reads is ahead; negative where it is behind. */
  skewMs: Millis = 0;
  /** A worker has been handed a job and has not asked for the next one. */
  busy = false;
  readonly #lost: () => Error;
  /** What tells those who wait for an answer of this process that it died. */
  readonly #waiting = new Set<(error: Error) => void>();
  readonly #stop = new AbortController();
  #dead = false;
  #paused: PromiseWithResolvers<void> | null = null;

  constructor(name: string, randomOf: (use: string) => () => number, lost: () => Error) {
    this.name = name;
    this.#randomOf = randomOf;
    this.#lost = lost;
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

  /** What it draws from now on comes from elsewhere. */
  drawFrom(randomOf: (use: string) => () => number): void {
    this.#randoms.clear();
    this.#randomOf = randomOf;
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** Whether it takes no call any more: it has ended, or is asked to. */
  get closed(): boolean {
    return this.#dead || this.#stop.signal.aborted;
  }

  /** True while nothing keeps the process from going on at once. */
  get running(): boolean {
    return !this.#dead && this.#paused === null;
  }

  /** Aborted when this life is asked politely to end; never that of a life which has ended. */
  get stopSignal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Aborted by whoever has it, and when the process stops. `AbortSignal.any` would keep the whole world for good. */
  ownStop(): AbortController {
    const own = new AbortController();
    this.stopSignal.addEventListener("abort", () => own.abort(), { once: true });
    return own;
  }

  /** A process that stands still hears of it when it goes on. */
  stop(): void {
    if (this.#paused !== null) void this.#paused.promise.then(() => this.stop());
    else if (!this.#dead) this.#stop.abort();
  }

  kill(): void {
    this.#dead = true;
    for (const tell of this.#waiting) tell(this.#lost());
    this.#waiting.clear();
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

  /**
   * The outcome of something that this process does for a caller, who loses the connection when it dies first. A race
   * against one promise of its death would keep every call that it ever served.
   */
  whileAlive<T>(outcome: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      outcome.then(
        (value) => {
          this.#waiting.delete(reject);
          resolve(value);
        },
        (error) => {
          this.#waiting.delete(reject);
          reject(error);
        },
      );
    });
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
      now: () => clock.now() + this.skewMs,
      monotonic: () => clock.monotonic(),
      sleep: (ms: Millis, signal?: AbortSignal) => this.learns(clock.sleep(ms, signal)),
    };
  }
}
