import type { Millis } from "../../contracts/values.ts";
import type { KnownFailure } from "./policy.ts";
import type { ProvenCell } from "./proof.ts";

type Broken = ProvenCell["broken"][number];

/** What is another in each run of one failure: how often it was seen, ids of jobs and their places, values of `UUID()`. */
const ofRun: readonly RegExp[] = [
  / \(\d+ times\)$/g,
  /\bjob \d+/gi,
  /\/jobs\/\d+/g,
  /\b(job_id|conflicts_with)\b[^\w,;]{0,5}\d+"?/g,
  /\br\d+_[a-z]+_\d+/g,
];
/** The same of what the service says of itself: accounts, moments, digests. In rows they are data. */
const ofService: readonly RegExp[] = [
  /\baccount\b[^\w,;]{0,5}\d+"?/g,
  /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g,
  /\b\d{4}-\d\d-\d\d[T ][\d:.]+( ?UTC|Z)?/g,
  /\b(?=[0-9a-f]*[a-f])[0-9a-f]{32,}\b/g,
];
const showsRows = /\b(lost|unexpected|duplicated): /;

const withoutRun = (message: string): string =>
  [...ofRun, ...(showsRows.test(message) ? [] : ofService)].reduce(
    (text, one) => text.replaceAll(one, "…"),
    message,
  );

/** Nobody remembers longer why something is accepted. */
const longestMs: Millis = 90 * 24 * 3_600_000;

/**
 * Failures that are known and accepted for a time. One entry is one failure: it hides no other one in its cell, in no other
 * run either.
 */
export class KnownFailures {
  readonly #open: readonly KnownFailure[];
  readonly #expired: readonly KnownFailure[];
  readonly #endless: readonly KnownFailure[];
  readonly #met = new Set<KnownFailure>();
  /** What each is an entry for, without what differs by run. */
  readonly #taken = new Map<KnownFailure, string>();

  constructor(all: readonly KnownFailure[], now: Millis) {
    const left = ({ expires }: KnownFailure) => Date.parse(expires) - now;
    this.#open = all.filter((known) => left(known) > 0 && left(known) <= longestMs);
    this.#expired = all.filter((known) => left(known) <= 0);
    this.#endless = all.filter((known) => left(known) > longestMs);
  }

  /** Those of a run's departures outside of any job that are none of them. */
  withoutLoose(loose: readonly string[]): string[] {
    const broken = loose.map((message) => ({ invariant: "C", message }));
    return this.without("loose", broken).map(({ message }) => message);
  }

  /** Whether this trouble is one of them; what was measured is in its text, and is another each time. */
  has(cell: string, invariant: string, message: string): boolean {
    const found = this.#of(cell, invariant, message);
    for (const known of found) this.#met.add(known);
    return found.length > 0;
  }

  /** Those of a cell's failures that are none of them. A text that stands in two of them is an entry for one alone. */
  without(cell: string, broken: readonly Broken[]): Broken[] {
    return broken.filter(({ invariant, message }) => {
      const found = this.#of(cell, invariant, message);
      const lasting = withoutRun(message);
      const free = found.find((known) => (this.#taken.get(known) ?? lasting) === lasting);
      if (free === undefined) return true;
      this.#taken.set(free, lasting);
      for (const known of found) this.#met.add(known);
      return false;
    });
  }

  /** The one that says most first. */
  #of(cell: string, invariant: string, message: string): KnownFailure[] {
    return this.#open
      .filter(
        (known) => known.cell === cell && known.invariant === invariant && message.includes(known.message),
      )
      .toSorted((a, b) => b.message.length - a.message.length);
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
