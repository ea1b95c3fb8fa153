import { expect, test } from "vitest";
import { exponentOf, isLinear, type Point } from "./slope.ts";

const sizes = [1_000, 10_000, 100_000, 1_000_000];
const pointsOf = (cost: (size: number) => number): Point[] => sizes.map((size) => [size, cost(size)]);

test.each([
  ["nothing grows", () => 7, 0],
  ["linear", (n: number) => 3 * n, 1],
  ["quadratic", (n: number) => n * n, 2],
  ["a root", Math.sqrt, 0.5],
  ["halves where there are twice as many", (n: number) => 5 / n, -1],
])("%s", (_, cost, exponent) => {
  expect(exponentOf(pointsOf(cost))).toBeCloseTo(exponent, 10);
});

test.each<[string, (n: number) => number, boolean]>([
  ["linear behind a fixed cost", (n) => 1e5 + n, true],
  ["linear with a logarithm", (n) => n * Math.log(n), true],
  ["quadratic behind a fixed cost, which hides it in the fit", (n) => 1e7 + (n * n) / 100, false],
  ["quadratic in the last step alone", (n) => (n < 1e6 ? n : 2 * n), false],
])("%s: seen as linear or not", (_, cost, expected) => {
  expect(isLinear(pointsOf(cost))).toBe(expected);
});
