import { describe, expect, test } from "vitest";
import { runAll } from "../../../../harness/explore/sweep.ts";
import { count, emptyTally } from "../../../../harness/explore/tally.ts";
import { basesOf, usualScenarios, workloadsOf } from "../../../../harness/explore/workloads.ts";
import { isApplicable } from "../../../../harness/schedule/applicable.ts";
import type { Fault, Schedule } from "../../../../harness/schedule/schedule.ts";
import { config, releases, runOn } from "../../../status-sync/system.ts";
import { cutOff, cuts, failures, outageMs, underWay, wrongWith } from "./every-kind.ts";

/** The same at many moments, with all jobs, and from each single call of each job. */

const moments = Array.from({ length: 20 }, (_, i) => i / 20);

describe("jobs of every kind at once", () => {
  test.each(Object.entries(cuts))("for nine minutes %s, at twenty moments", async (_, cut) => {
    const runs = await cutOff(cut, "night", moments);
    expect(runs.flatMap(wrongWith)).toEqual([]);
    expect(runs.flatMap(failures)).toEqual([]);
    const seen = new Set(runs.flatMap((run) => [...underWay(run)]));
    const kinds = new Set(runs.flatMap(({ schedule }) => schedule.workload.jobs.map((job) => job.scenario)));
    expect([...seen].toSorted()).toEqual([...kinds].toSorted());
  });
});

const faults: readonly Fault[] = [
  { kind: "outage", ms: outageMs },
  { kind: "kill", process: "api", ms: outageMs },
  { kind: "kill", process: "database", ms: outageMs },
];
/** Other places than those that the upgrade may cut off: a delivery is tried for two minutes. */
const links = new Set(Object.values(cuts).map(({ link }) => link));

test("one job of each kind on each engine, cut off from each of its calls on", async () => {
  const run = await runOn();
  const bases = basesOf(
    ["presto", "hive-cdh4", "hive-hdp2"],
    usualScenarios(config.scenarios),
    releases,
    2017,
  );
  const tally = emptyTally();
  for (const { base, reached } of await workloadsOf(run, bases)) {
    const schedules = reached
      .filter(({ link, statement }) => links.has(link) && statement === undefined)
      .flatMap((at) =>
        faults
          .filter((fault) => isApplicable(at, fault, 1))
          .map((fault): Schedule => ({ ...base, faults: [{ at, fault }] })),
      );
    await runAll(run, schedules, (one) => {
      count(tally, one);
      expect(failures(one)).toEqual([]);
    });
  }
  const { found, broken, unjudged, invalid, schedules } = tally;
  expect({ found, broken, unjudged, invalid }).toEqual({ found: [], broken: {}, unjudged: 0, invalid: 0 });
  expect(schedules).toBeGreaterThan(3_500);
});
