import {
  type Departure,
  type Fields,
  fieldsIn,
  type ModelCall,
  type ModelLimits,
  mayBeSame,
  wrong,
} from "./call.ts";
import type { Jobs } from "./jobs.ts";
import { endsOf, pageProblems, position, roomOf } from "./pages.ts";
import { isTimeIn } from "./span.ts";

/** What a list of jobs says as a whole; each job in it is a look at that job. */

export const entriesOf = ({ status, reply }: ModelCall): Fields[] => {
  const jobs = status === 200 ? fieldsIn(reply)["jobs"] : undefined;
  return Array.isArray(jobs) ? jobs.filter((job) => typeof job === "object" && job !== null) : [];
};

export function listDepartures(
  calls: readonly ModelCall[],
  jobs: Jobs,
  start: number,
  { clockErrorMs }: ModelLimits,
): Departure[] {
  const lists = calls.filter(({ operation }) => operation === "job.list");
  if (lists.length === 0) return [];
  const issues = calls.filter(({ operation }) => operation === "job.issue");
  const ends = endsOf(calls);
  return lists.flatMap((call) => {
    if (call.status !== 200) return [];
    const depart = (job: string | null, problem: string): Departure => ({ call, job, problem });
    const whole = wholeProblem(call);
    if (whole !== null) return [depart(null, whole)];
    const entries = entriesOf(call);
    const shown = new Set(entries.map((entry) => String(entry["job_id"])));
    return [
      ...entries.flatMap((entry, i) => {
        const problem = entryProblem(call, entry, entries[i + 1], jobs, start, clockErrorMs);
        return problem === null ? [] : [depart(String(entry["job_id"]), problem)];
      }),
      ...pageProblems(call, shown, jobs, issues, ends).map(({ id, problem }) => depart(id, problem)),
    ];
  });
}

function wholeProblem({ request, reply }: ModelCall): string | null {
  const { jobs, count, from, to } = fieldsIn(reply);
  if (!Array.isArray(jobs)) return null;
  if (count !== jobs.length) return wrong("count", jobs.length, count);
  if (from !== position(request["from"])) return wrong("from", position(request["from"]), from);
  if (to !== position(request["to"])) return wrong("to", position(request["to"]), to);
  const room = roomOf(request);
  if (room !== null && jobs.length > room) return `jobs: expected at most ${room}, got ${jobs.length}`;
  const ids = new Set(jobs.map((job) => fieldsIn(job)["job_id"]));
  return ids.size === jobs.length ? null : "jobs: one of them is listed twice";
}

function entryProblem(
  call: ModelCall,
  entry: Fields,
  next: Fields | undefined,
  jobs: Jobs,
  start: number,
  errorMs: number,
): string | null {
  const wanted = call.request["status"];
  if (typeof wanted === "string" && entry["status"] !== wanted)
    return wrong("status", wanted, entry["status"]);
  const facts = jobs.get(String(entry["job_id"]));
  // A service that ran before has older jobs.
  if (facts === undefined)
    return isTimeIn(entry["created_at"], { from: Number.NEGATIVE_INFINITY, to: start }, errorMs)
      ? null
      : "it is in a list, but nobody issued it";
  if (facts === null) return null;
  if (!mayBeSame(facts.account, call.account))
    return `it is in the list of ${call.account?.name}, but of ${facts.account?.name}`;
  const after = next === undefined ? undefined : jobs.get(String(next["job_id"]));
  if (after != null && facts.createdAt.to < after.createdAt.from)
    return `it is listed before the newer job ${after.id}`;
  return null;
}
