import { describe, expect, test } from "vitest";
import { allBroken, judgeHistory } from "../../harness/invariants/judge.ts";
import { runOnce } from "../../harness/replay/run-once.ts";
import { checkSchedule } from "../../harness/schedule/parse.ts";
import { type Schedule, scheduleFormat } from "../../harness/schedule/schedule.ts";
import { current, options } from "../trust/mutant-builds.ts";

/** What the probe asks is answered by the reference system as the contract says, on every rig without containers. */

const schedule: Schedule = {
  format: scheduleFormat,
  workload: { jobs: [{ scenario: "web", engine: "hive-hdp2" }], probe: true, workers: 1 },
  releases: { api: current, workers: { v5: current, v6: current } },
  seed: 1,
  faults: [],
};

describe.each(["simulated", "wire"] as const)("%s", (rig) => {
  test("the probe asks more than a thousand questions, and all answers are right", async () => {
    const { events } = await runOnce(rig, schedule, options);
    const asked = events.filter((event) => event.kind === "exchange" && event.probe !== undefined);
    expect(asked.length).toBeGreaterThan(1_000);
    const judgement = judgeHistory(events);
    expect(allBroken(judgement)).toEqual([]);
    expect(judgement.unjudged).toBe(0);
  });

  test("a schedule that does not ask for it has none", async () => {
    const { probe: _, ...workload } = schedule.workload;
    const { events } = await runOnce(rig, { ...schedule, workload }, options);
    expect(events.filter((event) => event.kind === "exchange" && event.probe !== undefined)).toEqual([]);
  });
});

test("a schedule with faults cannot have the probe, but with those of the API's database", () => {
  const withFault = (at: object) => ({
    ...schedule,
    faults: [{ at: { occurrence: 1, phase: "after", ...at }, fault: { kind: "lost" } }],
  });
  const ofWorkers = withFault({ link: "worker->api", operation: "worker.claim", job: 1 });
  expect(() => checkSchedule(ofWorkers, "mine.json")).toThrow(
    "workload.probe: the probe is for schedules without faults, but those of the API's database",
  );
  const ofDatabase = withFault({ link: "api->database", operation: "job.list", job: null });
  expect(checkSchedule(ofDatabase, "mine.json")).toEqual(ofDatabase);
});
