import { describe, expect, test } from "vitest";
import { invariants } from "../../harness/invariants/judge.ts";
import { killPlanted } from "../../harness/mutants/kill-planted.ts";
import { withoutStacks } from "../../harness/rigs/in-process/without-stacks.ts";
import { builds, controls, planted, wish } from "./planted-builds.ts";

/** Why the invariants are to be believed: each known way to be wrong is caught by the one that is meant for it. */

describe("the registry", () => {
  test("has at least 40 planted faults and 5 controls, each under a name of its own", () => {
    expect(planted.length).toBeGreaterThanOrEqual(40);
    expect(controls.length).toBeGreaterThanOrEqual(5);
    expect(new Set(builds.plantedFaults.map(({ id }) => id)).size).toBe(builds.plantedFaults.length);
  });

  test("puts every invariant to the proof", () => {
    expect(new Set(planted.map(({ invariant }) => invariant))).toEqual(
      new Set(invariants.map(({ id }) => id)),
    );
  });

  test.each(builds.plantedFaults)("$id says where it comes from", ({ source, description }) => {
    expect(source).toMatch(
      /incidents\/20\d\d|domain §|faults-and-skew §|DESIGN §|contracts\/|found by Interlock/,
    );
    expect(description).not.toBe("");
  });
});

describe("killed by its own invariant, with as many faults as declared and no fewer", () => {
  test.each(planted)("$id: $invariant", async (fault) => {
    const { verdict, counterexample } = await withoutStacks(() => killPlanted(builds, fault, wish));
    const { schedule, expected } = counterexample ?? {};
    expect(verdict, `broke ${expected?.witnesses.join("; ") ?? "nothing of its own"}`).toBe("killed");
    expect(schedule?.faults).toHaveLength(fault.minimalFaults);
    expect(expected?.invariant).toBe(fault.invariant);
  });
});
