import { existsSync } from "node:fs";
import vitestConfig from "../../../vitest.config.ts";
import { files, textOf } from "../repository.ts";
import { flags, understand } from "./command-line.ts";
import { nameProblem } from "./names.ts";
import { type Call, callsIn, placeholder } from "./shell.ts";

/** What is wrong with the commands that the docs show, without a process for any of them. */

/** What a page has said so far: files that its commands have written. */
type Written = ReadonlySet<string>;

/** Files that a reader has and that no command of the page writes, by name. */
const declared: Readonly<Record<string, string>> = {
  "my.config.ts": "a config of the reader's own",
  "my.schedule.json": "a schedule of the reader's own",
  "live.json": "what `attested --policy` has printed",
  "candidate.json": "what `attested --component` has printed",
  "GO.json": "what `gate --record` has written",
  "deployed.json": "what `attested --policy` has printed, as the repository keeps it",
  "known.json": "failures that a team lists",
  "overrides.json": "who answers for a release",
  "sizes.json": "sizes of tables, as `query-plans` reads them",
  "pins.json": "what is pinned of accounts, as `sessions` reads it",
  "schedules/lost.json": "a schedule of the reader's own",
  "schedules/killed.json": "a schedule of the reader's own",
  "old/openapi.json": "an OpenAPI document of the reader's own",
  "new/openapi.json": "an OpenAPI document of the reader's own",
  "shards/": "the artefacts of a CI's jobs",
  "kills/*.json": "what `mutants --save kills` has written",
  "plans/*.json": "what `rollout --save plans` has written",
  "plans/api.json": "one of them",
  "controls/*.json": "schedules of the reader's own",
  "result.json": "the result of an earlier run",
};

/** Whether a word stands for what the reader puts there: `RUN`, `<id>`, `.interlock/runs/<id>`, or text cut short. */
export const isPlaceholder = (word: string): boolean =>
  word.includes(placeholder) || word.includes("…") || /^[A-Z]+(?:=[A-Z]+)?$/.test(word);

const isThere = (file: string, written: Written): boolean =>
  isPlaceholder(file) ||
  file.startsWith(".interlock/") ||
  written.has(file) ||
  file in declared ||
  existsSync(file);

/** Programs that are not ours; what they are told is theirs to judge. */
const foreign = new Set([
  "npm",
  "docker",
  "mysqld",
  "curl",
  "printf",
  "sha256sum",
  "head",
  "git",
  "cd",
  "cp",
  "rm",
  "export",
]);

export interface Rules {
  written: Written;
  /** A command within a sentence may leave out what it must be given. */
  isMention: boolean;
}

/** The objections to a line of a shell; `written` grows by what its calls write. */
export async function objectionsTo(line: string, { written, isMention }: Rules): Promise<string[]> {
  const found: string[] = [];
  for (const call of callsIn(line)) found.push(...(await problemsOf(call, { written, isMention })));
  return found;
}

async function problemsOf({ words }: Call, rules: Rules): Promise<string[]> {
  const [head = "", ...rest] = words;
  if (head === "script/compat") return ownProblems(["run", ...rest], rules);
  if (head === "script/interlock" || head === "interlock") return ownProblems(rest, rules);
  if (head === "npx") return rest[0] === "interlock" ? ownProblems(rest.slice(1), rules) : [];
  if (head === "pnpm") return pnpmProblems(rest);
  if (head === "script/test") return vitestProblems(rest);
  if (head === "vitest" || head === "node_modules/.bin/vitest")
    return vitestProblems(rest.filter((word) => word !== "run"));
  if (head in scripts) return scriptProblems(head, rest);
  if (head.startsWith("node_modules/.bin/")) return existsSync(head) ? [] : [`${head} is not installed`];
  if (head === "git" && rest[0] === "apply") return missing(rest.slice(1), rules);
  return foreign.has(head) ? [] : [`unknown program ${head}`];
}

async function ownProblems(words: readonly string[], rules: Rules): Promise<string[]> {
  if (words.length === 0 && rules.isMention) return [];
  const { error, given } = await understand(words, rules.isMention);
  if (error !== null) return error.includes(placeholder) ? [] : [error];
  // `diff` compares files, or releases of the config.
  const read = given.filter(
    ({ isRead, value }) => isRead && !(words[0] === "diff" && nameProblem("--api", value) === null),
  );
  return [
    ...missing(
      read.map(({ value }) => value),
      rules,
    ),
    ...given.flatMap(({ name, value }) => (isPlaceholder(value) ? [] : (nameProblem(name, value) ?? []))),
  ];
}

const missing = (names: readonly string[], { written }: Rules): string[] =>
  names.filter((name) => !isThere(name, written)).map((name) => `${name} is not there, and no placeholder`);

const projects = (vitestConfig.test?.projects ?? []).flatMap((one) =>
  typeof one === "object" && "test" in one && typeof one.test?.name === "string" ? [one.test.name] : [],
);

function vitestProblems(words: readonly string[]): string[] {
  const problems: string[] = [];
  for (const [i, word] of words.entries()) {
    const before = words[i - 1];
    if (before === "--project")
      problems.push(...(projects.includes(word) ? [] : [`no project ${word} of vitest`]));
    else if (word.startsWith("-"))
      problems.push(...(["--project", "-u", "--exclude"].includes(word) ? [] : [`unknown option ${word}`]));
    else if (before !== "--exclude" && !word.startsWith("path/to/") && !existsSync(word))
      problems.push(`${word} is not there`);
  }
  return problems;
}

function pnpmProblems([name = ""]: readonly string[]): string[] {
  const { scripts: own } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
  return name in own || ["install", "i"].includes(name) ? [] : [`package.json has no script ${name}`];
}

/** Scripts with flags of their own: they stand in the usage at their heads. */
const scripts: Readonly<Record<string, string>> = Object.fromEntries(
  ["script/setup", "script/pack", "script/bench", ".ci/run"].map((name) => [name, textOf(name)]),
);

const scriptProblems = (name: string, words: readonly string[]): string[] =>
  words
    .filter((word) => word.startsWith("-") && !scripts[name]?.includes(word))
    .map((word) => `unknown option ${word}`);

/** A flag that stands by itself in a sentence. */
export const isKnownFlag = (flag: string): boolean =>
  flags.has(flag) || Object.values(scripts).some((text) => text.includes(flag));

/** A path of the repository that stands by itself in a sentence, with `*` for what changes. */
export const isKnownPath = (path: string, matches: (name: string, pattern: string) => boolean): boolean => {
  const pattern = path.replace(/\/$/, "").replaceAll(/<[^<>]+>/g, "*");
  return existsSync(path) || files.some((name) => matches(name, pattern) || matches(name, `${pattern}/**`));
};
