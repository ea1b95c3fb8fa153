import { type JobStatus, jobStatuses } from "../../contracts/job.ts";
import { field, textField } from "../../contracts/step.ts";
import type { Call, Party } from "./probe.ts";

/** Jobs of every kind that there is by then, and everybody who may read none of them. */

/** The longest list that is asked for. */
const most = 200;

/** Of each status one job with a result and one without, as far as there are any. */
async function oneOfEach(party: Party): Promise<string[]> {
  const ids = await Promise.all(jobStatuses.map((status) => withAndWithout(party, status)));
  return ids.flat();
}

async function withAndWithout(party: Party, status: JobStatus): Promise<string[]> {
  const reply = await party.asCustomer("job.list", { status, from: 0, to: most - 1 });
  const listed = field(reply?.body, "jobs");
  const jobs: unknown[] = Array.isArray(listed) ? listed : [];
  const hasResult = (job: unknown): boolean => typeof field(job, "result_size") === "number";
  // The oldest: a result that the probe's own workers reported was never stored.
  const picked = [jobs.findLast(hasResult), jobs.findLast((job) => !hasResult(job))];
  return picked.flatMap((job) => textField(job, "job_id") ?? []);
}

const readings = (job_id: string, domain_key: string | undefined): Call[] => [
  ["job.show", { job_id }],
  ["job.status", { job_id }],
  ...(domain_key === undefined ? [] : [["job.status_by_domain_key", { domain_key }] satisfies Call]),
  ["job.result", { job_id }],
  ["job.result", { job_id, format: "json" }],
  ["job.result", { job_id, format: "csv", header: "true" }],
  ["job.result", { job_id, format: "msgpack.gz", header: "false" }],
];

/** Nobody but its customer reads a job, in whatever state it is and whatever there is to read. */
export async function pry(party: Party): Promise<void> {
  const jobs = await oneOfEach(party);
  await party.askByOthers(jobs.flatMap((job_id) => readings(job_id, party.keyOf(job_id))));
  await everyKey(party);
}

/** Whatever was ordered, its key finds it, for its customer alone; the key of an order that was refused finds nothing. */
export async function everyKey(party: Party): Promise<void> {
  await party.askEach(
    [party.customer, party.stranger],
    party.keys.map((domain_key) => ["job.status_by_domain_key", { domain_key }]),
  );
}
