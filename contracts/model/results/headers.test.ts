import { expect, test } from "vitest";
import { askedRange, isEtag, isVersion, mediaTypeProblem, retryAfterProblem, toldRange } from "./headers.ts";

const csv = "text/csv; charset=utf-8";

test.each([csv, "text/csv;charset=UTF-8", 'TEXT/CSV ; Charset="utf-8"'])("%s is csv", (type) => {
  expect(mediaTypeProblem(csv, type)).toBeNull();
});

test.each([
  undefined,
  "",
  "text/csv",
  "text/plain; charset=utf-8",
  "text/csv; charset=latin1",
  `${csv}; header=present`,
])("%s is not", (type) => {
  expect(mediaTypeProblem(csv, type)).toContain("content-type");
});

test("a charset that is so anyway is no other type", () => {
  expect(mediaTypeProblem("application/json", "application/json;charset=utf-8")).toBeNull();
  expect(mediaTypeProblem("application/json", "application/x-ndjson")).not.toBeNull();
});

test.each<[string | undefined, number, ReturnType<typeof askedRange>]>([
  ["bytes=0-9", 12, { from: 0, to: 9 }],
  ["bytes=4-", 12, { from: 4, to: 11 }],
  ["bytes=8-99", 12, { from: 8, to: 11 }],
  ["bytes=-4", 12, { from: 8, to: 11 }],
  ["bytes=-99", 12, { from: 0, to: 11 }],
  ["bytes=12-", 12, "beyond"],
  ["bytes=-0", 12, "beyond"],
  ["bytes=0-", 0, "beyond"],
  ["bytes=3-1", 12, null],
  ["bytes=0-1,4-5", 12, null],
  ["lines=0-1", 12, null],
  ["bytes=-", 12, null],
  [undefined, 12, null],
])("%s of %d bytes asks for %j", (range, size, asked) => {
  expect(askedRange(range, size)).toEqual(asked);
});

test("what content-range tells", () => {
  expect(toldRange("bytes 4-11/12")).toEqual({ range: { from: 4, to: 11 }, size: 12 });
  expect(toldRange("bytes */12")).toEqual({ range: null, size: 12 });
  for (const wrong of [undefined, "", "bytes 4-11/*", "4-11/12", "bytes */*"])
    expect(toldRange(wrong)).toBeNull();
});

test("versions", () => {
  expect(['"a"', 'W/"a"', '""'].map(isEtag)).toEqual([true, true, true]);
  expect(["a", '"a b"', "*", ""].map(isEtag)).toEqual([false, false, false, false]);
  expect(isVersion('"a"', '"a"')).toBe(true);
  expect(isVersion('"a"', '"b"')).toBe(false);
  expect(isVersion('W/"a"', 'W/"a"')).toBe(false);
  expect(isVersion("Thu, 26 Nov 2026 11:00:00 GMT", '"a"')).toBeUndefined();
});

test("retry-after is whole seconds or a time", () => {
  for (const right of [undefined, "0", "120", "Thu, 26 Nov 2026 11:00:00 GMT"])
    expect(retryAfterProblem(right)).toBeNull();
  for (const wrong of ["-1", "1.5", "soon", "", "2026-11-26T11:00:00Z"])
    expect(retryAfterProblem(wrong)).toContain("retry-after");
});
