import { expect, test } from "vitest";
import { UsageError } from "../../errors.ts";
import { releasesIn, workersIn } from "./releases.ts";

const names = ["api", "v5", "v6"] as const;

test("a flag names a release of each, whatever characters that has", () => {
  expect(releasesIn(["api=next", "v6=a=b"], names, "--to")).toEqual({ api: "next", v6: "a=b" });
  expect(releasesIn([], names, "--to")).toEqual({});
  expect(workersIn(["v6=next"], { v5: "old", v6: "old" })).toEqual({ v5: "old", v6: "next" });
});

test.each([
  [["bogus"], "--to bogus: expected one of api, v5, v6, =, and a release"],
  [["v7=next"], "--to v7=next: expected one of api, v5, v6, =, and a release"],
  [["api="], "--to api=: expected one of api, v5, v6, =, and a release"],
  [["=next"], "--to =next: expected one of api, v5, v6, =, and a release"],
  [["v5=a", "v5=b"], "--to v5=b: expected one release of v5, and a is another"],
])("%j names no releases", (asked, message) => {
  expect(() => releasesIn(asked, names, "--to")).toThrow(new UsageError(message));
});

test("the same release twice is one", () => {
  expect(releasesIn(["v5=a", "v5=a"], names, "--to")).toEqual({ v5: "a" });
});
