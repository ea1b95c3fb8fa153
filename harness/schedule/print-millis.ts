import type { Millis } from "../../contracts/values.ts";

/** In the largest unit of which there is at least one, with at most two digits behind the point. */
export const printMillis = (ms: Millis): string => {
  const units = [
    [3_600_000, "h"],
    [60_000, "min"],
    [1_000, "s"],
  ] as const;
  const [size, unit] = units.find(([least]) => ms >= least) ?? [1, "ms"];
  return `${Math.round((100 * ms) / size) / 100} ${unit}`;
};
