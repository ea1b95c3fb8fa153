import { expect, test } from "vitest";
import { attempt, formatTimestamp, jobId, objectName, rows, timestamp, wireInteger } from "./values.ts";

test("a time on the wire is whole seconds in UTC", () => {
  expect(formatTimestamp(Date.UTC(2015, 7, 24, 14, 4, 9, 999))).toBe("2015-08-24 14:04:09 UTC");
  expect(timestamp.parse(formatTimestamp(0))).toBe("1970-01-01 00:00:00 UTC");
});

test.each([
  ["timestamp", timestamp, ["2015-08-24T14:04:09Z", "2015-08-24 14:04:09", "2015-08-24 14:04:09 UTC\n"]],
  ["job id", jobId, [1, "0", "01", "-1", "1.5", "", "1\n", "9".repeat(20)]],
  ["object name", objectName, ["ab", "Abc", "a-b", "a b", "abc\n", "a".repeat(256)]],
  ["attempt", attempt, [0, -1, 1.5, "1", 1_000_001]],
  ["wire integer", wireInteger, ["", " 1", "1.0", "0x1", "1e3", "+1", 1.5, null, "9".repeat(16)]],
])("%s refuses what is none", (_, schema, wrong) => {
  expect(wrong.filter((value) => schema.safeParse(value).success)).toEqual([]);
});

test.each([
  ["job id", jobId, "1", "1"],
  ["job id", jobId, "100", "100"],
  ["job id", jobId, "9".repeat(19), "9".repeat(19)],
  ["object name", objectName, "abc", "abc"],
  ["object name", objectName, "_0z", "_0z"],
  ["attempt", attempt, 1, 1],
  ["attempt", attempt, 1_000_000, 1_000_000],
  ["wire integer", wireInteger, "-12", -12],
  ["wire integer", wireInteger, 7, 7],
])("%s accepts a good one", (_, schema, value, read) => {
  expect(schema.parse(value)).toBe(read);
});

test.each<[unknown, unknown[]]>([
  [undefined, []],
  [null, []],
  ["rows", []],
  [{}, []],
  [["row"], [0]],
  [[[1], {}], [1]],
  [
    [[1], [1, undefined]],
    [1, 1],
  ],
  [[[1, Number.POSITIVE_INFINITY]], [0, 1]],
  [[[1n]], [0, 0]],
  [[[{ toString: 1 }]], [0, 0]],
])("%o is no rows, and the place says why", (wrong, path) => {
  expect(rows.safeParse(wrong).error?.issues.map((issue) => issue.path)).toEqual([path]);
});

test("rows are lists of texts, numbers, booleans and nulls, and stay as they are", () => {
  const table = [[1, "a", true, null], [-0.5], []];
  expect(rows.parse(table)).toBe(table);
  expect(rows.parse([])).toEqual([]);
});
