/** What each root of the repository imports besides itself. Type imports count, in tests too. */
export const roots: Readonly<Record<string, readonly string[]>> = {
  contracts: [],
  harness: ["contracts"],
  fixtures: ["contracts"],
  "interlock.config.ts": ["contracts", "harness", "fixtures", "suites"],
  "vitest.config.ts": [],
  script: [],
  suites: ["contracts", "harness", "interlock.config.ts", "vitest.config.ts", "bench/curves.ts"],
  // An incident is shown on the reference system, as it was that day and as it was repaired.
  "suites/incidents": ["contracts", "harness", "fixtures", "suites"],
  bench: [
    "contracts",
    "harness",
    "interlock.config.ts",
    "bench/archive.ts",
    "bench/contention",
    "bench/curves.ts",
    "bench/first-touch",
  ],
  // The page that a bench draws is opened in a browser with the other pages.
  "bench/curves.ts": ["harness", "bench"],
  "bench/archive.ts": ["contracts", "harness", "bench", "fixtures", "suites/incidents"],
  "bench/contention": ["contracts", "harness", "bench", "fixtures", "suites/incidents"],
  "bench/first-touch": ["contracts", "harness", "bench", "fixtures", "suites/incidents"],
};

/**
 * The layers of the harness, lowest first. A unit is a folder or a file below harness/; a file belongs to the unit with
 * the longest matching name. A unit imports itself and lower layers, never its neighbours in the same layer. A `*` stands for
 * any folder that has no entry of its own; each is a unit by itself.
 */
export const layers: readonly (readonly string[])[] = [
  [
    "carried.ts",
    "errors.ts",
    "interrupt.ts",
    "make-folder.ts",
    "now.ts",
    "packed-records.ts",
    "probe-topics.ts",
    "quantile.ts",
    "run-files.ts",
    "run-id.ts",
    "seeded.ts",
    "shell-words.ts",
    "side-by-side.ts",
    "url-accounts.ts",
  ],
  ["diff", "installation.ts", "secrets.ts", "world", "verdict.ts"],
  ["oracle"],
  ["destinations"],
  ["schedule"],
  ["config"],
  ["history"],
  ["invariants"],
  ["coverage"],
  ["proxy"],
  ["customers", "probe"],
  // Files at the root of rigs/ are what the rigs share.
  ["rigs"],
  ["rigs/in-process", "rigs/containers/docker"],
  ["rigs/*", "rigs/containers/system"],
  ["rigs/containers/schedule"],
  ["rigs/containers"],
  // The table of rigs.
  ["rigs/index.ts"],
  ["replay"],
  ["explore"],
  ["causality", "shrink", "matrix", "up"],
  ["cost", "doctor"],
  ["query-plans"],
  ["sessions"],
  ["skew"],
  ["mutants"],
  ["evidence"],
  ["gate"],
  ["report"],
  ["commands"],
  ["cli.ts", "index.ts"],
];

/** Folders whose code serves tests: only tests, suites and benches import them, and they import any layer. */
export const forTests = ["mock", "testing"];
