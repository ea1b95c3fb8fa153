import { setTimeout as delay } from "node:timers/promises";
import { clusterOf, type Generation, isTerminal, queryTypeOf } from "../../contracts/job.ts";
import { textField } from "../../contracts/step.ts";
import type { Millis } from "../../contracts/values.ts";
import { customerOf } from "../config/config.ts";
import { engineOf } from "../probe/probe.ts";
import { callOver } from "../rigs/containers/schedule/callers.ts";
import { storedStatus } from "../rigs/containers/schedule/oracle.ts";
import type { ContainersRig } from "../rigs/containers/system/open-rig.ts";
import { type Scenario, scenarioFor } from "../schedule/scenario.ts";
import { statementOf } from "../schedule/statements.ts";
import { sideBySide } from "../side-by-side.ts";

/** Jobs that the workers of a rig run, for the count of what they cost. */

const issuedAtOnce = 16;
const lookMs: Millis = 50;

export interface CountedJob {
  id: string;
  generation: Generation;
}

/** The scenario whose source has the fewest rows: the jobs are about the way of a job, not about its data. */
export const smallestSource = (scenarios: readonly Scenario[]): Scenario =>
  scenarios.reduce((least, one) => (one.source.rows.length < least.source.rows.length ? one : least));

/** Issues this many jobs, of the generations in turn. Jobs that the API refused do not count. */
export async function issueJobs(
  rig: ContainersRig,
  generations: readonly Generation[],
  count: number,
): Promise<CountedJob[]> {
  const template = smallestSource(rig.config.scenarios);
  const places = Array.from({ length: count }, (_, n) => n);
  const issued = await sideBySide(places, issuedAtOnce, async (n) => {
    const generation = generations[n % generations.length] as Generation;
    const engine = engineOf(generation);
    const { source } = scenarioFor(template, clusterOf(engine));
    const reply = await askAsCustomer(rig, generation, "job.issue", {
      type: queryTypeOf(engine),
      database: customerOf(rig.config, engine).database,
      query: statementOf({ kind: "select" }).query(source, "cost"),
    });
    const id = textField(reply?.body, "job_id");
    return id === undefined ? [] : [{ id, generation }];
  });
  return issued.flat();
}

/** One call of the customer of a generation's engine, over its link. */
export function askAsCustomer(
  rig: ContainersRig,
  generation: Generation,
  operation: "job.issue" | "job.show" | "job.result",
  input: Record<string, unknown>,
) {
  const { apikey } = customerOf(rig.config, engineOf(generation));
  const signal = AbortSignal.timeout(rig.config.limits.jobMs);
  return callOver(rig.customer, operation, input, { authorization: `TD1 ${apikey}` }, signal);
}

/**
 * Waits for the ends of jobs, by the oracle, so that nobody who waits costs the system anything. @returns how many did
 * not end in success, or not in time after the last one that ended
 */
export async function unsuccessful(
  rig: ContainersRig,
  jobs: readonly CountedJob[],
  onEnded: (done: number) => void,
): Promise<number> {
  let failed = 0;
  let lastAt = performance.now();
  for (const [done, job] of jobs.entries()) {
    let status = await storedStatus(rig, job.id);
    while ((status === null || !isTerminal(status)) && performance.now() < lastAt + rig.config.limits.jobMs) {
      await delay(lookMs);
      status = await storedStatus(rig, job.id);
    }
    lastAt = performance.now();
    if (status !== "success") failed += 1;
    onEnded(done + 1);
  }
  return failed;
}
