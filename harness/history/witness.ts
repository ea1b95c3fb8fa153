import type { ExchangeEvent } from "./event.ts";

type Wanted = (event: ExchangeEvent) => boolean;

/** Sees every exchange of a start and lets others wait for one. */
export class Witness {
  readonly #seen: ExchangeEvent[] = [];
  readonly #waiting = new Set<(event: ExchangeEvent) => void>();

  record(event: ExchangeEvent): void {
    this.#seen.push(event);
    for (const tell of this.#waiting) tell(event);
  }

  /** How many it has seen. */
  get count(): number {
    return this.#seen.length;
  }

  /** Those that came after the first `count`. */
  after(count: number): readonly ExchangeEvent[] {
    return this.#seen.slice(count);
  }

  /** Resolves with the first exchange, past or to come, that `wanted` accepts; rejects with the signal's reason. */
  async first(wanted: Wanted, signal: AbortSignal): Promise<ExchangeEvent> {
    const past = this.#seen.find(wanted);
    if (past !== undefined) return past;
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<ExchangeEvent>();
    const tell = (event: ExchangeEvent) => {
      if (wanted(event)) resolve(event);
    };
    const onAbort = () => reject(signal.reason);
    this.#waiting.add(tell);
    signal.addEventListener("abort", onAbort);
    try {
      return await promise;
    } finally {
      this.#waiting.delete(tell);
      signal.removeEventListener("abort", onAbort);
    }
  }
}
