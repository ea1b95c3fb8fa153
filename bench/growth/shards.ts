import { jobHistories } from "../../harness/history/job-history.ts";
import { endingReport, handOuts } from "../../harness/history/work.ts";
import { type Cell, matrixSchedule, wholeMatrix } from "../../harness/matrix/cell.ts";
import { cellName, shardsOf } from "../../harness/matrix/shards.ts";
import type { Schedule } from "../../harness/schedule/schedule.ts";
import type { Bar } from "../bar.ts";
import { type Bench, current, openRig } from "../bench.ts";
import { figure } from "../figures.ts";
import { exponentOf } from "./slope.ts";

/**
 * How long a matrix takes in shards, each on a machine of its own, by simulation: the real plan deals out the cells of the config by
 * the times that they took in one piece, and each shard is run on the simulated rig. Virtual time is the same in every round.
 */

const counts = [1, 2, 4, 8];

/** One shard or the whole, as it ran: seconds until its last job had ended, and of each cell from claim to end. */
interface Ran {
  lasts: number;
  cells: ReadonlyMap<string, number>;
}

export async function measureShards(bench: Bench): Promise<Bar> {
  const cells = wholeMatrix(bench.config, current.api);
  await using rig = await openRig(bench, "simulated", [scheduleOf(cells)]);
  const run = async (shard: readonly Cell[]): Promise<Ran> => {
    const [one] = await rig.run([scheduleOf(shard)]);
    const jobs = jobHistories(one?.events ?? []).toSorted((a, b) => a.number - b.number);
    const ended = jobs.flatMap((job, i) => {
      const [cell, claim, end] = [shard[i], handOuts(job)[0], endingReport(job)];
      if (cell === undefined || claim === undefined || end === undefined) return [];
      return [{ cell, at: end.at / 1_000, seconds: (end.at - claim.at) / 1_000 }];
    });
    return {
      lasts: Math.max(...ended.map(({ at }) => at)),
      cells: new Map(ended.map(({ cell, seconds }) => [cellName(cell), seconds])),
    };
  };
  const whole = await run(cells);
  const longest = Math.max(...whole.cells.values());
  const points: { shards: number; seconds: number; limit: number }[] = [];
  for (const shards of counts) {
    bench.note(`${shards} shards of ${cells.length} cells`);
    const lasts: number[] = [];
    for (const shard of shardsOf(cells, shards, whole.cells)) lasts.push((await run(shard)).lasts);
    // No plan is quicker than its longest cell, nor than an equal part of the whole.
    const limit = Math.max(longest, whole.lasts / shards);
    points.push({ shards, seconds: Math.max(...lasts), limit });
  }
  const most = 1.5;
  const told = points.map(
    ({ shards, seconds, limit }) =>
      `${shards}: ${figure(seconds)} s, ${(seconds / limit).toFixed(2)}x of ${figure(limit)} s`,
  );
  return {
    bar: "how cost grows, a matrix in shards, by simulation of the plan",
    line: `the longest of 1, 2, 4 and 8 shards <= ${most}x of what no plan can beat: an equal part, or the longest cell`,
    measured: `exponent ${exponentOf(points.map((one) => [one.shards, one.seconds])).toFixed(2)}; ${told.join("; ")}; ${cells.length} cells in virtual time, which has no spread`,
    met: points.every(({ seconds, limit }) => seconds <= most * limit),
    curve: {
      title: "How cost grows, a matrix in shards",
      over: "shards",
      logarithmic: true,
      measures: { seconds: "virtual time of the longest shard, s" },
      points: points.flatMap(({ shards, seconds, limit }) => [
        { of: "Interlock", at: shards, figures: { seconds } },
        { of: "an equal part, or the longest cell", at: shards, figures: { seconds: limit } },
      ]),
    },
  };
}

/** Real clients need real HTTP, which the simulated rig has not: all jobs are issued by the script's own. */
function scheduleOf(cells: readonly Cell[]): Schedule {
  const { workload, ...schedule } = matrixSchedule(cells, current.api, current.workers);
  const jobs = workload.jobs.map((job) => ({ ...job, customer: "script" as const }));
  return { ...schedule, workload: { ...workload, jobs } };
}
