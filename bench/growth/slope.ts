/** Where a figure was measured, and what it was. */
export type Point = readonly [at: number, value: number];

/**
 * The exponent with which a figure grows: the slope of the line through the logarithms of its points, by least squares. 1 is linear.
 *
 * @param points two or more, all above 0
 */
export function exponentOf(points: readonly Point[]): number {
  const logs = points.map(([at, value]) => [Math.log(at), Math.log(value)] as const);
  const mean = (of: 0 | 1): number => logs.reduce((sum, log) => sum + log[of], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const rise = logs.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return rise / logs.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}

/** The exponent over all points, and that of the last step alone: a fixed cost hides in the first ones what comes later. */
export const exponentsOf = (points: readonly Point[]): { whole: number; last: number } => ({
  whole: exponentOf(points),
  last: exponentOf(points.slice(-2)),
});

/** What is larger than linear by more than noise. */
export const mostExponent = 1.15;

export const isLinear = (points: readonly Point[]): boolean =>
  Math.max(...Object.values(exponentsOf(points))) <= mostExponent;
