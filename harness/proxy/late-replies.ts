import type { Millis } from "../../contracts/values.ts";

/** Lets the replies of a server go on later than they came, in their order. */
export class LateReplies {
  readonly #delayOf: () => Millis;
  readonly #goOn: (chunk: Buffer) => void;
  /** Whether what comes next begins a reply. */
  #asked = false;
  #last: Promise<void> | null = null;

  /** @param delayOf asked for each reply; 0: it goes on at once */
  constructor(delayOf: () => Millis, goOn: (chunk: Buffer) => void) {
    this.#delayOf = delayOf;
    this.#goOn = goOn;
  }

  /** Resolves when all has gone on that has come so far; null where nothing waits. */
  get last(): Promise<void> | null {
    return this.#last;
  }

  /** The client has said something. */
  ask(): void {
    this.#asked = true;
  }

  take(chunk: Buffer): void {
    const ms = this.#asked ? this.#delayOf() : 0;
    this.#asked = false;
    if (ms === 0 && this.#last === null) return this.#goOn(chunk);
    const due = new Promise((resolve) => setTimeout(resolve, ms));
    const last = Promise.all([this.#last, due]).then(() => {
      if (this.#last === last) this.#last = null;
      this.#goOn(chunk);
    });
    this.#last = last;
  }
}
