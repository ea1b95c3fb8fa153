import { setTimeout as delay } from "node:timers/promises";
import { generationOf, generations, isTerminal } from "../../contracts/job.ts";
import { textField } from "../../contracts/step.ts";
import type { Millis } from "../../contracts/values.ts";
import { Party } from "../probe/probe.ts";
import type { ContainersRig } from "../rigs/containers/system/open-rig.ts";
import type { CallCounter } from "./call-counter.ts";
import { dataTour } from "./data-tour.ts";
import { askAsCustomer, type CountedJob, issueJobs } from "./jobs.ts";
import { lifeTour } from "./life-tour.ts";
import { portTo } from "./port.ts";
import { streamOnce } from "./streamed.ts";

/** Jobs of each generation that its workers run. */
const jobsOfEach = 3;
const lookMs: Millis = 50;

/** Has a system do everything that is asked of it: each call once in each generation, then jobs of the workers. */
export async function liveThrough(
  rig: ContainersRig,
  counter: CallCounter,
  note: (line: string) => void,
): Promise<void> {
  const engines = Object.values(rig.config.workers).flatMap((worker) => worker.engines);
  const used = generations.filter((one) => engines.some((engine) => generationOf(engine) === one));
  counter.hold();
  for (const generation of used) {
    note(`making each call in ${generation}`);
    const port = portTo(rig, { onServerError: () => {}, onHandedOut: () => {} });
    for (const make of [lifeTour, dataTour, streamOnce]) await make(new Party(port, generation), 0);
  }
  counter.letGo();
  note("letting the workers run jobs");
  await untilEnded(rig, await issueJobs(rig, used, jobsOfEach * used.length));
}

/** Asks as a customer: a look of Interlock's own into the database would be among what it has done. */
async function untilEnded(rig: ContainersRig, jobs: readonly CountedJob[]): Promise<void> {
  const until = performance.now() + rig.config.limits.jobMs;
  for (const { id, generation } of jobs) {
    let isOver = false;
    while (!isOver && performance.now() < until) {
      const reply = await askAsCustomer(rig, generation, "job.show", { job_id: id });
      const status = textField(reply?.body, "status");
      isOver = status !== undefined && isTerminal(status as Parameters<typeof isTerminal>[0]);
      if (!isOver) await delay(lookMs);
    }
    await askAsCustomer(rig, generation, "job.result", { job_id: id, format: "json" });
  }
}
