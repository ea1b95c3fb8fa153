import type { Fault, FaultKind, LinkName, Planned, Site } from "./schedule.ts";

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
  "worker->disk": ["kill", "pause"],
};

/** A reply that is cut needs a reply, a request that comes twice needs a request. */
const onlyIn: Partial<Record<FaultKind, Site["phase"]>> = { truncated: "after", duplicate: "before" };

export const isApplicable = ({ link, phase }: Site, { kind }: Fault): boolean =>
  faultsOf[link].includes(kind) && (onlyIn[kind] ?? phase) === phase;

/**
 * One fault of each kind, with durations beyond the limit that they are to exceed: a request's time-out (10 s), a lease
 * (30 s), and the first eight waits of a back-off (51 s). The grid of outage lengths tries the lengths between.
 */
export const sampleFaults: readonly Fault[] = [
  { kind: "lost" },
  { kind: "late", ms: 15_000 },
  { kind: "status", status: 429 },
  { kind: "status", status: 503 },
  { kind: "truncated" },
  { kind: "duplicate" },
  { kind: "half-open", ms: 45_000 },
  { kind: "outage", ms: 75_000 },
  { kind: "kill", process: "api", ms: 5_000 },
  { kind: "kill", process: "worker", ms: 5_000 },
  { kind: "kill", process: "worker", ms: null },
  { kind: "pause", process: "api", ms: 20_000 },
  { kind: "pause", process: "worker", ms: 45_000 },
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

/** One fault of each kind and process: statuses that invite a retry are alike, so pairs do with one of them. */
export const pairFaults = sampleFaults.filter((fault) => fault.kind !== "status" || fault.status === 503);

/** Every single fault at every step among the places that a run has reached, each once. */
export function singlesAt(reached: readonly Site[], faults: readonly Fault[] = sampleFaults): Planned[] {
  const steps = new Map(reached.filter(isStep).map((site) => [JSON.stringify(site), site]));
  return [...steps.values()].flatMap((at) =>
    faults.filter((fault) => isApplicable(at, fault)).map((fault) => ({ at, fault })),
  );
}
