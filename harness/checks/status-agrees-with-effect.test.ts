import { expect, test } from "vitest";
import type { JobStatus } from "../../contracts/job.ts";
import type { Row } from "../../contracts/values.ts";
import type { Scenario, Statement } from "../schedule/scenario.ts";
import { factsOf, source } from "../testing/facts.ts";
import type { CellFacts } from "./check.ts";
import { statusAgreesWithEffect } from "./status-agrees-with-effect.ts";

const rows = source.rows;
const some = rows.slice(0, 1);
const twice = [...rows, ...rows];

test.each<[Statement["kind"], JobStatus, readonly Row[] | null, string | undefined]>([
  ["insert-into", "success", rows, undefined],
  ["insert-into", "success", rows.toReversed(), undefined],
  ["insert-into", "success", [], "the table holds 0 rows where 2 belong: 2 lost"],
  ["insert-into", "success", some, "the table holds 1 rows where 2 belong: 1 lost"],
  ["insert-into", "success", twice, "the table holds 4 rows where 2 belong: 2 duplicated"],
  ["insert-into", "success", null, "the job ended as success, yet the table does not exist"],
  ["insert-into", "error", [], undefined],
  [
    "insert-into",
    "killed",
    some,
    "the job ended as killed, yet the table holds 1 rows where 0 belong: 1 unexpected",
  ],
  ["create-table", "success", rows, undefined],
  ["create-table", "success", twice, "the table holds 4 rows where 2 belong: 2 duplicated"],
  ["create-table", "success", null, "the job ended as success, yet the table does not exist"],
  ["create-table", "error", null, undefined],
  ["create-table", "error", [], "the job ended as error, yet the table exists"],
  ["create-table", "killed", rows, "the job ended as killed, yet the table exists"],
])("%s that ended as %s with %j in the table: %s", (kind, end, inWarehouse, problem) => {
  const facts = factsOf({ statement: { kind }, output: null }, { reads: ["running", end], inWarehouse });
  expect(statusAgreesWithEffect.applies(facts)).toBe(true);
  expect(statusAgreesWithEffect.witnesses(facts)[0]).toBe(problem);
});

test.each<[JobStatus, readonly Row[] | null, string | undefined]>([
  ["success", rows, undefined],
  ["success", null, "the job ended as success, yet its result cannot be read"],
  ["success", some, "the result holds 1 rows where 2 belong: 1 lost"],
  ["success", twice, "the result holds 4 rows where 2 belong: 2 duplicated"],
  ["error", null, undefined],
  ["killed", null, undefined],
])("a query that ended as %s with the result %j: %s", (end, result, problem) => {
  for (const kind of ["select", "endless"] as const) {
    const facts = factsOf({ statement: { kind } }, { reads: [end], result });
    expect(statusAgreesWithEffect.applies(facts)).toBe(true);
    expect(statusAgreesWithEffect.witnesses(facts)[0]).toBe(problem);
  }
});

test("rows that were lost are shown by an example", () => {
  const facts = factsOf({ statement: { kind: "insert-into" } }, { inWarehouse: some });
  expect(statusAgreesWithEffect.witnesses(facts)[1]).toBe("lost: [2,null]");
});

test.each<[string, Partial<Scenario>, Partial<CellFacts>]>([
  ["was refused", { ending: "refused" }, {}],
  ["goes on", { statement: { kind: "insert-into" } }, { reads: ["running"], inWarehouse: rows }],
  ["nobody could read", { statement: { kind: "insert-into" } }, { reads: [], inWarehouse: rows }],
])("it says nothing of a job that %s", (_, scenario, found) => {
  expect(statusAgreesWithEffect.applies(factsOf(scenario, found))).toBe(false);
});
