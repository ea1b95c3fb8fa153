import { expect, test } from "vitest";
import { parseDestination } from "../../contracts/destination.ts";
import { statementKinds } from "../schedule/schedule.ts";
import { numberOf, orderOf, sinkOf, targetTable } from "./workload.ts";

const at = { database: "sample", host: "destination.test:8080", prefix: "r7_" };
const orders = statementKinds.map((statement) => orderOf({ statement, engine: "presto" }, 12, at));

test.each(orders)("$query tells which job of which schedule it is", ({ query }) => {
  expect(numberOf(query, "r7_")).toBe(12);
  expect(numberOf(query, "r8_")).toBeNull();
  expect(numberOf(query)).toBeNull();
});

test("only a query has a destination, and it reads as it was written", () => {
  const results = orders.flatMap(({ result }) => (result === undefined ? [] : [result]));
  expect(results).toHaveLength(1);
  const { method, path } = sinkOf(targetTable(12, "r7_"));
  expect(numberOf(path, "r7_")).toBe(12);
  expect(parseDestination(results[0] ?? "")).toMatchObject({
    ok: true,
    settings: { host: "destination.test", port: 8080, method, path, user: "loader@shop" },
  });
});

test.each(["SELECT 1", "", null, "SELECT 'effect_1'"])("%j is of no workload", (query) => {
  expect(numberOf(query)).toBeNull();
});
