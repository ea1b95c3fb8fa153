import { mutantsWithImages, repeatable } from "../../harness/mutants/in-containers.ts";
import { killSimulated } from "../../harness/mutants/kill-simulated.ts";
import type { Counterexample } from "../../harness/replay/counterexample.ts";
import { judgeReplay } from "../../harness/replay/replay.ts";
import { printSchedule } from "../../harness/report/schedule.ts";
import type { Run } from "../../harness/rigs/run.ts";
import { sideBySide } from "../../harness/side-by-side.ts";
import type { Bar } from "../bar.ts";
import { type Bench, openRig, optionsOf } from "../bench.ts";

/** Whether counterexamples that the simulated rig found break the same invariant in containers, again and again. */
const mutants = 10;
const timesEach = 10;
const rigsAtOnce = 2;

export async function measureReplay(bench: Bench): Promise<Bar> {
  const counterexamples = await findCounterexamples(bench);
  const verdicts = await sideBySide(counterexamples, rigsAtOnce, async (counterexample) => {
    const { schedule } = counterexample;
    const { api, workers } = schedule.releases;
    bench.note(`replaying ${timesEach} times: API ${api}, workers ${Object.values(workers).join(" and ")}`);
    await using rig = await openRig(bench, "containers", [schedule]);
    const found: boolean[] = [];
    for (let i = 0; i < timesEach; i += 1) {
      const [run] = await rig.run([schedule]);
      const { outcome } = judgeReplay(counterexample, "containers", run as Run);
      if (outcome !== "repeated") bench.note(`${outcome}: ${printSchedule(schedule).join(", ")}`);
      found.push(outcome === "repeated");
    }
    return found;
  });
  const all = verdicts.flat();
  const repeated = all.filter(Boolean).length;
  return {
    bar: "replay, containers: the same invariant breaks again",
    line: ">= 95/100",
    measured: `${repeated}/${all.length}, counterexamples of ${verdicts.length} mutants`,
    met: all.length >= 100 && repeated >= 0.95 * all.length,
  };
}

/** The simulated rig's counterexamples of mutants that are images too. */
async function findCounterexamples(bench: Bench): Promise<Counterexample[]> {
  const { config, note } = bench;
  const inProcess = await config.inProcess?.load();
  if (inProcess === undefined) throw new Error("the config gives no builds in process");
  const found: Counterexample[] = [];
  for (const mutant of mutantsWithImages(inProcess, config).slice(0, mutants)) {
    note(`finding a counterexample: ${mutant.id}`);
    const { counterexample } = await killSimulated(mutant, optionsOf(bench), await repeatable(config));
    if (counterexample !== null) found.push(counterexample);
  }
  return found;
}
