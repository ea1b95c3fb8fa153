import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, matchesGlob } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** A lint rule that never fires is none: each arrow and each ban of clocks and chance is broken here on purpose. */

interface Override {
  files: string[];
  rules: Record<string, unknown>;
}
const overrides: Override[] = JSON.parse(readFileSync(".oxlintrc.json", "utf8")).overrides;

const arrows: [from: string, to: string, message: string][] = [
  ["contracts/", "harness/", "contracts import nothing of ours"],
  ["contracts/", "suites/", "contracts import nothing of ours"],
  ["contracts/", "fixtures/", "contracts import nothing of ours"],
  [
    "harness/",
    "suites/",
    "the harness reaches systems under test through the config that it is given, never by import",
  ],
  [
    "harness/",
    "fixtures/",
    "the harness reaches systems under test through the config that it is given, never by import",
  ],
  [
    "harness/",
    "interlock.config.ts",
    "the harness reaches systems under test through the config that it is given, never by import",
  ],
  ["fixtures/", "harness/", "fixtures import contracts only"],
  ["fixtures/", "suites/", "fixtures import contracts only"],
  ["suites/", "fixtures/", "suites reach fixtures through interlock.config.ts"],
];
const allowed: [from: string, to: string][] = [
  ["harness/", "contracts/"],
  ["fixtures/", "contracts/"],
  ["suites/", "contracts/"],
  ["suites/", "harness/"],
  ["suites/", "interlock.config.ts"],
  ["contracts/", "contracts/"],
  ["harness/", "harness/"],
  ["fixtures/", "fixtures/"],
];
const forms: Record<string, (target: string) => string> = {
  import: (target) => `import { a } from "${target}";\nexport const b = a;\n`,
  "import type": (target) => `import type { A } from "${target}";\nexport const b: A = 1;\n`,
  "import for effect": (target) => `import "${target}";\n`,
  "export from": (target) => `export { a } from "${target}";\n`,
  "import()": (target) => `export const b = () => import("${target}");\n`,
};

const bans: [name: string, code: string, message: string][] = [
  ["Date.now", "export const b = Date.now();", "time comes in by a port"],
  ["performance.now", "export const b = performance.now();", "time comes in by a port"],
  ["Math.random", "export const b = Math.random();", "randomness comes in by a port"],
  ["setTimeout", "setTimeout(() => {}, 1);", "waiting goes through the clock port"],
  ["setInterval", "setInterval(() => {}, 1);", "waiting goes through the clock port"],
  ["setImmediate", "setImmediate(() => {});", "waiting goes through the clock port"],
  ["fetch", 'export const b = () => fetch("/");', "calls go through a port"],
];
const everyBan = `${bans.map(([, code]) => code.replace("export const b =", "void")).join("\n")}\n`;
const banned = overrides.find(({ rules }) => Array.isArray(rules["no-restricted-globals"]))?.files ?? [];
const exempt = overrides.find(({ rules }) => rules["no-restricted-globals"] === "off")?.files ?? [];
/** A file that a pattern of the configuration is about. */
const sampleOf = (pattern: string): string =>
  pattern.replaceAll("**/*", "**").replace(/\*\*$/, "some/deep.ts").replace("**", "contracts/some");

let tree = "";
let reported: { file: string; text: string }[] = [];
const files = new Map<string, string>();
const arrowFile = (from: string, to: string, form: string, depth: string) =>
  `${from}${depth}${`${to} ${form}`.replaceAll(/\W+/g, "-")}.ts`;

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), "lint-arrows-"));
  for (const [from, to] of [...arrows, ...allowed]) {
    for (const [form, code] of Object.entries(forms)) {
      for (const depth of ["", "a/b/"]) {
        const up = depth === "" ? "../" : "../../../";
        files.set(arrowFile(from, to, form, depth), code(`${up}${to}${to.endsWith("/") ? "y.ts" : ""}`));
      }
    }
  }
  for (const pattern of banned) {
    for (const [name, code] of bans) files.set(sampleOf(pattern).replace(".ts", `-${name}.ts`), `${code}\n`);
  }
  for (const pattern of exempt) files.set(sampleOf(pattern), everyBan);
  for (const outside of ["harness/outside.ts", "fixtures/destinations/outside.ts", "suites/outside.ts"]) {
    files.set(outside, everyBan);
  }
  for (const top of ["contracts/", "harness/", "fixtures/", "suites/"]) {
    files.set(`${top}y.ts`, "export type A = number;\nexport const a = 1;\n");
  }
  files.set("interlock.config.ts", "export type A = number;\nexport const a = 1;\n");
  for (const [name, text] of files) {
    mkdirSync(dirname(join(tree, name)), { recursive: true });
    writeFileSync(join(tree, name), text);
  }
  for (const name of [".oxlintrc.json", "tsconfig.json"]) copyFileSync(name, join(tree, name));
  symlinkSync(join(process.cwd(), "node_modules"), join(tree, "node_modules"));
  reported = lint();
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

const onlyOf = (file: string): string[] => {
  expect(files.has(file)).toBe(true);
  return reported.filter((one) => one.file === file).map(({ text }) => text);
};

describe("an import against the arrows is reported", () => {
  test.each(arrows)("%s -> %s", (from, to, message) => {
    for (const form of Object.keys(forms)) {
      for (const depth of ["", "a/b/"]) {
        expect(onlyOf(arrowFile(from, to, form, depth))).toEqual([
          `eslint(no-restricted-imports): ${message}`,
        ]);
      }
    }
  });
});

describe("an import along the arrows is not", () => {
  test.each(allowed)("%s -> %s", (from, to) => {
    for (const form of Object.keys(forms)) expect(onlyOf(arrowFile(from, to, form, ""))).toEqual([]);
  });
});

describe("code that runs under the virtual clock", () => {
  test("is all of what the rule is about", () => {
    for (const place of [
      "contracts",
      "fixtures/api",
      "fixtures/workers",
      "fixtures/planted-faults",
      "harness/checks",
      "harness/schedule",
    ]) {
      expect(banned).toContain(`${place}/**`);
    }
  });

  test.each(bans)("may not use %s anywhere", (name, _, message) => {
    for (const pattern of banned) {
      const [only, ...more] = onlyOf(sampleOf(pattern).replace(".ts", `-${name}.ts`));
      expect(only).toMatch(/^eslint\(no-restricted-(globals|properties)\): /);
      expect(only).toContain(message);
      expect(more).toEqual([]);
    }
  });

  test("is told apart from tests, from what is exempt and from everything else", () => {
    const free = [
      ...exempt.map(sampleOf),
      "harness/outside.ts",
      "fixtures/destinations/outside.ts",
      "suites/outside.ts",
    ];
    expect(free.flatMap(onlyOf)).toEqual([]);
  });

  test("has no exemption for a file that is gone", () => {
    expect(exempt.filter((pattern) => globSync(pattern).length === 0)).toEqual([]);
    expect(exempt.filter((pattern) => !pattern.includes("*") && !existsSync(pattern))).toEqual([]);
  });

  test("has no exemption that does not lie within a ban, tests apart", () => {
    const within = (pattern: string) => banned.some((ban) => matchesGlob(sampleOf(pattern), ban));
    expect(exempt.filter((pattern) => !within(pattern))).toEqual([]);
  });
});

test("nothing else is reported", () => {
  const expected = arrows.length * Object.keys(forms).length * 2 + banned.length * bans.length;
  expect(reported).toHaveLength(expected);
});

function lint(): { file: string; text: string }[] {
  const run = () =>
    execFileSync(join(tree, "node_modules/.bin/oxlint"), ["--format", "json", "."], { cwd: tree });
  let output: string;
  try {
    output = String(run());
  } catch (error) {
    output = String((error as { stdout: Buffer }).stdout);
  }
  const { diagnostics } = JSON.parse(output) as {
    diagnostics: { filename: string; code: string; message: string; help: string }[];
  };
  for (const d of diagnostics) if (!d.code) console.log(JSON.stringify(d));
  return diagnostics.filter((d) => d.code).map(({ filename, code, message, help }) => ({
    file: filename,
    text: `${code}: ${code.includes("globals") ? message : help}`,
  }));
}
