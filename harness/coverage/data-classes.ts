import type { Value } from "../../contracts/values.ts";
import type { Scenario } from "../schedule/scenario.ts";

/** Kinds of data by which mix-ups, losses and roundings show. */

const anyValue =
  (is: (value: Value) => boolean) =>
  ({ source }: Scenario): boolean =>
    source.rows.some((row) => row.some(is));

const anyText = (is: (text: string) => boolean) =>
  anyValue((value) => typeof value === "string" && is(value));
const anyNumber = (is: (number: number) => boolean) =>
  anyValue((value) => typeof value === "number" && is(value));

const long = 4096;
const many = 1000;

const classes: Readonly<Record<string, (scenario: Scenario) => boolean>> = {
  "no rows": ({ source }) => source.rows.length === 0,
  "many rows": ({ source }) => source.rows.length >= many,
  "equal rows": ({ source }) =>
    new Set(source.rows.map((row) => JSON.stringify(row))).size < source.rows.length,
  null: anyValue((value) => value === null),
  "empty text": anyText((text) => text === ""),
  "text beyond ASCII": anyText((text) => /[^\0-\x7f]/.test(text)),
  "text beyond 16 bits": anyText((text) => /[\u{10000}-\u{10ffff}]/u.test(text)),
  "quotes and backslashes": anyText((text) => /["'`\\]/.test(text)),
  "line breaks and tabs": anyText((text) => /[\n\r\t]/.test(text)),
  "percent signs": anyText((text) => text.includes("%")),
  "long text": anyText((text) => text.length >= long),
  "negative numbers": anyNumber((number) => number < 0),
  "numbers beyond 31 bits": anyNumber((number) => Math.abs(number) >= 2 ** 31),
  "numbers beyond 53 bits": anyNumber((number) => Math.abs(number) > Number.MAX_SAFE_INTEGER),
  fractions: anyNumber((number) => !Number.isInteger(number)),
};

/** Which kinds of data the jobs of a run had, and which were missing. */
export interface DataSeen {
  seen: readonly string[];
  unseen: readonly string[];
}

export function dataSeen(scenarios: readonly Scenario[]): DataSeen {
  const names = Object.keys(classes);
  const isSeen = (name: string) => scenarios.some((scenario) => classes[name]?.(scenario));
  return { seen: names.filter(isSeen), unseen: names.filter((name) => !isSeen(name)) };
}
