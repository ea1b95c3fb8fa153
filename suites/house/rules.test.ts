import { describe, expect, test } from "vitest";
import {
  ambient,
  citations,
  fixedSleeps,
  oldWords,
  type Rule,
  registryHosts,
  silenced,
  tooLong,
  unrunTests,
} from "./rules.ts";

/** A rule that nothing can break is none. Bad samples are written in pieces: the rules read this file, too. */

const piece = (...parts: string[]): string => parts.join("");
const skip = "skip";
const timer = piece("set", "Timeout");

const breaks = (rule: Rule, samples: string[]): string[] => samples.filter((text) => rule(text).length === 1);

test("a file of 300 lines is short enough, one line more is not", () => {
  expect(tooLong("x\n".repeat(300))).toEqual([]);
  expect(tooLong("x\n".repeat(301))).toEqual(["301 lines, 300 is a reason to stop and split"]);
  expect(tooLong(`${"x\n".repeat(300)}x`)).toHaveLength(1);
});

describe("a test that does not run", () => {
  test("is noticed in every way of writing it", () => {
    const samples = [
      ...["it", "test", "describe", "suite"].flatMap((name) =>
        [skip, "only", "todo", "fails", `${skip}If`, "runIf"].map((how) =>
          piece(name, ".", how, '("x", f);'),
        ),
      ),
      piece("test.each([1]).", skip, '("x", f);'),
      piece("test.concurrent.", skip, '("x", f);'),
      piece("describe.", skip, ".each([1])"),
      piece("  .", skip, '("x", f);'),
      piece('test("x", {', skip, ": true }, f);"),
      piece('test("x", { timeout: 1, ', "todo", ": true }, f);"),
      piece("x", 'it("x", f);'),
      piece("({ task }) => task.", skip, "();"),
      piece("({ context }) => context.", skip, "();"),
      piece('test("x", { re', "try: 3 }, f);"),
    ];
    expect(breaks(unrunTests, samples)).toEqual(samples);
  });

  test("is not seen in words that only sound like it", () => {
    const samples = [
      "const only = 1;",
      "expect(x.only).toBe(1);",
      "// they skip the rest",
      "submit(1);",
      "retries: 1",
    ];
    expect(breaks(unrunTests, samples)).toEqual([]);
  });
});

describe("a fixed sleep", () => {
  test("is noticed", () => {
    const imported = (what: string) => piece("import { ", what, ' } from "node:timers/promises"; ');
    const samples = [
      piece("await new Promise((resolve) => ", timer, "(resolve, 50));"),
      piece(imported(timer), "await ", timer, "(50);"),
      piece(imported(`${timer} as wait`), "await wait(50);"),
      piece(imported(`setImmediate, ${timer} as wait`), "\nawait wait(50);"),
      piece("Atomics.", "wait(cells, 0, 0, 50);"),
      piece("execa", '("sleep", ["1"]);'),
    ];
    expect(breaks(fixedSleeps, samples)).toEqual(samples);
  });

  test("is not seen in a loop that asks whether it is over, nor in virtual time", () => {
    const samples = [
      piece("import { ", timer, ' as wait } from "node:timers/promises";\nwhile (!done()) await wait(5);'),
      "await clock.sleep(5_000);",
      "AbortSignal.timeout(1000);",
      "await wait(5);",
    ];
    expect(samples.flatMap(fixedSleeps)).toEqual([]);
  });
});

test("the time of day is noticed, a date of a given time is not", () => {
  const now = [
    piece("new ", "Date()"),
    piece("new ", "Date"),
    piece("new ", "Date( ).getTime()"),
    piece("Da", "te()"),
    piece("await import(", '"node:crypto")'),
  ];
  expect(breaks(ambient, now)).toEqual(now);
  const given = ["new Date(at)", "new Date(clock.now())", "Date.UTC(2026)", "formatDate(at)", "at.toDate()"];
  expect(given.flatMap(ambient)).toEqual([]);
});

test("a comment that silences a tool is noticed", () => {
  const comments = [
    piece("// oxlint-", "disable-next-line no-console"),
    piece("/* eslint-", "disable */"),
    piece("// biome-", "ignore format: aligned"),
    ...["ignore", "expect-error", "nocheck"].map((what) => piece("// @ts", `-${what}`)),
  ];
  expect(breaks(silenced, comments)).toEqual(comments);
  expect(["// the linter is disabled", "ts-ignored"].flatMap(silenced)).toEqual([]);
});

test("a citation of notes outside the repository is noticed, one of docs is not", () => {
  const cited = [
    piece("(DES", "IGN §4)"),
    piece("domain", " §2.3"),
    piece("domain.md", " §2.3"),
    piece("incidents", "/2015-08-24"),
    piece("faults-and", "-skew"),
    piece("found", " §3"),
    piece("architecture", "-review"),
  ];
  expect(breaks(citations, cited)).toEqual(cited);
  const fine = ["docs/schedules.md", "a domain key", "DESIGNED", "of two incidents", "found: 3"];
  expect(fine.flatMap(citations)).toEqual([]);
});

test("a word that was given up is noticed", () => {
  const given = ["planted faults", "const killPlanted = 1;", "interface RunWish {", "facts: CellFacts"];
  expect(breaks(oldWords, given)).toEqual(given);
  expect(["mutants", "RunOptions", "wishes", "Cell"].flatMap(oldWords)).toEqual([]);
});

test("a registry's host is noticed, a package that is named alike is not", () => {
  const named = [
    piece("https://registry", ".npmjs.org/x"),
    piece("http://deb", ".debian.org"),
    piece("docker", ".io/library/x"),
  ];
  expect(breaks(registryHosts, named)).toEqual(named);
  expect(["apt-get install docker.io", "npm install", "registry"].flatMap(registryHosts)).toEqual([]);
});

test("what breaks a rule is named by its line", () => {
  expect(unrunTests(piece("\n\n  test.", skip, '("x");\n'))).toEqual([piece("3: test.", skip, '("x");')]);
});
