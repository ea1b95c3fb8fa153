import { describe, expect, test } from "vitest";
import { engines } from "../../contracts/job.ts";
import { kindNamed } from "../../harness/destinations/index.ts";
import { type BrokenInvariant, judgeHistory } from "../../harness/invariants/judge.ts";
import { type Cell, matrixSchedule, planCells } from "../../harness/matrix/cell.ts";
import { runOnce } from "../../harness/replay/run-once.ts";
import type { RigName } from "../../harness/rigs/index.ts";
import type { Run } from "../../harness/rigs/run.ts";
import { destinationNameOf } from "../../harness/schedule/scenario.ts";
import type { Schedule } from "../../harness/schedule/schedule.ts";
import { brokenOn2015 } from "../result-output/mutant-2015.ts";
import { options } from "./mutant-builds.ts";

/** The matrix is a schedule without faults: on the rigs of this process it comes to what it comes to in containers. */

const { config } = options;

/** The schedule of a matrix; its customers are scripts, since npm `td` needs real HTTP. */
function matrixOf(api: string): { cells: Cell[]; schedule: Schedule } {
  const cells = planCells(api, engines, config.scenarios);
  const { workload, ...rest } = matrixSchedule(cells, api, { v5: "current", v6: "current" });
  const jobs = workload.jobs.map(({ scenario, engine }) => ({ scenario, engine }));
  return { cells, schedule: { ...rest, workload: { ...workload, jobs } } };
}

/** By the path of each red cell: what it broke. */
function redIn(cells: readonly Cell[], broken: readonly BrokenInvariant[]): Record<string, string[]> {
  const red: Record<string, string[]> = {};
  for (const { job, invariant } of broken) {
    const { path } = cells[job - 1] as Cell;
    red[path] = [...(red[path] ?? []), invariant].sort();
  }
  return red;
}

function unreadableIn({ scenario }: Cell): readonly unknown[] {
  const name = destinationNameOf(scenario);
  return name === null ? [] : (kindNamed(name).unreadable?.(scenario.output ?? {}) ?? []);
}

describe.each<RigName>(["simulated", "wire"])("on %s", (rig) => {
  const runOf = async (schedule: Schedule): Promise<Run> => {
    const run = await runOnce(rig, schedule, options);
    expect(run.unfired).toEqual([]);
    return run;
  };

  test("every scenario with every engine passes on the current builds", { timeout: 120_000 }, async () => {
    const { cells, schedule } = matrixOf("current");
    const { broken, loose, triggered } = judgeHistory((await runOf(schedule)).events);
    expect(cells.length).toBeGreaterThan(40);
    expect({ red: redIn(cells, broken), loose }).toEqual({ red: {}, loose: [] });
    expect(triggered["E"]).toMatchObject({ jobs: cells.length });
  });

  test("the API of 2015-08-24 is red in exactly v5's jobs with output, each by its invariants", {
    timeout: 120_000,
  }, async () => {
    const { cells, schedule } = matrixOf("2015-08-24");
    const { broken, loose } = judgeHistory((await runOf(schedule)).events);
    // What was to be delivered to the same place before, by a job of its own.
    const before = cells.filter(({ scenario, generation }) => scenario.twice && generation === "v5").length;
    // What no job can read, tried before by jobs of their own.
    const unreadable = cells.filter(({ generation }) => generation === "v5").flatMap(unreadableIn).length;
    expect({ red: redIn(cells, broken), loose }).toEqual({
      red: brokenOn2015("2015-08-24"),
      loose: [
        `worker->api, worker.claim: reply: job: Unrecognized key: "result_settings" (${before + unreadable} times)`,
        `worker->api, worker.finish: model: success was taken without a receipt of the delivery (${before} times)`,
      ],
    });
  });
});
