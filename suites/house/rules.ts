/** The house's rules as functions from a file's text to what breaks them, a line each: `12: the line itself`. */
export type Rule = (text: string) => string[];

const longest = 300;

export const tooLong: Rule = (text) => {
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  return lines > longest ? [`${lines} lines, ${longest} is a reason to stop and split`] : [];
};

const ways = "skip|only|todo|fails|skipIf|runIf";
/** Tests that do not run, keep the others from running, may fail or get a second try: by method, option or context. */
export const unrunTests: Rule = linesWith(
  new RegExp(
    [
      `\\b(?:it|test|describe|suite)\\b[^;]*\\.(?:${ways})\\s*[.(]`,
      `^\\s*\\.(?:${ways})\\s*[.(]`,
      `[{,]\\s*(?:${ways})\\s*:\\s*true\\b`,
      "\\b(?:xit|xtest|xdescribe|fit|fdescribe)\\s*\\(",
      "\\b(?:context|ctx|task)\\.skip\\s*\\(",
      "[{,]\\s*retry\\s*:",
    ].join("|"),
  ),
);

/** A wait of a fixed time; one that asks again and again, in the head of a loop, is none. */
export const fixedSleeps: Rule = (text) => {
  const names = [...text.matchAll(/import\s*\{([^}]*)\}\s*from\s*"(?:node:)?timers\/promises"/g)]
    .flatMap(([, list]) => (list as string).split(","))
    .map((part) => /^\s*setTimeout(?:\s+as\s+(\w+))?\s*$/.exec(part))
    .flatMap((match) => (match === null ? [] : [match[1] ?? "setTimeout"]));
  const called = [...new Set(["setTimeout", ...names])].join("|");
  const sleep = new RegExp(
    `\\b(?:${called})\\s*\\(|\\bAtomics\\.wait\\s*\\(|\\b(?:execFileSync|spawnSync|execa)\\("sleep"`,
  );
  return linesWith(sleep)(text).filter((line) => !/^\d+: (?:while|for) \(/.test(line));
};

/**
 * Time and chance of the machine where the linter does not see them: a date without a given time, and a dynamic import
 * of `node:crypto`, of which the linter restricts the names of static imports.
 */
export const ambient: Rule = linesWith(
  /\bnew Date\b(?!\s*\(\s*[^\s)])|(?<![\w.]|new )Date\(|\bimport\(\s*["'](?:node:)?crypto/,
);

/** A way past the linter, the types or the formatter. What is exempt stands in their configurations. */
export const silenced: Rule = linesWith(
  /\b(?:oxlint|eslint)-(?:disable|enable)|\bbiome-ignore\b|@ts-(?:ignore|expect-error|nocheck)\b/,
);

/** Code cites the project's own docs only: other notes are not in the repository. */
export const citations: Rule = linesWith(
  /\bDESIG[N]\b|\bdomain(?:\.md)? §|(?<!suites\/)\bincidents\/|\bfaults-and-ske[w]\b|\bfound(?:\.md)? §|\barchitecture-revie[w]\b/,
);

/** Words that the harness has given up: a mutant is not "planted", options are no wish, a fact has no "CellFacts". */
export const oldWords: Rule = linesWith(/planted|Planted|Wish\b|\bCellFacts\b/);

/** In pieces, or this file would break the rule itself. */
const hosts = [
  ["registry", "npmjs"],
  ["registry", "yarnpkg"],
  ["deb", "debian", "org"],
  ["registry-1", "docker"],
  ["docker", "io/"],
  ["quay", "io"],
  ["ghcr", "io"],
  ["mcr", "microsoft", "com"],
].map((parts) => parts.join("\\."));
export const registryHosts: Rule = linesWith(new RegExp(hosts.join("|")));

function linesWith(pattern: RegExp): Rule {
  return (text) =>
    text.split("\n").flatMap((line, i) => (pattern.test(line) ? [`${i + 1}: ${line.trim()}`] : []));
}
