import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compare, mostRatio } from "./compare.ts";
import type { Figure, Figures } from "./figures.ts";
import { type MeasureName, measureNames, measures } from "./measures.ts";

const of = "job.list, call 1";
const one = (measure: MeasureName, value: number, parts: Figure["parts"] = []): Figures => ({
  figures: [{ of, measure, value, parts }],
  uncounted: {},
});
const redness = (measure: MeasureName, deployed: number, candidate: number, budgets = {}) =>
  compare(one(measure, deployed), one(measure, candidate), budgets).compared.map(({ isRed }) => isRed);

describe("a count of the candidate", () => {
  test.each<[MeasureName, number, number, boolean]>([
    ["statements", 4, 5, false],
    ["statements", 4, 6, true],
    ["statements", 0, 1, true],
    ["statements", 5, 2, false],
    ["connections", 0, 0, false],
    ["connections", 0, 1, true],
    ["rowsExamined", 2, 10, false],
    ["rowsExamined", 2, 1_000, true],
    ["lockWaits", 0, 15, true],
    ["memory", 100, 131, false],
    ["memory", 100, 133, true],
    ["failures", 3, 3, true],
    ["unfinished", 0, 1, true],
    ["statements", 4, Number.NaN, true],
  ])("%s: deployed %d, candidate %d: red is %s", (measure, deployed, candidate, isRed) => {
    expect(redness(measure, deployed, candidate)).toEqual([isRed]);
  });

  test("that is the same is never red, and one above both the ratio and the slack always is", () => {
    const usual = measureNames.filter((name) => name !== "failures" && name !== "unfinished");
    fc.assert(
      fc.property(fc.constantFrom(...usual), fc.nat(1_000_000), (measure, value) => {
        expect(redness(measure, value, value)).toEqual([false]);
        const most = Math.max(value * mostRatio, value + measures[measure].slack);
        expect(redness(measure, value, most + 0.001)).toEqual([true]);
      }),
    );
  });

  test("is not too high where the deployed build had as much in one of its samples", () => {
    const figures = (value: number): Figures => ({
      figures: [{ of, measure: "statements", value, upTo: 9, parts: [] }],
      uncounted: {},
    });
    const isRed = (candidate: number) => compare(figures(4), figures(candidate), {}).compared[0]?.isRed;
    expect([isRed(9), isRed(10)]).toEqual([false, true]);
  });

  test("is held against a budget where there is one, whether that allows more or less", () => {
    const key = `${of}: statements`;
    expect(redness("statements", 4, 9, { [key]: 9 })).toEqual([false]);
    expect(redness("statements", 4, 4, { [key]: 3 })).toEqual([true]);
  });
});

test("what grew is told, the most first, with what it was", () => {
  const was = one("statements", 3, [{ text: "SELECT ?", value: 3 }]);
  const is = one("statements", 9, [
    { text: "SELECT ?", value: 4 },
    { text: "UPDATE `t`", value: 5 },
  ]);
  expect(compare(was, is, {}).compared[0]?.grown).toEqual([
    { text: "UPDATE `t`", deployed: 0, candidate: 5 },
    { text: "SELECT ?", deployed: 3, candidate: 4 },
  ]);
});

describe("what says nothing is told", () => {
  const none: Figures = { figures: [], uncounted: {} };

  test("where one of both was not counted", () => {
    const { compared, uncompared } = compare(one("statements", 1), none, {});
    expect(compared).toEqual([]);
    expect(uncompared).toEqual({ [`${of}: statements`]: "counted of the deployed build alone" });
    expect(Object.values(compare(none, one("statements", 1), {}).uncompared)).toEqual([
      "counted of the candidate build alone",
    ]);
  });

  test("where a side could not count", () => {
    const blind = { ...none, uncounted: { "all that MySQL counts": "it is off" } };
    expect(compare(none, blind, {}).uncompared).toEqual(blind.uncounted);
    expect(compare(blind, none, {}).uncompared).toEqual(blind.uncounted);
  });

  test("where a budget is for nothing", () => {
    expect(compare(none, none, { "job.lst: statements": 1 }).unmatched).toEqual(["job.lst: statements"]);
  });
});
