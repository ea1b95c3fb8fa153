import { type OperationId, operations } from "../../contracts/operations.ts";
import type { Run, RunSchedules } from "../rigs/run.ts";
import type { Planned, Schedule, Site } from "../schedule/schedule.ts";

/**
 * Operations of customers that the life of no job calls: listings, and moves of what they have made. The probe alone calls
 * them, so each schedule breaks the database under the probe, at one call of one operation.
 */
export async function askedInTrouble(
  run: RunSchedules,
  base: Schedule,
  inLives: readonly Site[],
): Promise<Schedule[]> {
  const probed: Schedule = { ...base, workload: { ...base.workload, probe: true } };
  const usual = new Set(inLives.map(({ operation }) => operation));
  const ids = (Object.keys(operations) as OperationId[]).filter(
    (id) => operations[id].audience === "customer" && !usual.has(id),
  );
  const runs = await run([probed]);
  return runs
    .flatMap((calm) => ids.flatMap((id) => troublesAt(id, tellingOf(calm, id))))
    .map((trouble) => ({ ...probed, faults: [trouble] }));
}

/**
 * Which transaction of this operation was for the call that was told the most: of an empty list nothing can be missing. Those
 * before the probe do not count: customers ask for their lists only where nothing is broken.
 */
function tellingOf({ events, transactions = [] }: Run, operation: OperationId): number | undefined {
  const asked = events.flatMap((event) =>
    event.kind === "exchange" && event.probe !== undefined ? [event] : [],
  );
  const passed = asked.filter((call) => call.operation === operation && call.status === 200);
  const lengths = passed.map(({ reply }) => JSON.stringify(reply).length);
  const telling = passed[lengths.indexOf(Math.max(...lengths))];
  if (telling === undefined) return undefined;
  const began = Math.min(...asked.map(({ sent }) => sent));
  const own = transactions.filter((seen) => seen.operation === operation && seen.at >= began);
  const place = own.findIndex(({ at }) => at >= telling.sent);
  return place === -1 ? undefined : place + 1;
}

/** Lost before it was done, lost after it, and refused at COMMIT. */
function troublesAt(operation: OperationId, occurrence: number | undefined): Planned[] {
  if (occurrence === undefined) return [];
  const site = { link: "api->database", operation, job: null, occurrence } as const;
  const lost: Planned[] = [
    { at: { ...site, phase: "before" }, fault: { kind: "lost" } },
    { at: { ...site, phase: "after" }, fault: { kind: "lost" } },
  ];
  if (operations[operation].method === "GET") return lost;
  const atCommit = { ...site, phase: "before", statement: "commit" } as const;
  return [...lost, { at: atCommit, fault: { kind: "read-only", errno: 1290 } }];
}
