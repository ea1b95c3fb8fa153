import { describe, expect, test } from "vitest";
import type { JobStatus } from "../../contracts/job.ts";
import type { Row } from "../../contracts/values.ts";
import type { Output, Scenario } from "../schedule/scenario.ts";
import { factsOf, source } from "../testing/facts.ts";
import type { CellFacts } from "./check.ts";
import { outputAgrees } from "./output-agrees.ts";

const before: Row[] = [[7, "OLD"]];
const rows = source.rows;
const append: Output = { kind: "mysql", mode: "append", before };
const replace: Output = { kind: "mysql", mode: "replace", before };

const witnesses = (scenario: Partial<Scenario>, found: Partial<CellFacts>) => {
  const facts = factsOf(scenario, found);
  expect(outputAgrees.applies(facts)).toBe(true);
  return outputAgrees.witnesses(facts);
};

test.each<[JobStatus, Output, readonly Row[], number | null]>([
  ["success", { kind: "web" }, rows, 1],
  ["success", append, [...before, ...rows], null],
  ["success", append, rows.concat(before), null],
  ["success", replace, rows, null],
  ["error", { kind: "web" }, [], 0],
  ["error", append, before, null],
  ["killed", replace, before, null],
])("a job that ended as %s to %j with %j there has kept it", (end, output, atDestination, deliveries) => {
  expect(witnesses({ output }, { reads: ["running", end], atDestination, deliveries })).toEqual([]);
});

test.each<[string, JobStatus, Output, readonly Row[], string]>([
  ["nothing arrived", "success", append, before, "holds 1 rows where 3 belong: 2 lost"],
  ["one row is missing", "success", append, [...before, [1, "A"]], "2 rows where 3 belong: 1 lost"],
  [
    "it arrived twice",
    "success",
    append,
    [...before, ...rows, ...rows],
    "5 rows where 3 belong: 2 duplicated",
  ],
  ["old rows are gone", "success", append, rows, "2 rows where 3 belong: 1 lost"],
  [
    "old rows are still there",
    "success",
    replace,
    [...before, ...rows],
    "3 rows where 2 belong: 1 unexpected",
  ],
  [
    "a value was altered",
    "success",
    replace,
    [
      [1, "a"],
      [2, null],
    ],
    "1 lost, 1 unexpected",
  ],
  ["it arrived all the same", "error", append, [...before, ...rows], "3 rows where 1 belong: 2 unexpected"],
  ["the table was emptied all the same", "killed", replace, [], "0 rows where 1 belong: 1 lost"],
])("%s: a violation", (_, end, output, atDestination, problem) => {
  const [first] = witnesses({ output }, { reads: [end], atDestination });
  expect(first).toMatch(`the job ended as ${end}; its destination holds`);
  expect(first).toContain(problem);
});

describe("a web destination", () => {
  test.each<[JobStatus, number, string]>([
    ["success", 0, "received 0 deliveries, 1 expected"],
    ["success", 2, "received 2 deliveries, 1 expected"],
    ["error", 1, "received 1 deliveries, 0 expected"],
    ["killed", 1, "received 1 deliveries, 0 expected"],
  ])(
    "that ended as %s with %i deliveries is a violation, whatever their rows",
    (end, deliveries, problem) => {
      const atDestination = end === "success" ? rows : [];
      expect(witnesses({}, { reads: [end], atDestination, deliveries })).toEqual([
        `the destination ${problem}`,
      ]);
    },
  );

  test("that took an empty result has one delivery without rows", () => {
    const empty = { source: { ...source, rows: [] } };
    expect(witnesses(empty, { atDestination: [], deliveries: 1 })).toEqual([]);
    expect(witnesses(empty, { atDestination: [], deliveries: 0 })).toHaveLength(1);
  });
});

test("a job that was refused leaves its destination as it was", () => {
  const refused = { output: append, ending: "refused" } as const;
  expect(witnesses(refused, { atDestination: before })).toEqual([]);
  expect(witnesses(refused, { atDestination: rows })[0]).toContain(
    "the job ended as refused; its destination",
  );
});

test.each<[string, Partial<Scenario>, Partial<CellFacts>]>([
  ["without output", { output: null }, {}],
  ["with a destination that is none", { output: { kind: "invalid", url: "x" }, ending: "refused" }, {}],
  ["that goes on", {}, { reads: ["running"], atDestination: rows, deliveries: 1 }],
  ["that nobody could read", {}, { reads: [], atDestination: rows, deliveries: 1 }],
])("it says nothing of a job %s", (_, scenario, found) => {
  expect(outputAgrees.applies(factsOf(scenario, found))).toBe(false);
});
