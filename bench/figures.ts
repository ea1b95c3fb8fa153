import { median } from "../harness/quantile.ts";

/** Milliseconds as a reader wants them. */
export const seconds = (ms: number, digits = 1): string => `${(ms / 1000).toFixed(digits)} s`;

/** Three digits that count. */
export const figure = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)));

/** Rounds of the same as their median, with the least and the most where there are several. */
export const spread = (values: readonly number[], unit: string): string =>
  values.length < 2
    ? `${figure(median(values))} ${unit}`
    : `${figure(median(values))} ${unit} (${figure(Math.min(...values))} to ${figure(Math.max(...values))})`;
