import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { invariants } from "../../harness/checks/invariants/judge.ts";
import { killPlanted } from "../../harness/explore/kill-planted.ts";
import { loadConfig } from "../../harness/load-config.ts";
import { Secrets } from "../../harness/secrets.ts";

/** Why the invariants are to be believed: each known way to be wrong is caught by the one that is meant for it. */
const { current, inProcess } = await loadConfig("interlock.config.ts", new Secrets());
const builds = await inProcess?.();
if (builds === undefined) throw new Error("interlock.config.ts gives no builds in process");
const { plantedFaults } = builds;
const planted = plantedFaults.filter(({ invariant }) => invariant !== null);
const controls = plantedFaults.filter(({ invariant }) => invariant === null);
const wish = { current, now: () => performance.now() };

const stacks = Error.stackTraceLimit;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stacks;
});

describe("the registry", () => {
  test("has at least 18 planted faults and 5 controls, each under a name of its own", () => {
    expect(planted.length).toBeGreaterThanOrEqual(18);
    expect(controls.length).toBeGreaterThanOrEqual(5);
    expect(new Set(plantedFaults.map(({ id }) => id)).size).toBe(plantedFaults.length);
  });

  test("puts every invariant to the proof", () => {
    expect(new Set(planted.map(({ invariant }) => invariant))).toEqual(
      new Set(invariants.map(({ id }) => id)),
    );
  });

  test.each(plantedFaults)("$id says where it comes from", ({ source, description }) => {
    expect(source).toMatch(/incidents\/|domain §|faults-and-skew §|DESIGN §|contracts\/|found by Interlock/);
    expect(description).not.toBe("");
  });
});

describe("killed by its own invariant, with no more faults than declared", () => {
  test.each(planted)("$id: $invariant", async (fault) => {
    const { verdict, schedule, witnesses } = await killPlanted(builds, fault, wish);
    expect(verdict, `broke ${witnesses.join("; ") || "nothing of its own"}`).toBe("killed");
    expect(schedule?.faults).toHaveLength(fault.minimalFaults);
    expect(witnesses).not.toEqual([]);
  });
});

describe("looks wrong and is legal", () => {
  test.each(controls)("$id", async (control) => {
    const { verdict, schedules, witnesses } = await killPlanted(builds, control, wish);
    expect({ verdict, witnesses }).toEqual({ verdict: "green", witnesses: [] });
    expect(schedules).toBeGreaterThan(1_500);
  });
});
