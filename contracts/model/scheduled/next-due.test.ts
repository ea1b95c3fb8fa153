import { expect, test } from "vitest";
import { formatTimestamp } from "../../values.ts";
import { nextDueTime } from "./next-due.ts";
import { isDue, settingsAfter } from "./settings.ts";

const at = (text: string) => Date.parse(text);
const of = (cron: string, timezone = "UTC") =>
  settingsAfter({}, { request: { cron, timezone } } as unknown as Parameters<typeof settingsAfter>[1]);
const next = (cron: string, after: string, timezone?: string) => {
  const time = nextDueTime(of(cron, timezone), at(after));
  return time === null ? null : formatTimestamp(time).slice(0, 16);
};

test.each([
  ["@hourly", "2024-01-31T23:00:00Z", "2024-02-01 00:00"],
  ["@monthly", "2024-01-31T23:00:00Z", "2024-02-01 00:00"],
  ["0 0 29 2 *", "2024-02-29T00:00:00Z", "2028-02-29 00:00"],
  ["0 0 29 2 *", "2097-01-01T00:00:00Z", "2104-02-29 00:00"],
  ["0 0 30 2 *", "2024-01-01T00:00:00Z", null],
  ["", "2024-01-01T00:00:00Z", null],
  // Either kind of day is enough where both are given.
  ["0 12 13 * 5", "2024-09-07T00:00:00Z", "2024-09-13 12:00"],
  ["0 12 20 * 5", "2024-09-13T12:00:00Z", "2024-09-20 12:00"],
  ["0 12 14 * 5", "2024-09-13T12:00:00Z", "2024-09-14 12:00"],
  ["0 12 * * 7", "2024-09-13T12:00:00Z", "2024-09-15 12:00"],
  ["5-50/15 8-17/4 * * *", "2024-09-13T08:50:00Z", "2024-09-13 12:05"],
  ["1,*/30 0 1 1,7 *", "2024-01-01T00:30:00Z", "2024-07-01 00:00"],
])("%s after %s is %s", (cron, after, expected) => {
  expect(next(cron, after)).toBe(expected);
});

test.each([
  ["Asia/Tokyo", "30 4 * * *", "2024-01-01T00:00:00Z", "2024-01-01 19:30"],
  // A local time that comes twice is due twice, and one that is left out is not due.
  ["America/New_York", "30 1 * * *", "2024-11-03T05:30:00Z", "2024-11-03 06:30"],
  ["America/New_York", "30 2 10 3 *", "2024-03-01T00:00:00Z", "2025-03-10 06:30"],
  ["Pacific/Apia", "0 12 30 12 *", "2011-12-01T00:00:00Z", "2012-12-29 22:00"],
  ["America/Sao_Paulo", "30 23 * * *", "2018-02-18T01:30:00Z", "2018-02-18 02:30"],
])("in %s %s after %s is %s", (timezone, cron, after, expected) => {
  expect(next(cron, after, timezone)).toBe(expected);
});

test("it is the first minute that is due, whatever the zone does", () => {
  const spans = [
    ["America/New_York", "2024-11-02T22:00:00Z"],
    ["Australia/Lord_Howe", "2024-04-06T00:00:00Z"],
    ["America/Sao_Paulo", "2018-02-17T12:00:00Z"],
    ["Asia/Kathmandu", "2024-05-05T00:00:00Z"],
    ["Pacific/Apia", "2011-12-29T00:00:00Z"],
  ] as const;
  for (const [zone, from] of spans)
    for (const cron of ["*/7 * * * *", "30 1 * * *", "15 0,2,23 * * 0-3"]) {
      const settings = of(cron, zone);
      const minutes = Array.from({ length: 2_880 }, (_, i) => at(from) + i * 60_000);
      const due = minutes.filter((time) => time > at(from) && isDue(settings, time));
      const found: number[] = [];
      const last = due.at(-1) ?? at(from);
      for (let time = at(from); time < last; ) {
        time = nextDueTime(settings, time) ?? last;
        found.push(time);
      }
      expect(found, `${zone} ${cron}`).toEqual(due);
    }
});

test("what a service should not have taken is never due: a time zone that is none, and no moment is", () => {
  const after = at("2024-01-01T00:00:00Z");
  for (const timezone of ["utc+9", "Nowhere/None", ""]) {
    expect(next("* * * * *", "2024-01-01T00:00:00Z", timezone)).toBeNull();
    expect(isDue(of("* * * * *", timezone), after)).toBe(false);
  }
  expect(isDue(of("* * * * *"), Number.NaN)).toBe(false);
});
