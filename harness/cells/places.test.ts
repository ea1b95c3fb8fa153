import { expect, test } from "vitest";
import { parseDestination } from "../../contracts/destination.ts";
import type { Output, Scenario } from "../schedule/scenario.ts";
import { scenarioOf } from "../testing/facts.ts";
import { type Cell, planCells } from "./cell.ts";
import { placesOf, statementOf } from "./places.ts";

const at = { web: { host: "sink", port: 8080 }, mysql: { host: "db", port: 3307 } };
const mysql = { database: "mart", writer: { user: "w@rehouse", password: "p:w/d?#" } };

const cellOf = (scenario: Partial<Scenario>): Cell => {
  const [, second] = planCells("current", ["presto", "hive-hdp2"], [scenarioOf(scenario)]);
  return second as Cell;
};
const urlOf = (output: Output | null) => placesOf(cellOf({ output }), at, mysql).url;

test("a web destination is a path of the cell's own, which refuses where the scenario says so", () => {
  expect(urlOf({ kind: "web" })).toBe("web://sink:8080/sink/cell_2");
  expect(urlOf({ kind: "web", refuses: true })).toBe("web://sink:8080/refuse/cell_2");
  expect(placesOf(cellOf({}), at, mysql)).toMatchObject({ table: "cell_2", path: "/sink/cell_2" });
});

test.each([
  [
    { kind: "mysql", mode: "append" },
    { mode: "append", unique: [] },
  ],
  [
    { kind: "mysql", mode: "update", unique: ["a", "b"] },
    { mode: "update", unique: ["a", "b"] },
  ],
] satisfies [Output, object][])("the URL of %j reads as what was meant", (output, meant) => {
  expect(parseDestination(urlOf(output) ?? "")).toEqual({
    ok: true,
    settings: {
      type: "mysql",
      host: "db",
      port: 3307,
      user: "w@rehouse",
      password: "p:w/d?#",
      database: "mart",
      table: "cell_2",
      ...meant,
    },
  });
});

test("a destination that must be refused is written as it is, and none is none", () => {
  expect(urlOf({ kind: "invalid", url: "mysql://?" })).toBe("mysql://?");
  expect(urlOf(null)).toBe(null);
});

test.each<[Scenario["statement"]["kind"], RegExp]>([
  ["select", /^SELECT id, symbol FROM trades$/],
  ["insert-into", /^INSERT INTO cell_2 SELECT id, symbol FROM trades$/],
  ["create-table", /^CREATE TABLE cell_2 AS SELECT id, symbol FROM trades$/],
  ["endless", /^SELECT SLEEP\(1\) AS waited FROM trades AS a, trades AS b/],
])("a customer asks for %s in SQL", (kind, sql) => {
  expect(statementOf(scenarioOf({ statement: { kind } }), { table: "cell_2" })).toMatch(sql);
});
