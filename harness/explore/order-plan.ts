import { operations } from "../../contracts/operations.ts";
import type { Run, RunSchedules } from "../rigs/run.ts";
import { singlesAt } from "../schedule/catalog.ts";
import { overtakenMs } from "../schedule/overtaking.ts";
import type { Planned, Schedule, Site } from "../schedule/schedule.ts";
import { mostStatements, overtaking, type Pair } from "./orders.ts";

/** Which two transactions of a workload are tried in every order. */

export interface Meeting {
  /** The workload with the fault that brings the two together, if one must. */
  base: Schedule;
  pair: Pair;
}

/** How many meetings of two operations are tried in a workload: the nearest ones. */
const meetingsOfAKind = 2;

/** A customer's kill, a retry that meets what it repeats, a takeover from a worker that wakes up again. */
const isProvoking = ({ at, fault }: Planned): boolean =>
  at.link.endsWith("->api") &&
  (fault.kind === "kill-job" ||
    (fault.kind === "late" && at.phase === "before") ||
    (fault.kind === "pause" && fault.process === "worker" && at.link === "worker->api"));

const isChange = (operation: string): boolean =>
  Object.values(operations).some(({ id, method }) => id === operation && method !== "GET");

/** The transactions that may change something and can be under way at once, the earlier one of each two first. */
export function pairsIn({ transactions = [] }: Pick<Run, "transactions">): Pair[] {
  const changes = transactions.filter(({ operation }) => isChange(operation));
  return changes
    .flatMap((a, i) => changes.slice(i + 1).map((b): Pair => [a, b]))
    .filter(([a, b]) => b.at - a.at < overtakenMs);
}

/** The meetings of a workload that are tried, and how many others there are. */
export async function orderPlan(
  run: RunSchedules,
  { base, reached }: { base: Schedule; reached: readonly Site[] },
): Promise<{ meetings: Meeting[]; leftOut: number }> {
  const provoked = singlesAt(reached).filter(isProvoking);
  const runs = await run([base, ...provoked.map((planned) => ({ ...base, faults: [planned] }))]);
  const all = runs
    .filter(({ unfired }) => unfired.length === 0)
    .flatMap((ran) => pairsIn(ran).map((pair): Meeting => ({ base: ran.schedule, pair })));
  const nearest = all.toSorted((a, b) => cost(a) - cost(b));
  const kinds = new Map<string, number>();
  const meetings = nearest.filter(({ pair }) => {
    const kind = pair
      .map(({ operation }) => operation)
      .toSorted()
      .join(" ");
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    return (kinds.get(kind) as number) <= meetingsOfAKind;
  });
  return { meetings, leftOut: all.length - meetings.length };
}

/** Near ones first; of those that are as near the ones without a fault. */
const cost = ({ base, pair: [a, b] }: Meeting): number => b.at - a.at + base.faults.length;

/** Each order of a meeting that one overtaking makes: a statement of one waits for the whole other transaction. */
export const overtakingsOf = ({ base, pair: [a, b] }: Meeting): Schedule[] =>
  Array.from({ length: mostStatements }, (_, i) => i + 1).flatMap((statement) =>
    [overtaking(a, statement, b), overtaking(b, statement, a)].map((planned) => ({
      ...base,
      faults: [...base.faults, planned],
    })),
  );
