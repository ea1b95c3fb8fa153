import { dirname } from "node:path";
import { importsOf, isTest, objectionTo, placeOf } from "./imports.ts";
import { sources, tests, textOf } from "./repository.ts";
import { citations, oldWords, type Rule } from "./rules.ts";

/** What breaks a rule of the whole repository, a list of places for each rule. */
export interface Broken {
  /** Folders of the harness that have no layer. */
  unlayered: string[];
  /** Imports against the layers, `from -> to`. */
  layers: string[];
  /** Folders with more sources than `mostSources`. */
  folders: string[];
  /** Lines that cite what is not in the repository. */
  citations: string[];
  /** Lines with a word that the harness has given up. */
  words: string[];
}

/** A folder with more sources needs folders inside it. Tests do not count. */
export const mostSources = 20;

export const measure = (): Broken => ({
  unlayered: [...new Set(harness.filter((name) => placeOf(name) === undefined).map(homeOf))].toSorted(),
  layers: sources
    .flatMap((name) => importsOf(name, textOf(name)))
    .filter((one) => objectionTo(one) !== undefined)
    .map(({ from, to }) => `${from} -> ${to}`)
    .toSorted(),
  folders: fullFolders(sources.filter((name) => !tests.includes(name))),
  citations: linesOf(sources, citations),
  words: linesOf(harness, oldWords),
});

const harness = sources.filter((name) => name.startsWith("harness/") && !isTest(name));

/** The folder of a file, or the file itself where it lies directly in harness/. */
const homeOf = (name: string): string => (dirname(name) === "harness" ? name : dirname(name));

export const fullFolders = (names: readonly string[]): string[] =>
  [...new Set(names.map((name) => dirname(name)))]
    .filter((folder) => names.filter((name) => dirname(name) === folder).length > mostSources)
    .toSorted();

const linesOf = (names: readonly string[], rule: Rule): string[] =>
  names.flatMap((name) => rule(textOf(name)).map((line) => `${name}:${line}`));
