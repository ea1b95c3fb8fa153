import { expect, test } from "vitest";
import type { Run, TransactionSeen } from "../rigs/run.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { pairsIn } from "./order-plan.ts";
import { everyOrder } from "./orders.ts";
import { baseSchedule } from "./workloads.ts";

const base = baseSchedule("presto", "web", { api: "current", workers: {} }, 1);
const a: TransactionSeen = { operation: "worker.finish", occurrence: 1, at: 0 };
const b: TransactionSeen = { operation: "job.kill", occurrence: 2, at: 1 };

/** The order in which two transactions come by that wait for nothing but what the schedule says: `aabba`. */
function played(
  { faults }: Schedule,
  lengths: Record<"a" | "b", number>,
): { order: string; barred: boolean } {
  let order = "";
  const over = { a: 0, b: 0 };
  const isHeld = (which: "a" | "b"): boolean =>
    faults.some(({ at, fault }) => {
      if (fault.kind !== "overtaken" || at.operation !== (which === "a" ? a : b).operation) return false;
      const by = fault.by.operation === a.operation ? "a" : "b";
      return fault.statement === over[which] + 1 && over[by] < (fault.by.statement ?? lengths[by]);
    });
  for (;;) {
    const next = (["a", "b"] as const).find((which) => over[which] < lengths[which] && !isHeld(which));
    if (next === undefined) return { order, barred: order.length < lengths.a + lengths.b };
    over[next] += 1;
    order += next;
  }
}

const runWith =
  (lengths: Record<"a" | "b", number>, seen: Set<string>) => async (schedules: readonly Schedule[]) =>
    schedules.map((schedule): Run => {
      const { order, barred } = played(schedule, lengths);
      if (!barred) seen.add(order);
      const transactions = [
        { ...a, statements: lengths.a },
        { ...b, statements: lengths.b },
      ];
      const unfired = barred ? schedule.faults.slice(-1) : [];
      return { schedule, events: [], unfired, reached: [], transactions, millis: 0 };
    });

test.each([
  [1, 1, 2],
  [2, 3, 10],
  [4, 4, 70],
])("of %i and %i statements every one of the %i orders is tried, each told once", async (m, n, orders) => {
  const seen = new Set<string>();
  const { whole, barred } = await everyOrder(runWith({ a: m, b: n }, seen), base, [a, b], () => {});
  expect({ whole, barred }).toEqual({ whole: orders, barred: 0 });
  expect(seen.size).toBe(orders);
});

test("pairs are changes that are under way within the time that one can wait for the other", () => {
  const late = { ...b, occurrence: 3, at: 4_000 };
  const read = { operation: "job.show", occurrence: 1, at: 0 };
  expect(pairsIn({ transactions: [a, read, b, late] })).toEqual([
    [a, b],
    [b, late],
  ]);
});
