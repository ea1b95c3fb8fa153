import { textField } from "../../step.ts";
import { type Departure, isUnanswered, type ModelCall, wrong } from "../call.ts";
import { keyOf } from "../issues.ts";
import type { JobFacts } from "../job-state.ts";
import { type About, isByKey, type Jobs } from "../jobs.ts";
import { reasonOf } from "../refusals.ts";

/** Looks at a job by its domain key: which job must be shown. What is shown of it is a look like any other. */

/** The job that an answer shows. */
export const shownByKey = ({ status, reply }: ModelCall): string | null =>
  status === 200 ? (textField(reply, "job_id") ?? null) : null;

/** By job with the looks that did not find it, although it has the key: whether it had to be found is judged with the job. */
export function withMissed(
  abouts: ReadonlyMap<string, readonly About[]>,
  calls: readonly ModelCall[],
  jobs: Jobs,
): ReadonlyMap<string, readonly About[]> {
  const vain = calls.filter((call) => isByKey(call) && !isUnanswered(call) && reasonOf(call) === "not_found");
  if (vain.length === 0) return abouts;
  const all = new Map(abouts);
  const holders = holdersIn(jobs);
  for (const call of vain) {
    for (const { id } of holders.get(holderKey(call)) ?? []) {
      const about = { call, reply: call.reply };
      all.set(id, [...(all.get(id) ?? []), about]);
    }
  }
  return all;
}

/** Answers that show another job than the one that has the key. */
export function byKeyDepartures(calls: readonly ModelCall[], jobs: Jobs): Departure[] {
  const looks = calls.filter((call) => isByKey(call) && shownByKey(call) !== null);
  if (looks.length === 0) return [];
  const holders = holdersIn(jobs);
  return looks.flatMap((call): Departure[] => {
    const id = shownByKey(call) as string;
    const facts = jobs.get(id);
    if (facts === null || (facts !== undefined && ordersOf(facts).some((one) => keyOf(one) === keyOf(call))))
      return [];
    if (facts !== undefined)
      return [{ call, job: id, problem: wrong("domain_key", keyOf(call), keyOf(facts.issue)) }];
    // A job that nobody has issued may be from before, unless the key was free then.
    const [holder] = holders.get(holderKey(call)) ?? [];
    return holder === undefined ? [] : [{ call, job: id, problem: wrong("job_id", holder.id, id) }];
  });
}

/** The jobs that surely have a key, by customer and key; an API that is wrong may have given one to several. */
function holdersIn(jobs: Jobs): Map<string, JobFacts[]> {
  const holders = new Map<string, JobFacts[]>();
  for (const facts of jobs.values()) {
    if (facts === null || facts.account === null || keyOf(facts.issue) === null) continue;
    if (ordersOf(facts).some((one) => keyOf(one) !== keyOf(facts.issue))) continue;
    const key = holderKey(facts.issue);
    holders.set(key, [...(holders.get(key) ?? []), facts]);
  }
  return holders;
}

/** All that the job may have been ordered by. */
const ordersOf = (facts: JobFacts): ModelCall[] => [facts, ...(facts.others ?? [])].map(({ issue }) => issue);

const holderKey = (call: ModelCall): string => JSON.stringify([call.account?.name, keyOf(call)]);
