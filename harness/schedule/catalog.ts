import type { Fault, FaultKind, LinkName, Planned, ProcessName, Site } from "./schedule.ts";

/** Which faults make sense where. A link that carries no HTTP has no statuses; a disk here loses nothing, it only dies with its machine. */
const http: readonly FaultKind[] = [
  "lost",
  "late",
  "status",
  "truncated",
  "duplicate",
  "half-open",
  "outage",
  "kill",
  "pause",
  "kill-job",
];
const database: readonly FaultKind[] = ["lost", "late", "half-open", "outage", "kill", "pause", "kill-job"];

export const faultsOf: Record<LinkName, readonly FaultKind[]> = {
  "customer->api": http,
  "worker->api": http,
  "api->database": database,
  "worker->warehouse": database,
  "worker->destination": http,
  "worker->disk": ["kill", "pause"],
};

/** A reply that is cut needs a reply, a request that comes twice needs a request. */
const onlyIn: Partial<Record<FaultKind, Site["phase"]>> = { truncated: "after", duplicate: "before" };

/** Who calls over a link and who answers, of those that can be killed and paused. */
const endsOf: Record<LinkName, readonly ProcessName[]> = {
  "customer->api": ["api"],
  "worker->api": ["worker", "api"],
  "api->database": ["api", "database"],
  "worker->warehouse": ["worker", "database"],
  "worker->destination": ["worker"],
  "worker->disk": ["worker"],
};

/** Whether a fault befalls a process at a call of its own; true of faults that befall the call. */
const isAtItsOwn = ({ link }: Site, fault: Fault): boolean =>
  !("process" in fault) || endsOf[link].includes(fault.process);

/** The database takes part in its own calls alone; API and worker may fall over at anybody's. */
export const isApplicable = (site: Site, fault: Fault): boolean =>
  faultsOf[site.link].includes(fault.kind) &&
  (onlyIn[fault.kind] ?? site.phase) === site.phase &&
  (!isOfDatabase(fault) || isAtItsOwn(site, fault));

const isOfDatabase = (fault: Fault): boolean => "process" in fault && fault.process === "database";

/**
 * One fault of each kind. Each lasts as long as it must to exceed the limit that it tests and no longer, since containers
 * pay for it in real time; the grid of outage lengths tries the lengths between.
 *
 * - 11 s: a request's time-out (10 s).
 * - 35 s: a lease (30 s), and time for another worker to take over meanwhile.
 * - 45 s: a heartbeat's interval (10 s) and the 35 s of a call that begins within it; ten failed tries in a row.
 * - 5 s: a restart, well within a lease.
 */
export const sampleFaults: readonly Fault[] = [
  { kind: "lost" },
  { kind: "late", ms: 11_000 },
  { kind: "status", status: 429 },
  { kind: "status", status: 503 },
  { kind: "truncated" },
  { kind: "duplicate" },
  { kind: "half-open", ms: 35_000 },
  { kind: "outage", ms: 45_000 },
  { kind: "kill", process: "api", ms: 5_000 },
  { kind: "kill", process: "worker", ms: 5_000 },
  { kind: "kill", process: "worker", ms: null },
  { kind: "kill", process: "database", ms: 5_000 },
  { kind: "pause", process: "api", ms: 11_000 },
  { kind: "pause", process: "worker", ms: 35_000 },
  { kind: "pause", process: "database", ms: 11_000 },
  { kind: "kill-job" },
];

/** Polls, heartbeats and retries come again and again: the first ones are places of their own, the others are like them. */
const asksOf: Record<string, number> = {
  authenticate: 0,
  "job.show": 1,
  "job.list": 0,
  "worker.heartbeat": 2,
};

/** Whether a place means the same on every run: not the how-manieth poll, but a step of some job. */
export function isStep({ operation, job, occurrence, link }: Site): boolean {
  if (occurrence > (asksOf[operation] ?? 2)) return false;
  if (operation === "worker.claim" && job === null) return occurrence === 1;
  if (operation === "list" && link === "worker->disk") return false;
  return true;
}

/** Every single fault at every step among the places that a run has reached, each once. */
export function singlesAt(reached: readonly Site[]): Planned[] {
  const steps = new Map(reached.filter(isStep).map((site) => [JSON.stringify(site), site]));
  return [...steps.values()].flatMap((at) =>
    sampleFaults.filter((fault) => isApplicable(at, fault)).map((fault) => ({ at, fault })),
  );
}

/**
 * The same for pairs, without what only repeats another: statuses that invite a retry are alike; to its callers a
 * database that is down or stands still is an outage or a delay of their links; and a process that falls over while
 * others speak does so between two calls of its own, at the later of which it is tried. So all pairs stay within their
 * minute.
 */
export const partnersAt = (reached: readonly Site[]): Planned[] =>
  singlesAt(reached).filter(
    ({ at, fault }) =>
      (fault.kind !== "status" || fault.status === 503) && !isOfDatabase(fault) && isAtItsOwn(at, fault),
  );
