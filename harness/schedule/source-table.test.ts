import { describe, expect, test } from "vitest";
import { source } from "../testing/scenario.ts";
import { isOrdered, readingOf, storedRows } from "./source-table.ts";

const { name, rows } = source;

test("a statement reads all columns of the table, unless the source says otherwise", () => {
  expect(readingOf(source)).toBe(`id, symbol FROM ${name}`);
  expect(readingOf({ ...source, reads: "1" })).toBe("1");
});

describe("what lies in the table", () => {
  test("is what the query gives", () => {
    expect(storedRows(source)).toEqual(rows);
    expect(storedRows({ ...source, reads: `id, symbol FROM ${name}` })).toEqual(rows);
  });

  test("lies in another order where the query orders", () => {
    const ordered = { ...source, reads: `id, symbol FROM ${name}\nORDER BY id` };
    expect([isOrdered(source), isOrdered(ordered)]).toEqual([false, true]);
    expect(storedRows(ordered)).toEqual(rows.toReversed());
  });

  test("is nothing where the query reads something else", () => {
    expect(storedRows({ ...source, reads: "1 AS id, 'A' AS symbol" })).toEqual([]);
  });
});
