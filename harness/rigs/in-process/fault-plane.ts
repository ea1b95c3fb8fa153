import type { Millis } from "../../../contracts/values.ts";
import { isStep } from "../../schedule/catalog.ts";
import type { Fault, LinkName, Planned, Site } from "../../schedule/schedule.ts";

/** Knows which call is the how-manieth at its place, and what is planned for it. One for each run, on any rig. */
export class FaultPlane {
  readonly #all: readonly Planned[];
  readonly #planned = new Map<string, Fault[]>();
  /** By link, operation and job: a key put together from the three costs more than the look-ups. */
  readonly #counts = new Map<LinkName, Map<string, Map<number | null, number>>>();
  readonly #outages = new Map<LinkName, Millis>();
  /** Places in the schedule of the faults, by the plane's own copies: a schedule may use one object twice. */
  readonly #places = new Map<Fault, number>();
  readonly #unfired: Set<number>;
  /** Steps that were reached, in order: what a sweep can break. */
  readonly reached: Site[] = [];

  constructor(faults: readonly Planned[]) {
    this.#all = faults;
    this.#unfired = new Set(faults.keys());
    for (const [place, { at, fault }] of faults.entries()) {
      const copy = { ...fault };
      this.#places.set(copy, place);
      const key = siteKey(at);
      this.#planned.set(key, [...(this.#planned.get(key) ?? []), copy]);
    }
  }

  /** Counts a call; its occurrence among those of the same link, operation and job. */
  count(link: LinkName, operation: string, job: number | null): number {
    const byJob = within(within(this.#counts, link), operation);
    const occurrence = (byJob.get(job) ?? 0) + 1;
    byJob.set(job, occurrence);
    return occurrence;
  }

  /** What is planned for this place; asking makes it fire. */
  reach(site: Site): readonly Fault[] {
    if (isStep(site)) this.reached.push(site);
    // Nearly every run is nearly always past its few faults.
    if (this.#unfired.size === 0) return none;
    const faults = this.#planned.get(siteKey(site)) ?? none;
    for (const fault of faults) this.#unfired.delete(this.placeOf(fault));
    return faults;
  }

  /** Faults whose place no call has reached. */
  unfired(): Planned[] {
    return [...this.#unfired].map((place) => this.#all[place] as Planned);
  }

  /** The place in the schedule of a fault that was reached. */
  placeOf(fault: Fault): number {
    return this.#places.get(fault) ?? -1;
  }

  refuse(link: LinkName, until: Millis): void {
    this.#outages.set(link, Math.max(until, this.#outages.get(link) ?? 0));
  }

  isOut(link: LinkName, now: Millis): boolean {
    return (this.#outages.get(link) ?? 0) > now;
  }
}

const none: readonly Fault[] = [];

/** The map under a key of a map of maps, made when it is first asked for. */
function within<K, L, V>(maps: Map<K, Map<L, V>>, key: K): Map<L, V> {
  let map = maps.get(key);
  if (map === undefined) {
    map = new Map();
    maps.set(key, map);
  }
  return map;
}

const siteKey = ({ link, operation, job, occurrence, phase }: Site): string =>
  `${link} ${operation} ${job} ${occurrence} ${phase}`;
