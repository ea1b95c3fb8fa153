import { describe, expect, test } from "vitest";
import { type Measured, measured } from "../trust/causality/measured.ts";
import { keptIds } from "../trust/kills/kept.ts";
import { mutants } from "../trust/mutant-builds.ts";

/** The largest rise of a mutant's strip is where its wrong code acts: nine of ten are asked for. */

const found: Measured[] = [];
const kept = new Set(keptIds());

describe("the strip of every mutant", () => {
  test.each(mutants.filter(({ id }) => kept.has(id)))("$id", { timeout: 300_000 }, async (mutant) => {
    const one = await measured(mutant);
    found.push(one);
    expect(one.causality.peak).not.toBeNull();
  });

  test("rises most where the wrong code acts", () => {
    const missed = found.filter(({ isAtSite }) => !isAtSite).map(({ id }) => id);
    expect(missed.length / found.length, `elsewhere: ${missed.join(", ")}`).toBeLessThanOrEqual(0.1);
  });
});
