import type { Coverage } from "../coverage/coverage.ts";
import { type CellResult, type RunResult, summarise } from "../matrix/result.ts";

/** Hand-made results of runs. */

export const cellResult = (path: string, more: Partial<CellResult> = {}): CellResult => ({
  path,
  verdict: "pass",
  violations: [],
  story: [],
  witness: { claimed: null, finished: null },
  job: "1",
  millis: 1200,
  ...more,
});

export const coverage: Coverage = {
  operations: { "job.issue": { v5: { 200: 3 } }, "worker.claim": { v5: { 200: 3 } } },
  notCalled: ["job.status"],
  ways: { results: { v5: ["tsv"], v6: [] }, lists: { cdh4: ["by place"], hdp2: [] } },
  data: { seen: ["null"], unseen: ["fractions"] },
  invariants: { tested: ["I4", "W"], untested: ["I12"] },
  workers: [{ component: "worker-v5", release: "current", build: "sha256:5", claimed: 3, finished: 3 }],
};

export const runResult = (cells: CellResult[], more: Partial<RunResult> = {}): RunResult => ({
  ...summarise({
    runId: "2015-08-24-144400-abcd",
    api: "current",
    folder: ".interlock/runs/2015-08-24-144400-abcd",
    startedAt: "2015-08-24T14:44:00.000Z",
    millis: 12_340,
    identities: [
      {
        component: "api",
        release: "current",
        digest: "0123456789abcdef",
        image: "sha256:1",
        probe: "refuses",
      },
    ],
    triggers: {},
    machine: null,
    loose: [],
    notCompared: [],
    coverage,
    lacks: [],
    of: cells.length,
    ...more,
    cells,
  }),
  ...more,
});
