import { expect, test } from "vitest";
import { base } from "../../harness/explore/bases.ts";
import type { FinalEvent, HistoryEvent } from "../../harness/history/event.ts";
import { disagreement } from "../../harness/rigs/agreement.ts";
import { type Run, runSchedules } from "../../harness/rigs/in-process/run.ts";
import type { Planned } from "../../harness/schedule/schedule.ts";
import { currentSystem, releases } from "./system.ts";

/** What counts as agreement of a rig with the simulated one. */

const system = await currentSystem();

/** A run of INSERT INTO as another rig might have had it, its end told otherwise. */
async function ended(faults: readonly Planned[], otherwise: Partial<FinalEvent>): Promise<Run> {
  const schedule = { ...base("presto", "insert-into", releases, 3), faults: [...faults] };
  const [run] = (await runSchedules(system, [schedule])) as [Run];
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
  expect(await disagreement(system, await ended([], {}))).toBeNull();
});

test.each<[string, Partial<FinalEvent>]>([
  ["another status", { stored: "error" }],
  ["no effect", { rows: [] }],
  ["a lease that was left", { leased: true }],
  ["something left behind", { residue: ["table half_made"] }],
  ["a report that was kept", { unsent: 1 }],
])("%s differs", async (_, otherwise) => {
  expect(await disagreement(system, await ended([], otherwise))).toContain("simulated");
});

test.each<[string, Partial<FinalEvent>]>([
  ["in time", { stored: "killed", rows: [] }],
  [
    "too late",
    {
      stored: "success",
      rows: [
        [1, "a"],
        [2, "b"],
      ],
    },
  ],
])("a customer's kill that came %s agrees", async (_, otherwise) => {
  expect(await disagreement(system, await ended([kill], otherwise))).toBeNull();
});

test.each<[string, Partial<FinalEvent>]>([
  [
    "a killed job with its effect",
    {
      stored: "killed",
      rows: [
        [1, "a"],
        [2, "b"],
      ],
    },
  ],
  ["a success without", { stored: "success", rows: [] }],
])("%s differs, kill or no kill", async (_, otherwise) => {
  expect(await disagreement(system, await ended([kill], otherwise))).not.toBeNull();
});
