import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Row } from "../../contracts/values.ts";
import { compareRows, describeDifference } from "./rows.ts";

const cell = fc.oneof(fc.constantFrom(null, true, 1, "1", ""), fc.integer({ min: 0, max: 3 }));
const row: fc.Arbitrary<Row> = fc.array(cell, { minLength: 1, maxLength: 2 });
const rows = fc.array(row, { maxLength: 8 });

/** Crosses out, one by one, what is found on both sides. */
function naive(expected: readonly Row[], found: readonly Row[]) {
  const key = (one: Row) => JSON.stringify(one);
  const lost = expected.map(key);
  const surplus = found.map(key).filter((one) => {
    const place = lost.indexOf(one);
    if (place >= 0) lost.splice(place, 1);
    return place < 0;
  });
  const known = new Set(expected.map(key));
  const duplicated = surplus.filter((one) => known.has(one)).length;
  return { lost: lost.length, duplicated, unexpected: surplus.length - duplicated };
}

describe("whatever the rows are", () => {
  test("the difference is that of a naive comparison", () => {
    fc.assert(
      fc.property(rows, rows, (expected, found) => {
        const wanted = naive(expected, found);
        const { lost, duplicated, unexpected } = compareRows(expected, found) ?? {
          lost: 0,
          duplicated: 0,
          unexpected: 0,
        };
        expect({ lost, duplicated, unexpected }).toEqual(wanted);
      }),
      { numRuns: 500 },
    );
  });

  test("there is none between the same rows in any order, and one as soon as a row is added or taken", () => {
    const shuffled = rows.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, row, ([all, mixed], one) => {
        expect(compareRows(all, mixed)).toBe(null);
        expect(compareRows(all, [...mixed, one])).not.toBe(null);
        expect(compareRows([...all, one], mixed)).not.toBe(null);
      }),
    );
  });

  test("one row of each kind that occurs is shown", () => {
    fc.assert(
      fc.property(rows, rows, (expected, found) => {
        const { lost, duplicated, unexpected } = naive(expected, found);
        const kinds = Object.entries({ lost, duplicated, unexpected }).filter(([, times]) => times > 0);
        const samples = compareRows(expected, found)?.samples ?? [];
        const shown = samples.map((sample) => sample.split(": ")[0]);
        expect(shown).toHaveLength(kinds.length);
        expect(new Set(shown)).toEqual(new Set(kinds.map(([kind]) => kind)));
      }),
    );
  });
});

test("a row of 120 characters is shown whole", () => {
  const row = JSON.stringify(["x".repeat(116)]);
  expect(compareRows([JSON.parse(row)], [])?.samples).toEqual([`lost: ${row}`]);
});

test("a longer row is cut, and the numbers are said", () => {
  const difference = compareRows([[1], [1], [2]], [[1], [1], [1], ["x".repeat(117)], ["y"]]);
  expect(difference).toMatchObject({ expected: 3, found: 5, lost: 1, duplicated: 1, unexpected: 2 });
  expect(describeDifference("the table", difference as NonNullable<typeof difference>)).toEqual([
    "the table holds 5 rows where 3 belong: 1 lost, 1 duplicated, 2 unexpected",
    "lost: [2]",
    "duplicated: [1]",
    `unexpected: ["${"x".repeat(117)}"…`,
  ]);
});
