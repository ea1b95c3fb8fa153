import { describe, expect, test } from "vitest";
import { calm, finish, idle, lost, refused } from "../invariants/testing/calls.ts";
import { eventsOf } from "../invariants/testing/history.ts";
import { insertInto, source } from "../invariants/testing/scenarios.ts";
import { coverageLines, coverageOf } from "./coverage.ts";
import { dataSeen } from "./data-classes.ts";

const builds = [
  { component: "api", release: "current", digest: "a", image: null },
  { component: "worker-v5-1", release: "current", digest: "b", image: "sha256:b" },
  { component: "worker-v5-2", release: "next", digest: "b", image: "sha256:c" },
];

const covered = (calls = calm) =>
  coverageOf(eventsOf({ calls }).map((event) => (event.kind === "run" ? { ...event, builds } : event)));

describe("coverage", () => {
  test("counts operations by generation and status; a customer's call is of the generation that runs its job", () => {
    const { operations } = covered([
      ...calm,
      idle(2_000),
      finish(3_000, 1, "success", refused("stale_attempt")),
      finish(4_000, 1, "success", lost),
    ]);
    expect(operations).toEqual({
      "job.issue": { v5: { 200: 1 } },
      "job.show": { v5: { 200: 1 } },
      "worker.claim": { v5: { 200: 2 } },
      "worker.heartbeat": { v5: { 200: 1 } },
      "worker.finish": { v5: { 200: 1, 409: 1, none: 1 } },
    });
  });

  test("names what was not called, and what was put to the test", () => {
    const { notCalled, invariants } = covered();
    expect(notCalled).toContain("job.status");
    expect(notCalled).not.toContain("job.issue");
    expect(invariants.tested).toContain("W");
    expect(invariants.untested).toContain("I4");
  });

  test("says which worker did what, those that did nothing included", () => {
    expect(covered().workers).toEqual([
      { component: "worker-v5-1", release: "current", build: "sha256:b", claimed: 1, finished: 1 },
      { component: "worker-v5-2", release: "next", build: "sha256:c", claimed: 0, finished: 0 },
    ]);
  });

  test("is two lines for a reader; operations of which none was called go by their kind", () => {
    const lines = coverageLines(covered());
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(
      /^covered: 5 of \d+ operations, 5 combinations .*worker-v5-1 finished 1, worker-v5-2 finished 0$/,
    );
    expect(lines[1]).toMatch(
      /^not covered: connector\.\*, job\.status, .*database\.\*, table\.\*, .*invariants I4 /,
    );
  });
});

describe("kinds of data", () => {
  const seen = (...rows: (string | number | null)[][]) =>
    dataSeen([{ ...insertInto, source: { ...source, rows } }]).seen;

  test.each<[string, (string | number | null)[][]]>([
    ["no rows", []],
    ["many rows", Array.from({ length: 1_000 }, (_, i) => [i])],
    ["equal rows", [[1], [1]]],
    ["null", [[null]]],
    ["empty text", [[""]]],
    ["text beyond ASCII", [["é"]]],
    ["quotes and backslashes", [["it's"]]],
    ["line breaks and tabs", [["a\tb"]]],
    ["percent signs", [["100%"]]],
    ["long text", [["x".repeat(4096)]]],
    ["negative numbers", [[-1]]],
    ["numbers beyond 31 bits", [[2 ** 31]]],
    ["fractions", [[0.5]]],
  ])("%s", (name, rows) => {
    expect(seen(...rows)).toEqual([name]);
  });

  test("a kind that includes another shows both", () => {
    expect(seen(["😀"])).toEqual(["text beyond ASCII", "text beyond 16 bits"]);
    expect(seen([2 ** 60])).toEqual(["numbers beyond 31 bits", "numbers beyond 53 bits"]);
    expect(seen(["a", 1])).toEqual([]);
  });
});
