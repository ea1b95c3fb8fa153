import { expect, test } from "vitest";
import { config } from "./lint-config.ts";
import { lintTree, type Reported } from "./lint-tree.ts";

/** The rules about the shape of the code fire, and nothing is exempt by name. */

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

test.each(["import/no-cycle", "max-lines", "max-lines-per-function", "typescript/consistent-type-imports"])(
  "%s holds for every file but tests",
  (rule) => {
    const exempt = config.overrides.filter(({ rules }) => rule in rules).flatMap(({ files }) => files);
    expect(exempt.filter((files) => !["**/*.test.ts", "**/conformance.ts"].includes(files))).toEqual([]);
  },
);
