import type { Engine } from "../job.ts";
import { field } from "../step.ts";
import type { Millis } from "../values.ts";
import type { Departure, ModelCall } from "./call.ts";
import type { JobFacts } from "./job-state.ts";
import type { Jobs } from "./jobs.ts";

/** Which job a worker may be handed, and when there is none. */

/** A job that was surely queued, and from when until when. */
export interface Waiting {
  facts: JobFacts;
  from: Millis;
  to: Millis;
}

/** `calls` are those that may have ended the wait of the job. */
export function waitingOf(facts: JobFacts, calls: readonly ModelCall[]): Waiting | null {
  if (facts.issue.status !== 200) return null;
  const ends = calls.flatMap(({ operation, sent }) =>
    operation === "worker.claim" || operation === "job.kill" ? sent : [],
  );
  return { facts, from: facts.issue.returned, to: Math.min(...ends) };
}

const priorityOf = ({ issue }: JobFacts): number => Number(issue.request["priority"] ?? 0);

/** What is wrong with the answers to claims, given the jobs that waited. */
export function queueDepartures(
  claims: readonly ModelCall[],
  waiting: readonly Waiting[],
  jobs: Jobs,
): Departure[] {
  return claims.flatMap((call): Departure[] => {
    if (call.status !== 200) return [];
    const engines = call.request["engines"];
    if (!Array.isArray(engines)) return [];
    const passedOver = waiting.filter(
      ({ facts: { engine }, from, to }) =>
        from < call.sent && to > call.returned && engines.includes(engine as Engine),
    );
    const id = field(field(call.reply, "job"), "job_id");
    if (typeof id !== "string") return passedOver.slice(0, 1).map(({ facts }) => idle(call, facts));
    const handed = jobs.get(id);
    if (handed == null) return [];
    return passedOver
      .filter(({ facts }) => priorityOf(facts) > priorityOf(handed))
      .slice(0, 1)
      .map(({ facts }) => ({
        call,
        job: handed.id,
        problem: `job ${handed.id} of priority ${priorityOf(handed)} was handed out before job ${facts.id} of priority ${priorityOf(facts)}`,
      }));
  });
}

const idle = (call: ModelCall, facts: JobFacts): Departure => ({
  call,
  job: facts.id,
  problem: `${call.by} was told that there is no job although this one was queued`,
});
