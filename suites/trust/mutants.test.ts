import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Mutant } from "../../contracts/in-process.ts";
import { invariants } from "../../harness/invariants/index.ts";
import type { Kill } from "../../harness/mutants/kill.ts";
import { keptIds, keptSchedule } from "./kills/kept.ts";
import { builds, controls, mutants } from "./mutant-builds.ts";

/** Why the invariants are to be believed: each known way to be wrong is caught by the one meant for it, as `kills` shows. */

/** What `interlock mutants` said of each when this was written; a later mutant need not be in it. */
const baseline = JSON.parse(
  readFileSync(join(import.meta.dirname, "mutants.baseline.json"), "utf8"),
) as (Pick<Mutant, "id" | "invariant" | "minimalFaults"> & Pick<Kill, "verdict">)[];

describe("the registry", () => {
  test("has at least 40 mutants and 5 controls, each under a name of its own", () => {
    expect(mutants.length).toBeGreaterThanOrEqual(40);
    expect(controls.length).toBeGreaterThanOrEqual(5);
    expect(new Set(builds.mutants.map(({ id }) => id)).size).toBe(builds.mutants.length);
  });

  test("has a mutant for every invariant, and no other invariant", () => {
    expect(new Set(mutants.map(({ invariant }) => invariant))).toEqual(
      new Set(invariants.map(({ id }) => id)),
    );
  });

  test("asks for no more faults than there are files of kills", () => {
    expect(new Set(mutants.map(({ minimalFaults }) => minimalFaults))).toEqual(new Set([0, 1, 2]));
  });

  /** A dated incident, public software with or without an issue, a public page, or a contract. */
  const origin =
    /^(20\d\d-\d\d-\d\d|[\w-]+\/[\w.-]+(#\d+)?|docs\.[a-z.]+\/[\w/-]+|contracts\/[\w/-]+\.ts): \S.{10,}/;

  test.each(builds.mutants)("$id says where it comes from and what it does", ({ source, description }) => {
    expect(source).toMatch(origin);
    expect(description).not.toBe("");
  });
});

test("every schedule that is kept is of a mutant, with as many faults as declared", () => {
  const declared = new Map(mutants.map(({ id, minimalFaults }) => [id, minimalFaults]));
  const wrong = keptIds().filter((id) => keptSchedule(id)?.faults.length !== declared.get(id));
  expect(wrong).toEqual([]);
});

describe("the baseline", () => {
  test("is kept: none has gone, none is declared otherwise", () => {
    const known = new Set(baseline.map(({ id }) => id));
    const declared = builds.mutants.filter(({ id }) => known.has(id));
    expect(declared.map(({ id, invariant }) => ({ id, invariant }))).toEqual(
      baseline.map(({ id, invariant }) => ({ id, invariant })),
    );
    // What is seen with fewer faults than then is seen better.
    const before = new Map(baseline.map(({ id, minimalFaults }) => [id, minimalFaults]));
    const worse = declared.filter(({ id, minimalFaults }) => minimalFaults > (before.get(id) ?? 0));
    expect(worse).toEqual([]);
  });

  test("has 46 killed mutants and 9 green controls", () => {
    const count = (verdict: Kill["verdict"]) => baseline.filter((entry) => entry.verdict === verdict).length;
    expect([count("killed"), count("green"), baseline.length]).toEqual([46, 9, 55]);
  });
});
