import { type CellResult, type RunResult, summarise } from "../matrix/result.ts";

/** Hand-made results of runs. */

export const cellResult = (path: string, more: Partial<CellResult> = {}): CellResult => ({
  path,
  verdict: "pass",
  violations: [],
  story: [],
  job: "1",
  millis: 1200,
  ...more,
});

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
    cells,
  }),
  ...more,
});
