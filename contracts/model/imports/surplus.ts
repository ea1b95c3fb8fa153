import { isDeepStrictEqual } from "node:util";
import type { Departure, ModelCall } from "../call.ts";
import type { About, Jobs } from "../jobs.ts";
import type { WordedOrder } from "../worded-orders.ts";

/**
 * Jobs of commits beyond those that were asked for: the answer to a commit tells no id, and no look at its session need show
 * each of its jobs. Judged where every call was answered: one that was lost may come twice.
 *
 * @param orders as jobs were ordered by sessions
 */
export function surplusCommits(
  calls: readonly ModelCall[],
  orders: readonly WordedOrder[],
  jobs: Jobs,
  abouts: ReadonlyMap<string, readonly About[]>,
): Departure[] {
  const commits = orders.filter(({ shownType }) => shownType === "bulk_import_commit");
  const isCalm = calls.every(({ excused, status }) => !excused && status !== null && status < 500);
  if (commits.length === 0 || !isCalm) return [];
  const isOf = (order: ModelCall, other: ModelCall) =>
    isDeepStrictEqual(
      [order.account?.name, order.request["query"]],
      [other.account?.name, other.request["query"]],
    );
  const firsts = commits.filter((order, i) => commits.findIndex((other) => isOf(order, other)) === i);
  return firsts.flatMap((first): Departure[] => {
    const its = [...jobs].flatMap(([id, facts]) => {
      const [about] = abouts.get(id) ?? [];
      const isOne = facts?.shownType === "bulk_import_commit" && isOf(first, facts.issue);
      return isOne && about !== undefined ? [{ id, call: about.call }] : [];
    });
    const most = commits.filter((order) => isOf(first, order)).length;
    const problem = `it is one of ${its.length} jobs of commits of which ${most} can have issued one`;
    return its.slice(most).map(({ id, call }) => ({ call, job: id, problem }));
  });
}
