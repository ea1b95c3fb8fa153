import type { Written } from "../../contracts/in-process.ts";
import type { MysqlErrno } from "../../contracts/mysql-errors.ts";
import type { Millis } from "../../contracts/values.ts";
import { isStep } from "../schedule/catalog.ts";
import type { Fault, LinkName, Planned, Site } from "../schedule/schedule.ts";

/** Counts calls by site and returns the faults planned there. One for each run, on any rig. */
export class FaultPlane {
  #all: readonly Planned[];
  readonly #planned = new Map<string, Fault[]>();
  readonly #counts: Counts = new Map();
  /** Counts by process; null where no fault is planned for the calls of one. */
  readonly #countsBy: Map<string, Counts> | null;
  readonly #outages = new Map<LinkName, Millis>();
  /** Links on which the server takes no connection. */
  readonly #closed = new Map<LinkName, { until: Millis; errno: MysqlErrno }>();
  /** Until when tables have no room. */
  readonly #full = new Map<string, Millis>();
  /** Indices of the faults in the schedule, by the plane's own copies: a schedule may use one object twice. */
  readonly #indices = new Map<Fault, number>();
  #unfired: Set<number>;
  /** Steps that were reached, in order: what a sweep can break. */
  readonly reached: Site[] = [];
  /** Called when faults are about to take hold, before they do. */
  onHit: () => void = () => {};

  constructor(faults: readonly Planned[]) {
    this.#all = faults;
    this.#unfired = new Set(faults.keys());
    this.#countsBy = faults.some(({ at }) => at.by !== undefined) ? new Map() : null;
    for (const index of faults.keys()) this.#plan(index);
  }

  #plan(index: number): void {
    const { at, fault } = this.#all[index] as Planned;
    const copy = { ...fault };
    this.#indices.set(copy, index);
    const key = siteKey(at);
    this.#planned.set(key, [...(this.#planned.get(key) ?? []), copy]);
  }

  /** Every fault that was ever planned, by index. */
  get all(): readonly Planned[] {
    return this.#all;
  }

  /** From now on these are planned, and nothing else that has not fired. */
  plan(faults: readonly Planned[]): void {
    const first = this.#all.length;
    this.#all = [...this.#all, ...faults];
    this.#planned.clear();
    this.#unfired = new Set(faults.map((_, i) => first + i));
    for (const index of this.#unfired) this.#plan(index);
  }

  /** Counts a call; its occurrence among those of the same link, operation and job. */
  nextOccurrence(link: LinkName, operation: string, job: number | null): number {
    return countIn(this.#counts, link, operation, job);
  }

  /** The same among the calls of one process; 0 where no fault asks whose call it is. */
  nextOccurrenceBy(by: string, link: LinkName, operation: string, job: number | null): number {
    if (this.#countsBy === null) return 0;
    return countIn(within(this.#countsBy, by), link, operation, job);
  }

  /**
   * The faults planned for this site. Whoever asks tells `fire` which of them took hold.
   *
   * @param own the occurrence of the call among those of the process `by`; 0 where no fault asks for it
   */
  reach(site: Site, by: string, own: number): readonly Fault[] {
    if (isStep(site)) this.reached.push(site);
    // Nearly every run is nearly always past its few faults.
    if (this.#unfired.size === 0) return none;
    const hits = this.#at(site, by, own);
    if (hits.length === 0) return none;
    this.onHit();
    // It may have changed the plan: a run that is continued draws other faults from here on.
    return this.#at(site, by, own);
  }

  #at(site: Site, by: string, own: number): readonly Fault[] {
    const faults = this.#planned.get(siteKey(site)) ?? none;
    if (own === 0) return faults;
    const ofCaller = this.#planned.get(siteKey({ ...site, occurrence: own, by })) ?? none;
    return [...faults, ...ofCaller].sort((a, b) => this.indexOf(a) - this.indexOf(b));
  }

  /** The fault has taken hold. */
  fire(fault: Fault): void {
    this.#unfired.delete(this.indexOf(fault));
  }

  /** The fault with this index has taken hold. */
  fireAt(index: number): Planned {
    this.#unfired.delete(index);
    return this.#all[index] as Planned;
  }

  /** Faults whose site no call has reached, or which could do nothing there. */
  unfired(): Planned[] {
    return [...this.#unfired].map((index) => this.#all[index] as Planned);
  }

  /** The index in the schedule of a fault that was reached. */
  indexOf(fault: Fault): number {
    return this.#indices.get(fault) ?? -1;
  }

  /** `errno`: how the server refuses; absent: nobody is reached. */
  refuse(link: LinkName, until: Millis, errno?: MysqlErrno): void {
    if (errno === undefined) this.#outages.set(link, Math.max(until, this.#outages.get(link) ?? 0));
    else if (until > (this.#closed.get(link)?.until ?? 0)) this.#closed.set(link, { until, errno });
  }

  fill(table: string, until: Millis): void {
    this.#full.set(table, Math.max(until, this.#full.get(table) ?? 0));
  }

  /** Whether a statement is refused because its table is full. */
  refusesRoom({ table, needsRoom }: Written, now: Millis): boolean {
    return (this.#full.get(table) ?? 0) > now && needsRoom();
  }

  isOut(link: LinkName, now: Millis): boolean {
    return (this.#outages.get(link) ?? 0) > now;
  }

  /** How the server refuses every connection on this link; null where it does not. */
  refusalOn(link: LinkName, now: Millis): MysqlErrno | null {
    const closed = this.#closed.get(link);
    return closed !== undefined && closed.until > now ? closed.errno : null;
  }
}

const none: readonly Fault[] = [];

/** By link, operation and job: a key put together from the three costs more than the look-ups. */
type Counts = Map<LinkName, Map<string, Map<number | null, number>>>;

function countIn(counts: Counts, link: LinkName, operation: string, job: number | null): number {
  const byJob = within(within(counts, link), operation);
  const occurrence = (byJob.get(job) ?? 0) + 1;
  byJob.set(job, occurrence);
  return occurrence;
}

/** The map under a key of a map of maps, made when it is first asked for. */
function within<K, L, V>(maps: Map<K, Map<L, V>>, key: K): Map<L, V> {
  let map = maps.get(key);
  if (map === undefined) {
    map = new Map();
    maps.set(key, map);
  }
  return map;
}

/** A statement is part of the key, so that a fault at one is not taken for a fault of its transaction. */
const siteKey = ({ link, operation, job, occurrence, phase, by, statement }: Site): string =>
  `${link} ${operation} ${job} ${occurrence} ${phase} ${by ?? ""} ${statement ?? ""}`;
