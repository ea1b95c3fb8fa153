import { expect, test } from "vitest";
import { isDueAt, localTime, readCron, timesProblem } from "./cron.ts";

const at = (text: string) => Date.parse(text);
const isDue = (cron: string, text: string, timezone = "UTC") => {
  const read = readCron(cron);
  if (read === undefined) throw new Error(`${cron} says no times`);
  return isDueAt(read, timezone, at(text));
};

test.each(["", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8"])(
  "%j says no times",
  (text) => expect(readCron(text)).toBeUndefined(),
);

test.each([
  "5-3 * * * *",
  "*/0 * * * *",
  "1/5 * * * *",
  "a * * * *",
  "1,,2 * * * *",
  "@yearly",
  "constructor",
  "__proto__",
  "-1 * * * *",
])("%j says none either", (text) => expect(readCron(text)).toBeUndefined());

test.each([
  ["* * * * *", "2026-01-02T03:04:00Z", true],
  ["* * * * *", "2026-01-02T03:04:01Z", false],
  ["*/15 * * * *", "2026-01-02T03:45:00Z", true],
  ["*/15 * * * *", "2026-01-02T03:46:00Z", false],
  ["10-20/5,50 3 * * *", "2026-01-02T03:15:00Z", true],
  ["10-20/5,50 3 * * *", "2026-01-02T03:50:00Z", true],
  ["10-20/5,50 3 * * *", "2026-01-02T04:15:00Z", false],
  ["@hourly", "2026-01-02T04:00:00Z", true],
  ["@daily", "2026-01-02T04:00:00Z", false],
  ["@monthly", "2026-02-01T00:00:00Z", true],
  // 2 January 2026 is a Friday, and 4 January a Sunday.
  ["0 0 * * 5", "2026-01-02T00:00:00Z", true],
  ["0 0 * * 7", "2026-01-04T00:00:00Z", true],
  ["0 0 13 * 5", "2026-01-02T00:00:00Z", true],
  ["0 0 13 * 5", "2026-01-13T00:00:00Z", true],
  ["0 0 13 * 5", "2026-01-14T00:00:00Z", false],
] as const)("%s at %s: %s", (cron, time, expected) => {
  expect(isDue(cron, time)).toBe(expected);
});

test("times are those of the time zone", () => {
  expect(isDue("0 9 * * *", "2026-01-02T00:00:00Z", "Asia/Tokyo")).toBe(true);
  expect(isDue("30 5 * * *", "2026-01-02T00:00:00Z", "Asia/Kolkata")).toBe(true);
  expect(isDue("0 17 1 1 *", "2026-01-02T01:00:00Z", "America/Los_Angeles")).toBe(true);
});

test("what is no cron or no time zone is told, and what is left out is none", () => {
  expect(timesProblem({ cron: "@never" })).toContain("cron: ");
  expect(timesProblem({ timezone: "Nowhere/None" })).toContain("timezone: ");
  expect(timesProblem({ cron: "", timezone: "Asia/Tokyo" })).toBeNull();
  expect(timesProblem({ cron: null })).toBeNull();
});

test.each([0, 1_508_716_799_999, Date.UTC(2026, 1, 28, 23, 59), Date.UTC(9999, 11, 31, 12), 8.64e15])(
  "UTC by any of its names is the same time at %i",
  (at) => {
    expect(localTime(at, "UTC")).toEqual(localTime(at, "Etc/UTC"));
  },
);
