import { globSync } from "node:fs";
import { matchesGlob } from "node:path";
import { describe, expect, test } from "vitest";
import { banned, exempt } from "./lint-config.ts";
import { lintTree } from "./lint-tree.ts";

/** A lint rule that never fires is none: each arrow, and each ban of clocks and chance, is broken here on purpose. */

const onlyByConfig =
  "the harness reaches systems under test through the config that it is given, never by import";
const arrows: [from: string, to: string, message: string][] = [
  ["contracts", "harness", "contracts import nothing of ours"],
  ["contracts", "suites", "contracts import nothing of ours"],
  ["contracts", "fixtures", "contracts import nothing of ours"],
  ["harness", "suites", onlyByConfig],
  ["harness", "fixtures", onlyByConfig],
  ["harness", "interlock.config.ts", onlyByConfig],
  ["fixtures", "harness", "fixtures import contracts only"],
  ["fixtures", "suites", "fixtures import contracts only"],
  ["suites", "fixtures", "suites reach fixtures through interlock.config.ts"],
];
const allowed: [from: string, to: string][] = [
  ["harness", "contracts"],
  ["fixtures", "contracts"],
  ["suites", "contracts"],
  ["suites", "harness"],
  ["suites", "interlock.config.ts"],
  ["contracts", "contracts"],
  ["harness", "harness"],
  ["fixtures", "fixtures"],
];
const forms: ((target: string) => string)[] = [
  (target) => `import { a } from "${target}";\nexport const b = a;\n`,
  (target) => `import type { A } from "${target}";\nexport const b: A = 1;\n`,
  (target) => `import "${target}";\n`,
  (target) => `export { a } from "${target}";\n`,
  (target) => `export const b = () => import("${target}");\n`,
];
const depths = ["", "a/b/"];

const bans: [name: string, use: string, message: string][] = [
  ["Date.now", "Date.now()", "time comes in by a port"],
  ["performance.now", "performance.now()", "time comes in by a port"],
  ["Math.random", "Math.random()", "randomness comes in by a port"],
  ...["setTimeout", "setInterval", "setImmediate"].map((name): [string, string, string] => [
    name,
    `${name}(() => {}, 1)`,
    "waiting goes through the clock port",
  ]),
  ["fetch", 'fetch("/")', "calls go through a port"],
];
for (const [name, use, message] of bans.filter(([name]) => name !== "Math.random"))
  bans.push([`globalThis.${name}`, `globalThis.${use}`, message]);
const everyUse = bans.map(([, use], i) => `export const b${i} = () => ${use};\n`).join("");
const outside = ["harness/outside.ts", "fixtures/destinations/outside.ts", "suites/outside.ts"];

/** A file that a pattern of the configuration is about; what is about all folders is tried in the contracts. */
const sampleOf = (pattern: string): string =>
  pattern.replace(/^\*\*\/\*/, "contracts/deep/sample").replace(/\*\*$/, "deep/sample.ts");
const usePlace = (pattern: string, name: string): string => sampleOf(pattern).replace(/\.ts$/, `-${name}.ts`);
const importPlace = (from: string, to: string, form: number, depth: string): string =>
  `${from}/${depth}from-${to.replace(".ts", "")}-${form}.ts`;

const module = "export type A = number;\nexport const a = 1;\n";
const tree = new Map([["interlock.config.ts", module]]);
for (const top of ["contracts", "harness", "fixtures", "suites"]) tree.set(`${top}/y.ts`, module);
for (const [from, to] of [...arrows, ...allowed]) {
  for (const [form, code] of forms.entries()) {
    for (const depth of depths) {
      const target = `${depth === "" ? "../" : "../../../"}${to}${to.endsWith(".ts") ? "" : "/y.ts"}`;
      tree.set(importPlace(from, to, form, depth), code(target));
    }
  }
}
for (const pattern of banned) {
  for (const [name, use] of bans) tree.set(usePlace(pattern, name), `export const b = () => ${use};\n`);
}
for (const free of [...exempt.map(sampleOf), ...outside]) tree.set(free, everyUse);

const reported = lintTree(tree);
const saidOf = (file: string) => {
  expect(tree.has(file)).toBe(true);
  return reported.filter((one) => one.file === file);
};
const places = (from: string, to: string): string[] =>
  forms.flatMap((_, form) => depths.map((depth) => importPlace(from, to, form, depth)));

test.each(arrows)("%s may not import %s, however it does", (from, to, message) => {
  for (const place of places(from, to)) {
    expect(saidOf(place)).toMatchObject([{ rule: "eslint(no-restricted-imports)" }]);
    expect(saidOf(place)[0]?.text).toContain(message);
  }
});

test.each(allowed)("%s may import %s", (from, to) => {
  expect(places(from, to).flatMap(saidOf)).toEqual([]);
});

describe("code that runs under the virtual clock", () => {
  test.each([
    "contracts/**",
    "fixtures/api/**",
    "fixtures/workers/**",
    "fixtures/mutants/**",
    "fixtures/in-process/**",
    "harness/invariants/**",
    "harness/rigs/in-process/**",
    "harness/schedule/**",
  ])("lies in %s", (place) => {
    expect(banned).toContain(place);
  });

  test.each(bans)("may not use %s", (name, _, message) => {
    for (const pattern of banned) {
      const said = saidOf(usePlace(pattern, name));
      expect(said).toMatchObject([{ rule: expect.stringMatching(/no-restricted-(globals|properties)/) }]);
      expect(said[0]?.text).toContain(message);
    }
  });
});

describe("everything else", () => {
  test("may use them, and so may tests and the few files that are exempt", () => {
    expect([...exempt.map(sampleOf), ...outside].flatMap(saidOf)).toEqual([]);
  });

  test("is exempt only as long as it is there, and where there is a ban", () => {
    expect(exempt.filter((pattern) => globSync(pattern).length === 0)).toEqual([]);
    const isBanned = (pattern: string) => banned.some((ban) => matchesGlob(sampleOf(pattern), ban));
    expect(exempt.filter((pattern) => !isBanned(pattern))).toEqual([]);
  });

  test("in the tree of samples is in order: nothing else was reported", () => {
    expect(reported).toHaveLength(arrows.length * forms.length * depths.length + banned.length * bans.length);
  });
});
