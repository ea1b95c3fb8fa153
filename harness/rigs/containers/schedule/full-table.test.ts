import { describe, expect, test, vi } from "vitest";
import type { Planned } from "../../../schedule/schedule.ts";
import { FaultPlane } from "../../fault-plane.ts";
import type { Actions } from "./carriers.ts";
import { FaultGate } from "./fault-gate.ts";

const full: Planned = {
  at: {
    link: "api->database",
    operation: "worker.finish",
    job: null,
    occurrence: 1,
    phase: "before",
    statement: 1,
  },
  fault: { kind: "table-full", ms: 50_000 },
};
const scale = 0.001;
const into = (table: string, needsRoom = true) => ({ table, needsRoom: () => needsRoom });

function gateWith(planned: Planned) {
  const plane = new FaultPlane([planned]);
  const fired = vi.fn<Actions["fired"]>();
  const gate = new FaultGate(plane, { fired } as Partial<Actions> as Actions, scale);
  const call = (operation = "worker.finish") =>
    gate.plan<void>({
      link: "api->database",
      operation,
      job: null,
      by: "api",
      planned: "api",
      to: { process: "database", name: "database" },
    });
  return { plane, fired, call };
}

describe("a table that is full for so long", () => {
  test("refuses from its statement on whatever needs room there, in every call", async () => {
    const { plane, fired, call } = gateWith(full);
    const first = call();
    const other = call("job.issue");
    await first.before();
    await other.before();
    expect(other.statement?.(1, into("jobs"))).toEqual({});
    expect(first.statement?.(1, into("jobs"))).toEqual({ denied: 1114 });
    expect(fired).toHaveBeenCalledTimes(1);
    expect(plane.unfired()).toEqual([]);
    expect(other.statement?.(2, into("jobs"))).toEqual({ denied: 1114 });
    expect(other.statement?.(3, into("jobs", false))).toEqual({});
    expect(other.statement?.(4, into("tables"))).toEqual({});
    expect(other.statement?.("commit", null)).toEqual({});
  });

  test("has room again when that time is over, as the rig scales it", async () => {
    const { call } = gateWith(full);
    const first = call();
    await first.before();
    first.statement?.(1, into("jobs"));
    const began = performance.now();
    await vi.waitUntil(() => Object.keys(first.statement?.(2, into("jobs")) ?? {}).length === 0);
    expect(performance.now() - began).toBeGreaterThan(50 * 0.8);
  });

  test("does not fire at a statement of which nobody knows the table", async () => {
    const { plane, call } = gateWith(full);
    const first = call();
    await first.before();
    expect(first.statement?.(1, null)).toEqual({});
    expect(plane.unfired()).toEqual([full]);
  });
});
