import { matchesGlob } from "node:path";
import { expect, test } from "vitest";
import { files, textOf } from "../repository.ts";
import { isKnownFlag, isKnownPath, objectionsTo } from "./commands.ts";
import { brokenLinks } from "./links.ts";
import { type Page, readPage } from "./markdown.ts";
import { callsIn, joined } from "./shell.ts";

/** What the docs tell a reader to open or to type, held against what is there; nothing is started. */

const pages: ReadonlyMap<string, Page> = new Map(
  files.filter((name) => name.endsWith(".md")).map((name) => [name, readPage(textOf(name))]),
);
const names = [...pages.keys()];

test("pages are read: README has links, commands and names", () => {
  const { links, fences, spans } = pages.get("README.md") as Page;
  expect([links.length > 10, fences.length > 5, spans.length > 20]).toEqual([true, true, true]);
});

test.each(names)("%s: every link leads to a file, and to a heading of it", (name) => {
  expect(brokenLinks(name, pages)).toEqual([]);
});

test("a page with a transcript is typed by a test", () => {
  const typed = names.filter((name) =>
    pages.get(name)?.fences.some(({ language }) => language === "console"),
  );
  expect(typed).toEqual(["docs/newcomer.md"]);
});

/** The changelog names what was there at its time. */
const today = names.filter((name) => name !== "CHANGELOG.md");

test.each(today)("%s: every command is one, with files and names that are there", async (name) => {
  expect(await wrongCommands(name, pages.get(name) as Page)).toEqual([]);
});

test.each(today)("%s: every flag and path that it names is there", (name) => {
  const { spans } = pages.get(name) as Page;
  const wrong = spans.flatMap(({ line, text }) => [
    ...(/^--[a-z]/.test(text) && !isKnownFlag(/^--[a-z-]+/.exec(text)?.[0] ?? "")
      ? [`${name}:${line}: ${text}: unknown flag`]
      : []),
    ...(ofRepository.test(text) && !isKnownPath(text, matchesGlob)
      ? [`${name}:${line}: ${text} is not there`]
      : []),
  ]);
  expect(wrong).toEqual([]);
});

test("docs/architecture.md names every folder of the harness", () => {
  const folders = [...new Set(files.flatMap((name) => /^harness\/([^/]+)\//.exec(name)?.[1] ?? []))];
  const { spans } = pages.get("docs/architecture.md") as Page;
  const named = new Set(spans.map(({ text }) => text.split("/")[0]));
  expect(folders.filter((folder) => !named.has(folder))).toEqual([]);
});

test("every decision is a short page of the list", () => {
  const pagesOf = names.filter((name) => /^docs\/decisions\/(?!README)/.test(name));
  const { links } = pages.get("docs/decisions/README.md") as Page;
  expect(links.map(({ text }) => `docs/decisions/${text}`).toSorted()).toEqual(pagesOf.toSorted());
  expect(pagesOf.filter((name) => textOf(name).split("\n").length > 15)).toEqual([]);
});

const ofRepository = /^(?:\.ci|\.github|bench|contracts|docs|fixtures|harness|script|suites)\/[\w./<>*-]+$/;
/** How a span begins that is a command; `script/lib` holds parts of scripts. */
const command =
  /^(?:script\/(?!lib)|\.ci\/run|interlock |npx |pnpm |vitest |node_modules\/\.bin\/|git apply )/;
/** Commands that Interlock's output recommends, in an example of it. */
const recommended = /(?:\b(?:again|next|to exercise it): )((?:script\/|npx ).*)/;

async function wrongCommands(name: string, { fences, spans }: Page): Promise<string[]> {
  const shown = [
    ...fences
      // A transcript is typed by a test of its own, with a config of its own.
      .filter(({ language }) => language !== "console")
      .flatMap(({ language, lines }) =>
        language === "sh" ? joined(lines) : lines.flatMap(({ line, text }) => recommendedIn(line, text)),
      )
      .map((at) => ({ ...at, isMention: false })),
    ...spans.filter(({ text }) => command.test(text)).map((at) => ({ ...at, isMention: true })),
  ].toSorted((a, b) => a.line - b.line);
  const written = new Set<string>();
  const wrong: string[] = [];
  for (const { line, text, isMention } of shown) {
    const found = await objectionsTo(text, { written, isMention });
    wrong.push(...found.map((problem) => `${name}:${line}: ${text.trim()}: ${problem}`));
    for (const { words, writes } of callsIn(text))
      for (const file of [...writes, words[words.indexOf("--out") + 1] ?? ""]) written.add(file);
  }
  return wrong;
}

function recommendedIn(line: number, text: string): { line: number; text: string }[] {
  const [, found] = recommended.exec(text) ?? [];
  return found === undefined ? [] : [{ line, text: found }];
}
