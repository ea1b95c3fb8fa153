import type { Millis } from "../../contracts/values.ts";
import type { KnownFailure } from "./policy.ts";

/** Nobody remembers longer why something is accepted. */
const longestMs: Millis = 90 * 24 * 3_600_000;

/** Failures that are known and accepted for a time. One entry is one failure: it hides no other one in its cell. */
export class KnownFailures {
  readonly #open: readonly KnownFailure[];
  readonly #expired: readonly KnownFailure[];
  readonly #endless: readonly KnownFailure[];
  readonly #met = new Set<KnownFailure>();

  constructor(all: readonly KnownFailure[], now: Millis) {
    const left = ({ expires }: KnownFailure) => Date.parse(expires) - now;
    this.#open = all.filter((known) => left(known) > 0 && left(known) <= longestMs);
    this.#expired = all.filter((known) => left(known) <= 0);
    this.#endless = all.filter((known) => left(known) > longestMs);
  }

  /** Whether this failure is one of them. */
  has(cell: string, invariant: string, message: string): boolean {
    const found = this.#open.filter(
      (known) => known.cell === cell && known.invariant === invariant && message.includes(known.message),
    );
    for (const known of found) this.#met.add(known);
    return found.length > 0;
  }

  /** Those that were met, in words. */
  get told(): string[] {
    return [...this.#met].map(
      ({ cell, invariant, reason, owner, expires }) =>
        `known: ${cell} ${invariant}: ${reason} (${owner}, until ${expires})`,
    );
  }

  /** When the first of those that were met ends; Infinity where none was. */
  get until(): Millis {
    return Math.min(...[...this.#met].map(({ expires }) => Date.parse(expires)));
  }

  /** What is wrong with the list itself, in words: an entry that excuses nothing may soon excuse something else. */
  get problems(): string[] {
    const named = ({ cell, invariant, owner }: KnownFailure) =>
      `known failure ${cell} ${invariant} of ${owner}`;
    return [
      ...this.#expired.map((known) => `${named(known)} has expired on ${known.expires}`),
      ...this.#endless.map((known) => `${named(known)} is to last longer than 90 days`),
      ...this.#open.filter((known) => !this.#met.has(known)).map((known) => `${named(known)} was not met`),
    ];
  }
}
