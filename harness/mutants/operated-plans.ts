import type { Mutant } from "../../contracts/in-process.ts";
import { engines } from "../../contracts/job.ts";
import { basesOf } from "../explore/workloads.ts";
import type { Scenario } from "../schedule/scenario.ts";
import type { Planned, Schedule } from "../schedule/schedule.ts";
import { releasesOf } from "./kill.ts";

/** The seed of every plan. */
const seed = 1;

/**
 * The jobs of the scenarios that a mutant names, all at once and one after another, with the steps of an operator at a chunk
 * of each job in turn. Where calls move to another release that one serves beside it.
 */
export function operatedPlans(
  mutant: Pick<Mutant, "id" | "component" | "operated" | "scenarios">,
  { current, scenarios }: { current: string; scenarios: readonly Scenario[] },
): Schedule[] {
  const { operated = [], scenarios: names = [] } = mutant;
  const named = scenarios.filter(({ name }) => names.includes(name));
  const releases = releasesOf(mutant, current);
  const once = basesOf(engines, named, releases, seed).flatMap(({ base }) => base.workload.jobs);
  // Of several tables chunks wait at the same time.
  const jobs = [...once, ...once, ...once];
  const beside = operated.flatMap((step) => (step.kind === "traffic" ? [step.to] : []));
  const others = beside.length === 0 ? {} : { beside: [...new Set(beside)] };
  return once.flatMap((_, i) => {
    const faults = operated.map((fault, step): Planned => ({ at: chunkOf(i + 1, step + 1), fault }));
    const plan = { format: 2, releases: { ...releases, ...others }, seed, faults } as const;
    const workload = { jobs, workers: 1 };
    return [
      { ...plan, workload },
      { ...plan, workload: { ...workload, atOnce: 1 } },
    ];
  });
}

const chunkOf = (job: number, occurrence: number): Planned["at"] => ({
  link: "customer->api",
  operation: "table.import_with_id",
  job,
  occurrence,
  phase: "after",
});
