import { expect, test } from "vitest";
import { config, debtsOf, withoutDebts } from "./lint-config.ts";
import { lintTree, type Reported } from "./lint-tree.ts";
import { sources, textOf } from "./repository.ts";

/** The rules about the shape of the code fire, and their debts only shrink. */

const filesOf = (reported: readonly Reported[], rule: string): string[] =>
  [...new Set(reported.filter((one) => one.rule === rule).map(({ file }) => file))].toSorted();

const functionOf = (lines: number): string =>
  `export function f(): void {\n${'  console.log("");\n'.repeat(lines - 2)}}\n`;

const samples = lintTree(
  new Map([
    ["harness/a.ts", 'import type { B } from "./b.ts";\nexport interface A {\n  b: B;\n}\n'],
    ["harness/b.ts", 'import type { A } from "./a.ts";\nexport interface B {\n  a: A;\n}\n'],
    ["harness/hidden.ts", 'export type B = import("./b.ts").B;\n'],
    ["harness/70.ts", functionOf(70)],
    ["harness/71.ts", functionOf(71)],
    ["harness/71.test.ts", functionOf(71)],
    ["harness/spaced.ts", functionOf(70).replace("\n", "\n\n  // Why.\n\n")],
  ]),
);

test("a cycle of types is a cycle", () => {
  expect(filesOf(samples, "import(no-cycle)")).toEqual(["harness/a.ts", "harness/b.ts"]);
});

test("a type is imported by a statement, where the search for cycles sees it", () => {
  expect(filesOf(samples, "typescript(consistent-type-imports)")).toEqual(["harness/hidden.ts"]);
});

test("a function of more than 70 lines is too long, blank lines and comments not counted, nor in tests", () => {
  expect(filesOf(samples, "eslint(max-lines-per-function)")).toEqual(["harness/71.ts"]);
});

const everything = lintTree(new Map(sources.map((name) => [name, textOf(name)])), withoutDebts);

test.each([
  ["import/no-cycle", "import(no-cycle)"],
  ["max-lines-per-function", "eslint(max-lines-per-function)"],
])("every file that is exempt from %s by name still needs it", (setting, rule) => {
  expect(filesOf(everything, rule), "remove what is mended from .oxlintrc.json").toEqual(
    debtsOf(setting).toSorted(),
  );
});

test("nothing else is exempt by name", () => {
  const named = config.overrides.filter((override) => !withoutDebts.overrides.includes(override));
  const rules = named.flatMap((override) => Object.keys(override.rules));
  expect(rules.filter((rule) => !["import/no-cycle", "max-lines-per-function"].includes(rule))).toEqual([]);
});
