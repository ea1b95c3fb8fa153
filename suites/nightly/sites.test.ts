import { expect, test } from "vitest";
import { runAll, singlesOf } from "../../harness/explore/sweep.ts";
import { basesOf, usualScenarios } from "../../harness/explore/workloads.ts";
import { operationsOf } from "../../harness/schedule/operations.ts";
import { parseSchedule } from "../../harness/schedule/parse.ts";
import { type LinkName, mostFaults } from "../../harness/schedule/schedule.ts";
import { runOn, scenarios, workloadOf } from "../trust/failing-schedules.ts";

/** The table of what each link is asked for holds all that happens. */

test("every site that a run reaches under any single fault is a known one, and every link is reached", async () => {
  const run = await runOn("current");
  const { releases, seed } = workloadOf("current");
  const seen = new Map<LinkName, Set<string>>();
  for (const { base } of basesOf(["presto"], usualScenarios(scenarios), releases, seed)) {
    const singles = await singlesOf(run, base);
    const broken = singles.map((single) => ({ ...base, faults: [single] }));
    await runAll(run, broken, ({ reached }) => {
      for (const { link, operation } of reached) seen.set(link, (seen.get(link) ?? new Set()).add(operation));
    });
    // As many as one schedule may have.
    for (let at = 0; at < singles.length; at += mostFaults) {
      const faults = singles.slice(at, at + mostFaults);
      expect(parseSchedule(JSON.stringify({ ...base, faults }), "all singles").faults).toEqual(faults);
    }
  }
  expect(seen.size).toBe(Object.keys(operationsOf).length);
  for (const [link, operations] of seen) {
    expect([...operations].filter((operation) => !operationsOf[link].includes(operation))).toEqual([]);
  }
});
