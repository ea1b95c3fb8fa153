import { describe, expect, test } from "vitest";
import { orderPlan } from "../../harness/explore/order-plan.ts";
import { overtaking } from "../../harness/explore/orders.ts";
import { emptyTally, merge } from "../../harness/explore/tally.ts";
import { perform } from "../../harness/explore/task.ts";
import { baseSchedule } from "../../harness/explore/workloads.ts";
import { allBroken, judgeHistory } from "../../harness/invariants/judge.ts";
import type { Run } from "../../harness/rigs/run.ts";
import type { Planned } from "../../harness/schedule/schedule.ts";
import { shrink } from "../../harness/shrink/shrink.ts";
import { releases, rigOf, runOn } from "./system.ts";

/** Transactions that overlap: statement by statement, in the order that a schedule names. */

const the = (operation: string, occurrence = 1) => ({ operation, occurrence, at: 0 });
/** The customer kills the job while it runs. */
const kill: Planned = {
  at: { link: "worker->api", operation: "worker.heartbeat", job: 1, occurrence: 1, phase: "before" },
  fault: { kind: "kill-job" },
};

const base = (api: string) => baseSchedule("presto", "insert-into", { ...releases, api }, 1);

/** What is wrong with a build whose transactions overlap in this order, and what the locks make of it. */
const races: [string, string, Planned[], string][] = [
  ["claim-without-lock", "C", [overtaking(the("worker.claim"), 2, the("worker.claim", 2))], "comes about"],
  [
    "heartbeat-without-lock",
    "I5",
    [overtaking(the("worker.heartbeat"), 2, the("worker.finish"))],
    "is barred",
  ],
  [
    "heartbeat-reads-before-lock",
    "I5",
    [overtaking(the("worker.heartbeat"), 2, the("worker.finish"))],
    "is barred",
  ],
  [
    "kill-writes-status-back",
    "I5",
    [kill, overtaking(the("job.kill"), 2, the("worker.finish"))],
    "is barred",
  ],
];

describe.each(races)("%s", (mutant, invariant, faults, locked) => {
  test(`is caught by ${invariant}, and needs each of its faults`, async () => {
    const run = await runOn({ ...releases, api: mutant });
    const schedule = { ...base(mutant), faults };
    expect(brokenBy(await runOne(run, schedule))).toContain(invariant);
    const shrunk = await shrink(run, schedule, invariant, { note: () => {} });
    expect(shrunk?.schedule.faults).toHaveLength(faults.length);
  });

  test(`on the current build the order ${locked}, and nothing is wrong`, async () => {
    const ran = await runOne(await runOn(), { ...base("current"), faults });
    expect(ran.unfired.length === 0 ? "comes about" : "is barred").toBe(locked);
    expect(brokenBy(ran)).toEqual([]);
  });
});

test("the same order has the same history each time", async () => {
  const run = await runOn();
  const schedule = { ...base("current"), faults: races[0]?.[2] ?? [] };
  const [first, second] = [await runOne(run, schedule), await runOne(run, schedule)];
  expect(second.events).toEqual(first.events);
});

test("every order of two transactions of a job that inserts keeps every promise", async () => {
  const run = await runOn();
  const { limits } = (await rigOf()).system;
  const calm = await runOne(run, base("current"));
  const { meetings } = await orderPlan(run, { base: base("current"), reached: calm.reached });
  const tally = emptyTally();
  for (const meeting of meetings) merge(tally, await perform(run, limits, { kind: "orders", ...meeting }));
  expect(tally.found).toEqual([]);
  expect(tally.orders).toBeGreaterThan(100);
  expect(tally.barred).toBeGreaterThan(50);
});

async function runOne(
  run: Awaited<ReturnType<typeof runOn>>,
  schedule: ReturnType<typeof base>,
): Promise<Run> {
  const [ran] = await run([schedule]);
  return ran as Run;
}

const brokenBy = ({ events }: Run): string[] =>
  allBroken(judgeHistory(events)).map(({ invariant }) => invariant);
