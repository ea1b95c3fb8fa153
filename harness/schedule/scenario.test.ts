import { describe, expect, test } from "vitest";
import { destinationKinds } from "../destinations/index.ts";
import { scenarioOf, source } from "../testing/scenario.ts";
import { destinationOf, expectedAt, scenarioSchema } from "./scenario.ts";

const problemsOf = (written: unknown): string[] =>
  (scenarioSchema.safeParse(written).error?.issues ?? []).map(
    ({ path, message }) => `${path.join(".")}: ${message}`,
  );

const changed = (more: object) => ({ ...scenarioOf(), ...more });

describe("a scenario", () => {
  test.each<[object]>([
    [{}],
    [{ output: null, ending: "error" }],
    [{ output: { kind: "web", refuses: true } }],
    [{ output: { kind: "mysql", mode: "append", before: [[7, "OLD"]] } }],
    [{ output: { kind: "mysql", mode: "update", unique: ["id"] } }],
    [{ output: { kind: "invalid", url: "mysql://?" }, ending: "refused" }],
    [{ statement: { kind: "create-table" }, output: null }],
    [{ source: { ...source, rows: [] } }],
  ])("may have %j", (more) => {
    expect(problemsOf(changed(more))).toEqual([]);
  });

  test.each<[object, string]>([
    [{ outptu: null }, ': Unrecognized key: "outptu"'],
    [{ output: { kind: "Web" } }, "output.kind: expected one of web, "],
    [{ output: { kind: { toString: 1 } } }, "output.kind: expected one of web, "],
    [{ output: {} }, "output.kind: expected one of web, "],
    [{ output: { kind: "web", refuse: true } }, 'output: Unrecognized key: "refuse"'],
    [{ output: { kind: "mysql", mode: "merge" } }, "output.mode: "],
    [{ output: { kind: "mysql", mode: "update" } }, "output.unique: "],
    [{ output: { kind: "mysql", mode: "append", unique: ["id"] } }, "output.unique: "],
    [{ output: { kind: "mysql", mode: "append", before: [[1, {}]] } }, "output.before.0.1: expected rows"],
    [{ output: { kind: "invalid" } }, "output.url: "],
    [{ output: undefined }, "output: "],
    [{ source: undefined }, "source: "],
    [{ source: { ...source, name: "a-b" } }, "source.name: "],
    [{ source: { ...source, columns: [["id", "varchar"]] } }, "source.columns.0.1: "],
    [{ source: { ...source, rows: [[1, "A"], [1]] } }, "source.rows.1: expected one value for each"],
    [{ source: { ...source, rows: [[1, Number.NaN]] } }, "source.rows.0.1: expected rows"],
    [{ source: { ...source, rows: [[1, "A"], "B"] } }, "source.rows.1: expected rows"],
    [{ source: { ...source, rows: undefined } }, "source.rows: expected rows"],
    [{ statement: { kind: "drop-table" } }, "statement.kind: "],
    [{ ending: "succes" }, "ending: "],
    [{ name: "a/b" }, "name: "],
    [{ promise: "" }, "promise: "],
  ])("%j is refused with its place", (more, problem) => {
    const problems = problemsOf(changed(more));
    expect(problems.map((text) => text.slice(0, problem.length))).toEqual([problem]);
  });
});

describe("where a scenario delivers to", () => {
  test.each<[Parameters<typeof destinationOf>[0], unknown]>([
    [{ output: null }, null],
    [{ output: { kind: "invalid", url: "x" } }, null],
    [{ output: { kind: "web" } }, destinationKinds.web],
    [{ output: { kind: "mysql", mode: "append" } }, destinationKinds.mysql],
  ])("%j", (scenario, kind) => {
    expect(destinationOf(scenario)).toBe(kind);
  });

  test("holds what its kind expects, and nothing is expected where there is none", () => {
    expect(expectedAt(scenarioOf(), true)).toEqual({ rows: source.rows, deliveries: 1 });
    expect(expectedAt(scenarioOf(), false)).toEqual({ rows: [], deliveries: 0 });
    expect(expectedAt(scenarioOf({ output: null }), true)).toBe(null);
  });
});
