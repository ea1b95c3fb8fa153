/** The recipes of docs/contributing.md, each followed once by the patch of its name in `recipes/`. */

/** Who turns red where an edit is forgotten: the compiler, or the test of this path. */
export type Asker = "types" | `${string}.test.ts`;

export interface Recipe {
  name: string;
  /** The most existing files that it may edit. */
  mayEdit: number;
  /** By existing file: who asks for each hunk of its patch, in order. */
  edits: Readonly<Record<string, readonly [Asker, ...Asker[]]>>;
  /** By existing file of several hunks: who asks where all of them are forgotten. */
  whole?: Readonly<Record<string, Asker>>;
}

const scenarios = "suites/status-sync/scenarios.test.ts";

export const recipes: readonly Recipe[] = [
  {
    name: "invariant",
    mayEdit: 1,
    edits: { "harness/invariants/index.ts": ["types", "types"] },
    whole: { "harness/invariants/index.ts": "harness/invariants/index.test.ts" },
  },
  {
    name: "fault-kind",
    mayEdit: 1,
    // The entry is the kind itself: whoever uses a kind without it has no types.
    edits: { "harness/schedule/faults.ts": ["types"] },
  },
  {
    name: "destination",
    mayEdit: 2,
    edits: {
      "contracts/destination.ts": ["types"],
      "harness/destinations/index.ts": ["harness/destinations/index.test.ts"],
    },
  },
  {
    name: "job-kind",
    mayEdit: 4,
    edits: {
      "harness/schedule/statements.ts": ["types"],
      "suites/result-output/scenarios.ts": [scenarios],
      "fixtures/workers/kit/work/statement.ts": [scenarios],
      "fixtures/in-process/memory-warehouse.ts": [scenarios],
    },
  },
  {
    name: "rig",
    mayEdit: 1,
    edits: { "harness/rigs/index.ts": ["harness/rigs/index.test.ts"] },
  },
  {
    name: "report-format",
    mayEdit: 1,
    edits: { "harness/report/formats/index.ts": ["types", "types"] },
    whole: { "harness/report/formats/index.ts": "harness/report/formats/index.test.ts" },
  },
  { name: "mutant", mayEdit: 0, edits: {} },
];
