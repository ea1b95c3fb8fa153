import { describe, expect, test } from "vitest";
import type { Releases } from "../../../contracts/in-process.ts";
import type { Engine } from "../../../contracts/job.ts";
import { runAll } from "../../../harness/explore/sweep.ts";
import { basesOf, usualScenarios, workloadsOf } from "../../../harness/explore/workloads.ts";
import type { FinalEvent } from "../../../harness/history/event.ts";
import { allBroken, judgeHistory } from "../../../harness/invariants/judge.ts";
import type { Schedule } from "../../../harness/schedule/schedule.ts";
import { config, releases, runOn } from "../../status-sync/system.ts";

/** The outage in its full length, in virtual time, from each call that the API makes to its database. */

const minute = 60_000;

/** What became of the jobs of a schedule, and the invariants that it broke. */
interface Outcome {
  ends: FinalEvent[];
  broken: string[];
}

/** Not from within a transaction: faults of single statements are tried elsewhere. */
async function outagesOf(ms: number, own: Releases, engines: readonly Engine[]): Promise<Outcome[]> {
  const run = await runOn(own);
  const bases = basesOf(engines, usualScenarios(config.scenarios), own, 2017);
  const schedules = (await workloadsOf(run, bases)).flatMap(({ base, reached }) =>
    reached
      .filter(({ link, statement }) => link === "api->database" && statement === undefined)
      .map((at): Schedule => ({ ...base, faults: [{ at, fault: { kind: "outage", ms } }] })),
  );
  const outcomes: Outcome[] = [];
  // Judged as they come: all histories at once would fill the memory.
  await runAll(run, schedules, ({ events, unfired }) => {
    expect(unfired).toEqual([]);
    const ends = events.filter((event) => event.kind === "final");
    const broken = allBroken(judgeHistory(events)).map(({ invariant }) => invariant);
    outcomes.push({ ends, broken });
  });
  return outcomes;
}

const brokenBy = (outcomes: readonly Outcome[]) => [...new Set(outcomes.flatMap(({ broken }) => broken))];

const endsOf = (outcomes: readonly Outcome[]) => outcomes.flatMap(({ ends }) => ends);

describe("without a database", () => {
  test("for 9 minutes every job succeeds, and no invariant breaks", async () => {
    const runs = await outagesOf(9 * minute, releases, ["presto", "hive-hdp2"]);
    expect(brokenBy(runs)).toEqual([]);
    expect(new Set(endsOf(runs).map(({ stored }) => stored))).toEqual(new Set(["success"]));
    expect(runs.length).toBeGreaterThan(30);
  });

  test("for 10 minutes no invariant breaks, and a job that waits for longer than workers may says so", async () => {
    const runs = await outagesOf(10 * minute, releases, ["presto", "hive-hdp2"]);
    expect(brokenBy(runs)).toEqual([]);
    // Of a job that another worker has taken over meanwhile the first one's giving up is told.
    const failed = endsOf(runs).filter(({ stored }) => stored !== "success");
    expect(failed.length).toBeGreaterThan(0);
    for (const { stored, record } of failed)
      expect(`${stored}: ${record?.message}`).toMatch(
        /^error: ((registering the table|reading a part) did not succeed within 600000 ms|an earlier attempt of this job was given up)/,
      );
  });

  test("for 9 minutes under an API that leaves out what was due meanwhile invariant C breaks", async () => {
    const own = { ...releases, api: "due-times-missed-left-out" };
    expect(brokenBy(await outagesOf(9 * minute, own, ["presto"]))).toEqual(["C"]);
  });

  test.each([
    ["report-given-up", "I12"],
    ["unheard-end-is-killed", "I3"],
  ])("for 10 minutes under workers of %s invariant %s breaks", async (id, invariant) => {
    const own = { api: "current", workers: { v5: id, v6: id } };
    expect(brokenBy(await outagesOf(10 * minute, own, ["presto"]))).toContain(invariant);
  });
});
