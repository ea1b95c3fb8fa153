import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { importsOf, isTest, objectionTo, placeOf } from "./imports.ts";
import { sources, tests, textOf } from "./repository.ts";
import { citations, oldWords, type Rule } from "./rules.ts";

/** What breaks a rule and is known: it only shrinks. What is mended must leave the list, nothing new may enter it. */
export interface Debts {
  /** Folders of the harness that have no layer. */
  unlayered: string[];
  /** Imports against the layers, `from -> to`. */
  layers: string[];
  /** Folders with more sources than `mostSources`. */
  folders: string[];
  /** Lines by file. */
  citations: Record<string, number>;
  words: Record<string, number>;
}

export const recorded = JSON.parse(readFileSync("suites/house/debts.json", "utf8")) as Debts;

/** A folder with more sources needs folders inside it. Tests do not count. */
export const mostSources = 20;

export const measure = (): Debts => ({
  unlayered: [...new Set(harness.filter((name) => placeOf(name) === undefined).map(homeOf))].toSorted(),
  layers: sources
    .flatMap((name) => importsOf(name, textOf(name)))
    .filter((one) => objectionTo(one) !== undefined)
    .map(({ from, to }) => `${from} -> ${to}`)
    .toSorted(),
  folders: fullFolders(sources.filter((name) => !tests.includes(name))),
  citations: count(sources, citations),
  words: count(harness, oldWords),
});

const harness = sources.filter((name) => name.startsWith("harness/") && !isTest(name));

/** The folder of a file, or the file itself where it lies directly in harness/. */
const homeOf = (name: string): string => (dirname(name) === "harness" ? name : dirname(name));

export const fullFolders = (names: readonly string[]): string[] =>
  [...new Set(names.map((name) => dirname(name)))]
    .filter((folder) => names.filter((name) => dirname(name) === folder).length > mostSources)
    .toSorted();

const count = (names: readonly string[], rule: Rule): Record<string, number> =>
  Object.fromEntries(
    names.map((name) => [name, rule(textOf(name)).length] as const).filter(([, lines]) => lines > 0),
  );
