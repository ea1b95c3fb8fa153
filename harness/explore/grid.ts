import type { SystemLimits } from "../../contracts/in-process.ts";
import type { LinkName, Planned, Schedule, Site } from "../schedule/schedule.ts";

/** Outages of every length that could matter: from nothing to a day, and just below and above every constant. */

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const round = [0, second, minute, 10 * minute, hour, 6 * hour, 24 * hour];

export const outageLengths = (limits: SystemLimits): number[] => {
  const constants = [
    limits.requestMs,
    limits.leaseMs,
    limits.retryCapMs,
    limits.registerMs,
    limits.statementMs,
    limits.deliveryTryMs,
    limits.deliveryMs,
  ];
  const around = constants.filter((ms) => ms > 0).flatMap((ms) => [ms - 500, ms + 500]);
  return [...new Set([...round, ...around])].sort((a, b) => a - b);
};

/** Where an outage begins: at every call on which a retry, a lease or a wait depends. */
const places: readonly [LinkName, string][] = [
  ["customer->api", "job.issue"],
  ["worker->api", "worker.heartbeat"],
  ["worker->api", "worker.register_table"],
  ["worker->api", "worker.receipt"],
  ["worker->api", "worker.finish"],
  ["api->database", "worker.finish"],
  ["worker->warehouse", "insertInto"],
  ["worker->warehouse", "publishTable"],
  ["worker->destination", "deliver"],
];

export function outageGrid(base: Schedule, limits: SystemLimits, reached: readonly Site[]): Schedule[] {
  const begins = places.flatMap(([link, operation]) =>
    (["before", "after"] as const).flatMap(
      (phase) =>
        reached.find((site) => site.link === link && site.operation === operation && site.phase === phase) ??
        [],
    ),
  );
  const faults: Planned[] = begins.flatMap((at) =>
    outageLengths(limits).map((ms) => ({ at, fault: { kind: "outage" as const, ms } })),
  );
  return faults.map((planned) => ({ ...base, faults: [planned] }));
}
