import { describe, expect, test } from "vitest";
import { importsOf, isTest, objectionTo, placeOf } from "./imports.ts";
import { layers, roots } from "./layers.ts";
import { sources, textOf } from "./repository.ts";

describe("imports are read", () => {
  test.each([
    'import { a } from "../b/c.ts";',
    'import type { A } from "../b/c.ts";',
    'import {\n  a,\n  type B,\n} from "../b/c.ts";',
    'import "../b/c.ts";',
    'export { a } from "../b/c.ts";',
    'export * from "../b/c.ts";',
    'export type { A } from "../b/c.ts";',
    'const load = () => import("../b/c.ts");',
    'type A = typeof import("../b/c.ts");',
    'const worker = new Worker(new URL("../b/c.ts", import.meta.url));',
  ])("in the form %s", (text) => {
    expect(importsOf("harness/a/x.ts", text)).toEqual([{ from: "harness/a/x.ts", to: "harness/b/c.ts" }]);
  });

  test("but packages are not", () => {
    expect(importsOf("harness/x.ts", 'import { z } from "zod";\nimport fs from "node:fs";')).toEqual([]);
  });

  test("in every file", () => {
    const all = sources.flatMap((name) => importsOf(name, textOf(name)));
    expect(all).toContainEqual({ from: "suites/house/layers.test.ts", to: "suites/house/layers.ts" });
    expect(all).toContainEqual({ from: "harness/cli.ts", to: "harness/commands/main.ts" });
  });
});

describe("an import between roots", () => {
  const names = Object.keys(roots);
  const fileIn = (root: string, name: string) => (root.endsWith(".ts") ? root : `${root}/deep/${name}.ts`);
  const pairs = names.flatMap((from) =>
    names
      .filter((to) => to !== from)
      .map((to): [from: string, to: string, isAllowed: boolean] => [
        from,
        to,
        roots[from]?.includes(to) ?? false,
      ]),
  );

  test.each(pairs)("from %s to %s is allowed: %s", (from, to, isAllowed) => {
    // A test has no more freedom than a source.
    for (const name of ["x", "x.test"]) {
      const said = objectionTo({ from: fileIn(from, name), to: fileIn(to, "y") });
      expect(said).toBe(isAllowed ? undefined : `${from} may not import ${to}`);
    }
  });

  test("is never from the harness or the contracts to a system under test", () => {
    expect(roots["contracts"]).toEqual([]);
    expect(roots["harness"]).toEqual(["contracts"]);
    expect(roots["fixtures"]).toEqual(["contracts"]);
    expect(roots["suites"]).not.toContain("fixtures");
  });

  test("is judged for every source: each lies in a root of the table", () => {
    expect(sources.filter((name) => !((name.split("/")[0] as string) in roots))).toEqual([]);
  });
});

describe("an import inside the harness", () => {
  const fileOf = (unit: string, name: string) =>
    unit.endsWith(".ts") ? `harness/${unit}` : `harness/${unit}/${name}.ts`;
  const units = layers.flatMap((layer, height) => layer.map((unit) => ({ unit, height })));

  test.each(units)("of $unit goes down only", ({ unit, height }) => {
    for (const other of units.filter((one) => one.unit !== unit)) {
      const isAllowed = other.height < height;
      const objection =
        other.height === height
          ? `${unit} and ${other.unit} are neighbours in one layer`
          : `${unit} is below ${other.unit}`;
      const said = objectionTo({ from: fileOf(unit, "x"), to: fileOf(other.unit, "y") });
      expect(said).toBe(isAllowed ? undefined : objection);
    }
  });

  test.each([
    ["harness/schedule/x.ts", "harness/schedule/y.ts"],
    ["harness/schedule/x.test.ts", "harness/commands/y.ts"],
    ["harness/testing/x.ts", "harness/commands/y.ts"],
    ["harness/invariants/testing/x.ts", "harness/replay/y.ts"],
    ["suites/trust/x.ts", "harness/testing/y.ts"],
    ["bench/x.ts", "harness/diff/testing/y.ts"],
    ["fixtures/api/store/conformance.ts", "fixtures/api/testing/y.ts"],
    ["harness/rigs/wire/x.ts", "harness/rigs/y.ts"],
    ["harness/rigs/wire/x.ts", "harness/rigs/in-process/y.ts"],
    ["harness/rigs/new/deep/x.ts", "harness/rigs/new/y.ts"],
    ["harness/rigs/new/x.ts", "harness/rigs/in-process/y.ts"],
    ["harness/rigs/index.ts", "harness/rigs/new/y.ts"],
  ])("from %s to %s is allowed", (from, to) => {
    expect(objectionTo({ from, to })).toBeUndefined();
  });

  test.each([
    ["harness/rigs/x.ts", "harness/rigs/in-process/y.ts", "rigs is below rigs/in-process"],
    [
      "harness/commands/x.ts",
      "harness/testing/y.ts",
      "only tests, suites and benches import what serves tests",
    ],
    ["harness/commands/x.ts", "harness/mock/y.ts", "only tests, suites and benches import what serves tests"],
    ["harness/rigs/new/x.ts", "harness/rigs/wire/y.ts", "rigs/new and rigs/wire are neighbours in one layer"],
    ["harness/rigs/in-process/x.ts", "harness/rigs/new/y.ts", "rigs/in-process is below rigs/new"],
    [
      "fixtures/api/x.ts",
      "fixtures/api/testing/y.ts",
      "only tests, suites and benches import what serves tests",
    ],
  ])("from %s to %s is not", (from, to, objection) => {
    expect(objectionTo({ from, to })).toBe(objection);
  });

  test.each([
    ["harness/rigs/new/x.ts", "rigs/new"],
    ["harness/rigs/new/deep/x.ts", "rigs/new"],
    ["harness/rigs/x.ts", "rigs"],
    ["harness/rigs/containers/x.ts", "rigs/containers"],
    ["harness/rigs/in-process/x.ts", "rigs/in-process"],
    ["harness/other/new/x.ts", undefined],
  ])("%s is in the unit %s", (file, unit) => {
    expect(placeOf(file)?.unit).toBe(unit);
  });

  test("is judged by a table that names nothing that is gone, and nothing twice", () => {
    const harness = sources.filter((name) => name.startsWith("harness/") && !isTest(name));
    const used = new Set(harness.map((name) => placeOf(name)?.entry));
    expect(units.map(({ unit }) => unit).filter((unit) => !used.has(unit))).toEqual([]);
    expect(new Set(units.map(({ unit }) => unit)).size).toBe(units.length);
  });
});
