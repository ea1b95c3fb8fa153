import type { Counterexample } from "../harness/replay/counterexample.ts";
import { releasedFaults, repeatable } from "../harness/mutants/kill-again.ts";
import { killPlanted } from "../harness/mutants/kill-planted.ts";
import { withoutStacks } from "../harness/rigs/in-process/without-stacks.ts";
import { judgeReplay } from "../harness/replay/replay.ts";
import { needsOf } from "../harness/rigs/containers/schedule/reach.ts";
import { runSchedule } from "../harness/rigs/containers/schedule/schedule-run.ts";
import { printSchedule } from "../harness/schedule/schedule.ts";
import { sideBySide } from "../harness/side-by-side.ts";
import type { Bar } from "./bar.ts";
import { type Bench, openRig } from "./bench.ts";

/** Whether counterexamples that the simulated rig found break the same invariant in containers, again and again. */
const builds = 10;
const timesEach = 10;
const rigsAtOnce = 2;

export async function measureReplay(bench: Bench): Promise<Bar> {
  const counterexamples = await findCounterexamples(bench);
  const verdicts = await sideBySide(counterexamples, rigsAtOnce, async (counterexample) => {
    const { schedule } = counterexample;
    const { api, workers } = schedule.releases;
    bench.note(`replaying ${timesEach} times: API ${api}, workers ${Object.values(workers).join(" and ")}`);
    await using open = await openRig(bench, needsOf(schedule));
    const found: boolean[] = [];
    for (let i = 0; i < timesEach; i += 1) {
      const run = await runSchedule(open.rig, schedule);
      const { verdict } = judgeReplay(counterexample, "containers", run);
      if (verdict !== "repeated") bench.note(`${verdict}: ${printSchedule(schedule).join(", ")}`);
      found.push(verdict === "repeated");
    }
    return found;
  });
  const all = verdicts.flat();
  const repeated = all.filter(Boolean).length;
  return {
    bar: "replay, containers: the same invariant breaks again",
    line: ">= 95/100",
    measured: `${repeated}/${all.length}, counterexamples of ${verdicts.length} planted builds`,
    met: all.length >= 100 && repeated >= 0.95 * all.length,
  };
}

/** The simulated rig's counterexamples of planted builds that are images too. */
async function findCounterexamples({ config, note }: Bench): Promise<Counterexample[]> {
  const inProcess = await config.inProcess?.();
  if (inProcess === undefined) throw new Error("the config gives no builds in process");
  const found: Counterexample[] = [];
  const wish = { current: config.current, now: () => performance.now(), ...repeatable };
  for (const fault of releasedFaults(inProcess, config).slice(0, builds)) {
    note(`finding a counterexample: ${fault.id}`);
    const { counterexample } = await withoutStacks(() => killPlanted(inProcess, fault, wish));
    if (counterexample !== null) found.push(counterexample);
  }
  return found;
}
