import { expect, test } from "vitest";
import { isKnownFlag, objectionsTo } from "./commands.ts";
import { brokenLinks } from "./links.ts";
import { readPage } from "./markdown.ts";
import { callsIn, joined } from "./shell.ts";

/** That the docs' commands and links are looked at, in lines that are wrong. */

const objections = (line: string, isMention = false) => objectionsTo(line, { written: new Set(), isMention });

test.each([
  ["script/interlock chek FILE", /unknown command/],
  ["script/compat --apis current", /unknown option/],
  ["script/interlock gate --deployed live.json", /--candidate <file>' not specified/],
  ["script/interlock check history.txt", /history.txt is not there/],
  ["script/interlock replay docs/none.json --rig wire", /docs\/none.json is not there/],
  ["script/interlock replay FILE --rig wires", /Allowed choices/],
  ["script/interlock check history.txt > out.txt # a comment with --flags", /history.txt/],
  ["A=1 script/interlock cells --json | jq . ", /unknown program jq/],
  ["script/compat --api 2015-08-25", /no API 2015-08-25/],
  ["script/compat --worker v5=2015", /no worker v5=2015/],
  ["script/compat --cell '*/v7-*/web'", /no cell matches/],
  ["script/compat --config other.config.ts", /other.config.ts is not there/],
  ["script/interlock mutants --only nobody", /no mutant is called nobody/],
  ["script/test --project everynight", /no project everynight/],
  ["script/test suites/none.test.ts", /suites\/none.test.ts is not there/],
  ["script/setup --all", /unknown option --all/],
  ["pnpm test:nothing", /no script test:nothing/],
  ["node_modules/.bin/none", /not installed/],
  ["git apply suites/house/recipes/none.patch", /none.patch is not there/],
  ['npm i -D "$(script/pack --none)"', /unknown option --none/],
])("%s is objected to", async (line, said) => {
  expect((await objections(line)).join("\n")).toMatch(said);
});

test.each([
  "script/interlock check .interlock/runs/<id of a run>/history.jsonl   # judge it again",
  "script/interlock gate --deployed live.json --candidate candidate.json [--known known.json] [--json]",
  "script/interlock diff 2026-05 current",
  "script/interlock explore --cell '*/v6-*/web' && script/interlock clean",
  "pnpm test:compat",
])("%s is not", async (line) => {
  expect(await objections(line)).toEqual([]);
});

test("what a sentence mentions may lack what it must be given, and nothing more", async () => {
  expect(await objections("interlock gate", true)).toEqual([]);
  expect(await objections("interlock gate --candidates", true)).toHaveLength(1);
  expect([isKnownFlag("--since"), isKnownFlag("--until-then")]).toEqual([true, false]);
});

test("what a call writes is there for the next; a line goes on behind a backslash", () => {
  expect(callsIn("a 'b c' > d.json | e")).toEqual([
    { words: ["a", "b c"], writes: ["d.json"] },
    { words: ["e"], writes: [] },
  ]);
  const lines = [{ text: "a \\" }, { text: "  b" }, { text: "c" }];
  expect(joined(lines).map(({ text }) => text)).toEqual(["a b", "c"]);
});

test("a link that leads nowhere is told with its line; code holds no links", () => {
  const text = "# One `two`\n\n[a](#one-two) [b](#one)\n\n[c](none.md) `[d](e.md)`\n```sh\n[f](g.md)\n```\n";
  const pages = new Map([["docs/a.md", readPage(text)]]);
  expect(brokenLinks("docs/a.md", pages)).toEqual([
    "docs/a.md:3: #one: docs/a.md has no heading #one",
    "docs/a.md:5: none.md: docs/none.md is not there",
  ]);
});
