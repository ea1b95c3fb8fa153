import { integerDigits } from "../../bounds/wide-integers.ts";
import { isTerminal, type JobStatus } from "../../job.ts";
import { stepOf } from "../../steps.ts";
import type { Millis } from "../../values.ts";
import { fieldsIn, isUnanswered, type ModelCall } from "../call.ts";
import { isIssue } from "../issues.ts";
import { rowsOf } from "./history.ts";
import { jobsIn } from "./orders.ts";
import { isRun, scheduledKey } from "./settings.ts";

/** When and how the jobs of one scheduled query have ended, as far as its calls tell. */

/** A job that has ended for good: not before `from`, and not after `to`. */
export interface End {
  job: string;
  status: Exclude<JobStatus, "queued" | "running">;
  from: Millis;
  to: Millis;
}

export interface Ends {
  /** Every job of it that is known. */
  jobs: ReadonlySet<string>;
  ended: readonly End[];
  /** From here on something may have ended of which nobody knows how; infinity where there is no such thing. */
  unclearFrom: Millis;
}

const idIn = (value: unknown): string => integerDigits(value) ?? String(value);

/** Its jobs, each with the moment before which it was not there. */
function jobsOf(own: readonly ModelCall[]): Map<string, Millis> {
  const jobs = new Map<string, Millis>();
  const add = (id: unknown, from: Millis) => {
    if (!jobs.has(idIn(id))) jobs.set(idIn(id), from);
  };
  const made = Math.min(...own.map(({ sent }) => sent));
  for (const call of own) if (isRun(call)) for (const { job_id } of jobsIn(call)) add(job_id, call.sent);
  for (const call of own)
    if (call.operation === "scheduled_query.history")
      for (const { job_id } of rowsOf(call)) add(job_id, made);
  return jobs;
}

/** Whether a job is known to be another order's than the scheduled query's of that key. */
export function jobsOfOthers(calls: readonly ModelCall[]): (key: string, job: string) => boolean {
  const ordered = new Set<string>();
  const runs: { key: string | null; jobs: ReadonlySet<string>; id: string | null }[] = [];
  for (const call of calls) {
    if (call.status !== 200 || !(isIssue(call) || call.operation === "bulk_import.perform")) continue;
    const told = fieldsIn(call.reply)["job_id"];
    const id = told === undefined ? null : idIn(told);
    if (isRun(call))
      runs.push({
        key: scheduledKey(call),
        jobs: new Set(jobsIn(call).map(({ job_id }) => idIn(job_id))),
        id,
      });
    else if (id !== null) ordered.add(id);
  }
  return (key, job) =>
    ordered.has(job) || runs.some((run) => (run.key === key ? run.id === job : run.jobs.has(job)));
}

/** The states in which a call shows jobs. */
function shownIn(call: ModelCall): { job: string; status: JobStatus }[] {
  if (call.status !== 200) return [];
  const shown = stepOf(call.operation) === "look" ? [fieldsIn(call.reply)] : rowsOf(call);
  return shown.map(({ job_id, status }) => ({
    job: idIn(job_id ?? call.request["job_id"]),
    status: status as JobStatus,
  }));
}

/** What is known of the end of one job: null where it has not ended, or nobody has seen to it. */
function endOf(job: string, since: Millis, about: readonly ModelCall[]): End | { unclear: Millis } | null {
  const looks = about.flatMap((call) =>
    shownIn(call).flatMap((one) => (one.job === job ? [{ call, status: one.status }] : [])),
  );
  const reports = about.filter(
    (call) => call.operation === "worker.finish" && call.request["job_id"] === job,
  );
  const grants = about.filter(({ operation, status, reply }) => {
    const handed = fieldsIn(fieldsIn(reply)["job"])["job_id"];
    return operation === "worker.claim" && status === 200 && handed === job;
  });
  const last = looks.find(({ status }) => isTerminal(status));
  const sure = [
    since,
    ...grants.map(({ sent }) => sent),
    ...looks.flatMap(({ call, status }) => (isTerminal(status) ? [] : [call.sent])),
  ].reduce((latest, at) => Math.max(latest, at));
  const of = (status: unknown) => reports.filter((call) => call.request["status"] === status);
  const taken = (call: ModelCall) => call.status === 200;
  const newest = Math.max(...grants.map(({ reply }) => Number(fieldsIn(fieldsIn(reply)["job"])["attempt"])));
  const isLast = (call: ModelCall) => Number(call.request["attempt"]) >= newest;
  const status =
    last?.status ??
    ["success", "killed"].find((one) => of(one).some(taken)) ??
    (of("error").some((call) => taken(call) && isLast(call)) ? "error" : undefined);
  if (status === undefined) {
    const open = reports.filter(isUnanswered);
    return open.length === 0 ? null : { unclear: Math.min(...open.map(({ sent }) => sent)) };
  }
  // One that is tried again has not ended.
  const named = of(status).filter((call) => status !== "error" || isLast(call));
  const seen = looks.flatMap(({ call, status: shown }) => (isTerminal(shown) ? [call.returned] : []));
  const ends = named.filter(taken);
  return {
    job,
    status: status as End["status"],
    from: Math.max(sure, named.length === 0 ? sure : Math.min(...named.map(({ sent }) => sent))),
    to: Math.min(...seen, ...ends.map(({ returned }) => returned)),
  };
}

/**
 * @param own the calls that name it
 * @param about what is said of every job
 * @param retries whether a job of it may be tried again: whether an error was the last one is then known from a look alone
 */
export function endsOf(own: readonly ModelCall[], about: AboutJobs, retries: boolean): Ends {
  const jobs = jobsOf(own);
  const unclear: Millis[] = [];
  const ended: End[] = [];
  for (const [job, since] of jobs) {
    const found = endOf(job, since, about.get(job) ?? []);
    if (found === null) continue;
    if ("unclear" in found) unclear.push(found.unclear);
    else if (retries && found.status === "error" && !isSeen(job, about.get(job) ?? []))
      unclear.push(found.from);
    else ended.push(found);
  }
  const unknown = runsUnheard(own);
  return {
    jobs: new Set(jobs.keys()),
    ended: ended.sort((a, b) => a.from - b.from),
    unclearFrom: Math.min(Number.POSITIVE_INFINITY, ...unclear, ...unknown),
  };
}

const isSeen = (job: string, about: readonly ModelCall[]): boolean =>
  about.some((call) => shownIn(call).some((one) => one.job === job && isTerminal(one.status)));

export type AboutJobs = ReadonlyMap<string, readonly ModelCall[]>;

/** The calls that say something of each job. */
export function aboutJobs(calls: readonly ModelCall[]): AboutJobs {
  const about = new Map<string, ModelCall[]>();
  const add = (job: string, call: ModelCall) => {
    const known = about.get(job);
    if (known === undefined) about.set(job, [call]);
    else known.push(call);
  };
  for (const call of calls) {
    const { operation, request, reply } = call;
    if (operation === "worker.finish") add(String(request["job_id"]), call);
    else if (operation === "worker.claim") add(idIn(fieldsIn(fieldsIn(reply)["job"])["job_id"]), call);
    else for (const job of new Set(shownIn(call).map((one) => one.job))) add(job, call);
  }
  return about;
}

/** Runs of which nobody knows the jobs, unless the next history shows them. */
function runsUnheard(own: readonly ModelCall[]): Millis[] {
  return own.flatMap((run) => {
    if (!isRun(run) || !isUnanswered(run)) return [];
    const isTold = own.some(
      (call) =>
        call.operation === "scheduled_query.history" && call.status === 200 && call.sent > run.returned,
    );
    return isTold ? [] : [run.sent];
  });
}
