import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pathOf, selectPaths, unmatchedPatterns } from "./paths.ts";

const paths = ["web", "web-empty", "insert.into"].flatMap((scenario) =>
  ["v5-presto", "v5-hive-cdh4", "v6-hive-hdp2"].map((engine) => `2015-08-24/${engine}/${scenario}`),
);
const pathed = paths.map((path) => ({ path }));

test("a schedule's path names its API release, and engine and scenario of each of its jobs", () => {
  const releases = { api: "next", workers: {} };
  const web = { scenario: "web", engine: "presto" } as const;
  const insert = { scenario: "insert-into", engine: "hive-hdp2" } as const;
  const named = (...jobs: (typeof web | typeof insert)[]) =>
    pathOf({ releases, workload: { jobs, workers: 1 } });
  expect(named(web)).toBe("next/v5-presto/web");
  expect(named(web, insert)).toBe("next/v5-presto/web/v6-hive-hdp2/insert-into");
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
    expect(selectPaths(pathed, patterns).map(({ path }) => path)).toEqual(selected);
  });

  test("names the patterns that match nothing, in their order", () => {
    expect(unmatchedPatterns(pathed, ["**/wbe", "**/web", "v6-*", ""])).toEqual(["**/wbe", "v6-*", ""]);
    expect(unmatchedPatterns(pathed, [])).toEqual([]);
    expect(unmatchedPatterns([], ["**"])).toEqual(["**"]);
  });

  test("by a path of one's own is that alone, whatever characters it holds", () => {
    const name = fc.string({ minLength: 1 }).filter((text) => !/[*/]/.test(text));
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 4 }), (names) => {
        const planned = names.map((one) => ({ path: `a.b+c/v5-presto/${one}` }));
        for (const each of planned) expect(selectPaths(planned, [each.path])).toEqual([each]);
      }),
    );
  });

  test("is empty exactly when every pattern is unmatched", () => {
    const part = fc.constantFrom("*", "**", "web", "v5-presto", "v6-*", "2015-08-24", "x");
    const pattern = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 1, maxLength: 3 }), (patterns) => {
        const none = selectPaths(pathed, patterns).length === 0;
        expect(unmatchedPatterns(pathed, patterns).length === patterns.length).toBe(none);
      }),
    );
  });
});
