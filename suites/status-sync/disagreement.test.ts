import { expect, test } from "vitest";
import { baseSchedule } from "../../harness/explore/workloads.ts";
import type { FinalEvent, HistoryEvent } from "../../harness/history/event.ts";
import { disagreement } from "../../harness/rigs/agreement.ts";
import type { Run } from "../../harness/rigs/run.ts";
import { type Scenario, scenarioFor } from "../../harness/schedule/scenario.ts";
import type { Planned } from "../../harness/schedule/schedule.ts";
import { config, releases, runOn } from "./system.ts";

/** What counts as agreement of a rig with the simulated one. */

const simulated = await runOn();
/** What INSERT INTO fills its table with. */
const inserting = config.scenarios.find(({ name }) => name === "insert-into") as Scenario;
const table = scenarioFor(inserting, "cdh4").source.rows;

/** A run of INSERT INTO as another rig might have had it, its end told otherwise. */
async function ended(faults: readonly Planned[], otherwise: Partial<FinalEvent>): Promise<Run> {
  const schedule = { ...baseSchedule("presto", "insert-into", releases, 3), faults: [...faults] };
  const [run] = (await simulated([schedule])) as [Run];
  const events = run.events.map(
    (event): HistoryEvent => (event.kind === "final" ? { ...event, ...otherwise } : event),
  );
  return { ...run, events };
}

const kill: Planned = {
  at: { link: "worker->api", operation: "worker.claim", job: 1, occurrence: 1, phase: "after" },
  fault: { kind: "kill-job" },
};

test("a run that came to the same agrees", async () => {
  expect(await disagreement(simulated, await ended([], {}))).toBeNull();
});

test.each<[string, Partial<FinalEvent>]>([
  ["another status", { stored: "error" }],
  ["no effect", { table: [] }],
  ["a lease that was left", { leased: true }],
  ["something left behind", { residue: ["table half_made"] }],
  ["a report that was kept", { unsent: 1 }],
])("%s differs", async (_, otherwise) => {
  expect(await disagreement(simulated, await ended([], otherwise))).toContain("simulated");
});

test.each<[string, Partial<FinalEvent>]>([
  ["in time", { stored: "killed", table: [] }],
  ["too late", { stored: "success", table }],
])("a customer's kill that came %s agrees", async (_, otherwise) => {
  expect(await disagreement(simulated, await ended([kill], otherwise))).toBeNull();
});

test.each<[string, Partial<FinalEvent>]>([
  ["a killed job with its effect", { stored: "killed", table }],
  ["a success without", { stored: "success", table: [] }],
])("%s differs, kill or no kill", async (_, otherwise) => {
  expect(await disagreement(simulated, await ended([kill], otherwise))).not.toBeNull();
});
