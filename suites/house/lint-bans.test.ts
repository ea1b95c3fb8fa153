import { globSync } from "node:fs";
import { matchesGlob } from "node:path";
import { describe, expect, test } from "vitest";
import { ambientRules, banned, exempt } from "./lint-config.ts";
import { lintTree, unreadable } from "./lint-tree.ts";

/** A ban that never fires is none: each is broken here on purpose, in every folder that it covers. */

type Ban = [name: string, code: string, message: string];

const time = "time comes in by a port";
const waiting = "waiting goes through the clock port";
const chance = "randomness comes in by a port";
const calls = "calls go through a port";
const anything = "what is global comes in by a port";

const use = (expression: string): string => `export const b = () => ${expression};\n`;
const timers = ["setTimeout", "setInterval", "setImmediate"];
const modules: [name: string, what: string, message: string][] = [
  ["timers", "setTimeout", waiting],
  ["timers/promises", "setTimeout", waiting],
  ["perf_hooks", "performance", time],
  ["crypto", "randomBytes", chance],
  ["crypto", "randomInt", chance],
  ["crypto", "randomUUID", chance],
  ["crypto", "getRandomValues", chance],
  ["crypto", "webcrypto", chance],
];
const bans: Ban[] = [
  ["Date.now", use("Date.now()"), time],
  ['Date["now"]', use('Date["now"]()'), time],
  ["now out of Date", "export const { now: b } = Date;\n", time],
  ["performance.now", use("performance.now()"), time],
  ["process.hrtime", use("process.hrtime.bigint()"), time],
  ["Temporal.Now", use("Temporal.Now.instant()"), time],
  ["Math.random", use("Math.random()"), chance],
  ["crypto.randomUUID", use("crypto.randomUUID()"), chance],
  ["crypto.getRandomValues", use("crypto.getRandomValues(new Uint8Array(1))"), chance],
  ["AbortSignal.timeout", use("AbortSignal.timeout(1)"), waiting],
  ...timers.map((name): Ban => [name, use(`${name}(() => {}, 1)`), waiting]),
  ["fetch", use('fetch("/")'), calls],
  ...["Date", "performance", "Math", "crypto", "Temporal", "fetch", ...timers].flatMap((name): Ban[] => [
    [`globalThis.${name}`, use(`globalThis.${name}`), anything],
    [`globalThis["${name}"]`, use(`globalThis["${name}"]`), anything],
  ]),
  ["setTimeout out of globalThis", "export const { setTimeout: b } = globalThis;\n", anything],
  ["global.setTimeout", use(`global.${timers[0]}(() => {}, 1)`), anything],
  ...modules.flatMap(([module, what, message]) =>
    [module, `node:${module}`].flatMap((from): Ban[] => [
      [`${what} of ${from}`, `import { ${what} as a } from "${from}";\nexport const b = a;\n`, message],
      [`${what} through ${from}`, `export { ${what} as b } from "${from}";\n`, message],
      [`all of ${from} for ${what}`, `import * as a from "${from}";\nexport const b = a;\n`, message],
    ]),
  ),
];
const hash = 'import { createHash } from "node:crypto";\nexport const b = createHash("sha256");\n';

/** A file that a pattern of the configuration covers; a pattern for all folders is tried in the contracts. */
const sampleOf = (pattern: string): string =>
  pattern.replace(/^\*\*\/\*/, "contracts/deep/sample").replace(/\*\*$/, "deep/sample.ts");
const siteOf = (pattern: string, name: number | string): string =>
  sampleOf(pattern).replace(/\.ts$/, `-${name}.ts`);

/** Every ban broken in one file: each use with names of its own. */
const everyUse = bans.map(([, code], i) => code.replaceAll(/\b[ab]\b/g, `$&${i}`)).join("");
const outside = ["harness/outside.ts", "fixtures/destinations/outside.ts", "suites/outside.ts"];
const free = [...exempt.map(sampleOf), ...outside].map((name) => [name, everyUse] as const);
const broken = banned.flatMap((pattern) => bans.map(([, code], i) => [siteOf(pattern, i), code] as const));
const allowed = banned.map((pattern) => [siteOf(pattern, "hash"), hash] as const);

const tree = new Map([...broken, ...allowed, ...free]);
const ambient = ambientRules.map((rule) => `eslint(${rule})`);
const reported = lintTree(tree).filter(({ rule }) => [...ambient, unreadable].includes(rule));
const saidOf = (file: string) => {
  expect(tree.has(file)).toBe(true);
  return reported.filter((one) => one.file === file);
};

describe("code that runs under the virtual clock", () => {
  test.each([
    "contracts/**",
    "fixtures/api/**",
    "fixtures/workers/**",
    "fixtures/mutants/**",
    "fixtures/in-process/**",
    "harness/history/**",
    "harness/invariants/**",
    "harness/rigs/in-process/**",
    "harness/schedule/**",
  ])("lies in %s, which is there", (pattern) => {
    expect(banned).toContain(pattern);
    expect(globSync(pattern)).not.toEqual([]);
  });

  test.each(bans.map(([name, , message], i) => ({ name, message, i })))(
    "may not use $name",
    ({ message, i }) => {
      for (const pattern of banned) {
        const said = saidOf(siteOf(pattern, i));
        expect(said.map(({ text }) => text).join("\n")).toContain(message);
      }
    },
  );

  test("may hash", () => {
    expect(allowed.flatMap(([name]) => saidOf(name))).toEqual([]);
  });
});

describe("everything else", () => {
  test("may use them, and so may tests and the few files that are exempt", () => {
    expect(free.flatMap(([name]) => saidOf(name))).toEqual([]);
  });

  test("is exempt only as long as it is there, and where there is a ban", () => {
    expect(exempt.filter((pattern) => globSync(pattern).length === 0)).toEqual([]);
    const isBanned = (pattern: string) => banned.some((ban) => matchesGlob(sampleOf(pattern), ban));
    expect(exempt.filter((pattern) => !isBanned(pattern))).toEqual([]);
  });
});
