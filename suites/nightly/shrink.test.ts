import { expect, test } from "vitest";
import { expectSmallest, shares } from "../trust/smallest.ts";

/** Counterexamples of 200 random failing schedules are as small as they can be. */

test("there are so many", () => {
  expect(shares.reduce((sum, [, schedules]) => sum + schedules, 0)).toBe(200);
});

test.each(shares)(
  "on %s at least 99 in 100 of %i become the fewest faults that any can be: %i",
  expectSmallest,
);
