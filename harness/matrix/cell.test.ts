import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { engines } from "../../contracts/job.ts";
import { scenarioOf } from "../testing/facts.ts";
import { engineLabel, generationOf, planCells, selectCells, unmatchedPatterns } from "./cell.ts";

const scenarios = ["web", "web-empty", "insert.into"].map((name) => scenarioOf({ name }));
const cells = planCells("2015-08-24", engines, scenarios);
const paths = cells.map(({ path }) => path);

describe("a plan", () => {
  test("has a cell for every scenario with every engine", () => {
    expect(paths).toEqual([
      "2015-08-24/v5-presto/web",
      "2015-08-24/v5-hive-cdh4/web",
      "2015-08-24/v6-hive-hdp2/web",
      "2015-08-24/v5-presto/web-empty",
      "2015-08-24/v5-hive-cdh4/web-empty",
      "2015-08-24/v6-hive-hdp2/web-empty",
      "2015-08-24/v5-presto/insert.into",
      "2015-08-24/v5-hive-cdh4/insert.into",
      "2015-08-24/v6-hive-hdp2/insert.into",
    ]);
  });

  test("numbers its cells from 1, and each cell says what its path says", () => {
    expect(cells.map(({ index }) => index)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const { path, api, engine, generation, scenario } of cells) {
      expect(path).toBe(`${api}/${engineLabel(engine)}/${scenario.name}`);
      expect(generation).toBe(generationOf(engine));
    }
  });

  test("is empty without engines or without scenarios", () => {
    expect(planCells("current", [], scenarios)).toEqual([]);
    expect(planCells("current", engines, [])).toEqual([]);
  });
});

describe("a selection", () => {
  test.each<[string[], string[]]>([
    [[], paths],
    [["**"], paths],
    [["*/*/*"], paths],
    [["*"], []],
    [["*/*"], []],
    [["**/web"], paths.slice(0, 3)],
    [["*/v5-presto/*"], paths.filter((path) => path.includes("presto"))],
    [["*/v5-*/web"], paths.slice(0, 2)],
    [["2015-08-24/v6-hive-hdp2/web"], [paths[2] as string]],
    [["2015-08-24/v6**"], paths.filter((path) => path.includes("/v6"))],
    [["v6-hive-hdp2/web"], []],
    [["2015-08-24/v6-hive-hdp2/we"], []],
    [["**/insert?into"], []],
    [["**/insert.into"], paths.slice(6)],
    [["**/web.empty"], []],
    [["**/(web)"], []],
    [["**/web-empty", "**/web", "**/web"], paths.slice(0, 6)],
  ])("by %j", (patterns, selected) => {
    expect(selectCells(cells, patterns).map(({ path }) => path)).toEqual(selected);
  });

  test("names the patterns that match no cell, in their order", () => {
    expect(unmatchedPatterns(cells, ["**/wbe", "**/web", "v6-*", ""])).toEqual(["**/wbe", "v6-*", ""]);
    expect(unmatchedPatterns(cells, [])).toEqual([]);
    expect(unmatchedPatterns([], ["**"])).toEqual(["**"]);
  });

  test("by a cell's own path is that cell alone, whatever characters it holds", () => {
    const name = fc.string({ minLength: 1 }).filter((text) => !/[*/]/.test(text));
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 4 }), (names) => {
        const planned = planCells(
          "a.b+c",
          ["presto"],
          names.map((one) => scenarioOf({ name: one })),
        );
        for (const cell of planned) expect(selectCells(planned, [cell.path])).toEqual([cell]);
      }),
    );
  });

  test("is empty exactly when every pattern is unmatched", () => {
    const part = fc.constantFrom("*", "**", "web", "v5-presto", "v6-*", "2015-08-24", "x");
    const pattern = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 1, maxLength: 3 }), (patterns) => {
        const none = selectCells(cells, patterns).length === 0;
        expect(unmatchedPatterns(cells, patterns).length === patterns.length).toBe(none);
      }),
    );
  });
});
