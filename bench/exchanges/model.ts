import type { HistoryEvent } from "../../harness/history/event.ts";
import { modelled } from "../../harness/history/modelled/model-calls.ts";
import { median } from "../../harness/quantile.ts";
import type { Bar } from "../bar.ts";
import { type Bench, openRig, usualBases } from "../bench.ts";
import { spread } from "../figures.ts";

/** What the model of the service costs: its CPU time an exchange, on the histories of all usual scenarios. */

const rounds = 9;
/** How often each history is judged in a round: one pass is short. */
const passes = 5;

export async function measureModel(bench: Bench): Promise<Bar> {
  bench.note("running all usual scenarios once");
  const schedules = usualBases(bench).map(({ base }) => base);
  await using rig = await openRig(bench, "simulated", schedules);
  const histories = (await rig.run(schedules)).map(({ events }) => events);
  const judge = (events: readonly HistoryEvent[]): number => {
    const run = events.find((event) => event.kind === "run");
    if (run?.kind !== "run") throw new Error("bench: a history without its run");
    const { departures, unjudged } = modelled(run, events, null);
    if (departures.length + unjudged > 0) throw new Error("bench: the model does not allow the right build");
    return events.filter(({ kind }) => kind === "exchange").length;
  };
  for (const events of histories) judge(events);
  const usual: number[] = [];
  const dearest: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    bench.note(`round ${round} of ${rounds}`);
    const each = histories.map((events) => {
      let exchanges = 0;
      const before = process.cpuUsage();
      for (let i = 0; i < passes; i += 1) exchanges += judge(events);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / exchanges;
    });
    usual.push(median(each));
    dearest.push(Math.max(...each));
  }
  return {
    bar: "the model's cost",
    line: "<= 10 us an exchange",
    measured: `${spread(usual, "us")} of CPU time an exchange in the middle one of ${histories.length} histories of the usual scenarios, ${spread(dearest, "us")} in the dearest; medians of ${rounds} (least to most)`,
    met: median(usual) <= 10,
  };
}
