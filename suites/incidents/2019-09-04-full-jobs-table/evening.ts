import { setTimeout as wait } from "node:timers/promises";
import type { JobsTable } from "../reference/jobs-table.ts";
import type { Answer, Report, Service } from "../reference/service.ts";

/** The evening of 2019-09-04 as its customers, its workers and its operator went through it. */

/** The end of a job that stores more than is free in any page, and a query that does. */
export const end = { result_schema: Array.from({ length: 400 }, (_, i) => [`column_${i}`, "varchar"]) };
export const query = `SELECT '${"y".repeat(4_000)}'`;

/** What was wrong about it; none is right. */
export async function evening(table: JobsTable, service: Service): Promise<string[]> {
  const watched = new Watched(service);
  const jobs = await accepted(watched);
  await table.fill();
  await table.packBehind(jobs.cancelled);
  const meanwhile = await whileFull(watched, jobs);
  await table.deleteOldest(1_000);
  await withRoomAgain(watched, jobs, meanwhile);
  return watched.wrong;
}

/** All of them accepted before the table is full. */
interface Jobs {
  ends: Report;
  killed: Report;
  goesOn: Report;
  waits: string;
  /** Killed before any worker has it. */
  cancelled: string;
  /** Of a job that a workflow wants to issue meanwhile. */
  key: string;
}

async function accepted(watched: Watched): Promise<Jobs> {
  const [ends, killed, goesOn] = [await watched.started(), await watched.started(), await watched.started()];
  const [waits, cancelled] = [await watched.issued(), await watched.issued()];
  return { ends, killed, goesOn, waits, cancelled, key: `workflow-${ends.job_id}` };
}

interface Meanwhile {
  /** Whether the kill of a running job was acknowledged. */
  isAsked: boolean;
  /** The job that was waiting, if it was handed out. */
  handedOut: Report | null;
}

async function whileFull(watched: Watched, jobs: Jobs): Promise<Meanwhile> {
  const { service } = watched;
  const { ends, killed, goesOn, waits, cancelled, key } = jobs;
  for (const _ of [1, 2])
    watched.refused("a job with a domain key", await service.issue({ query, domain_key: key }));
  watched.refused("a job", await service.issue({ query }));

  const isEnded = watched.takenOrRefused("the end of a job", await service.finish(ends, end));
  if (isEnded) await watched.status(ends.job_id, ["success"], "an end was acknowledged and is lost");
  const isCancelled = watched.takenOrRefused("a kill", await service.kill(cancelled));
  if (isCancelled) await watched.status(cancelled, ["killed"], "a kill was acknowledged and is lost");
  const isAsked = watched.takenOrRefused("a kill", await service.kill(killed.job_id));
  const told = await service.heartbeat(killed);
  if (isAsked && told.status === 200)
    watched.say(told.body["kill_requested"] === true, "a kill was acknowledged and is forgotten", told);
  watched.takenOrRefused("a heartbeat", await service.heartbeat(goesOn));
  watched.takenOrRefused("a receipt", await service.receipt(goesOn));

  for (const { job_id } of [ends, killed, goesOn])
    await watched.status(job_id, ["booting", "running", "success"], "a running job does not go on");
  await watched.status(waits, ["queued"], "a job that was accepted is gone");
  const claim = await service.claim();
  const isHandedOut = watched.takenOrRefused("a claim", claim) && claim.body["job"] !== null;
  watched.taken("another table", await service.createDatabase(`evening_${ends.job_id}`));
  return { isAsked, handedOut: isHandedOut ? (claim.body["job"] as Report) : null };
}

async function withRoomAgain(watched: Watched, jobs: Jobs, { isAsked, handedOut }: Meanwhile): Promise<void> {
  const { service } = watched;
  const { ends, killed, goesOn, waits, cancelled, key } = jobs;
  watched.taken("the end of a job", await service.finish(ends, end));
  await watched.status(ends.job_id, ["success"], "an end did not land");
  watched.taken("a kill", await service.kill(cancelled));
  await watched.status(cancelled, ["killed"], "a kill did not land");
  if (!isAsked) watched.taken("a kill", await service.kill(killed.job_id));
  const heard = watched.taken("a heartbeat", await service.heartbeat(killed));
  watched.say(heard.body["kill_requested"] === true, "the worker does not hear of the kill", heard);
  watched.taken("an end", await service.finish(killed, { status: "killed", num_records: null }));
  await watched.status(killed.job_id, ["killed"], "a killed job is not killed");

  const late = watched.taken("the delayed job", await service.issue({ query, domain_key: key }));
  const first = String(late.body["job_id"]);
  const twice = await service.issue({ query, domain_key: key });
  const conflict = (twice.body["details"] as Record<string, unknown> | undefined)?.["conflicts_with"];
  watched.say(twice.status === 409 && conflict === first, "the delayed job is not known by its key", twice);
  const listed = (await service.list(20)).body["jobs"] as { job_id: string }[];
  const newer = listed.filter(({ job_id }) => Number(job_id) > Number(cancelled));
  watched.say(newer.length === 1, `${newer.length} jobs of the delayed one`);

  for (const id of [waits, first]) {
    const report = handedOut?.job_id === id ? handedOut : await watched.claimed();
    watched.say(report.job_id === id, `job ${report.job_id} is handed out in the place of ${id}`);
    watched.taken("an end", await service.finish(report));
  }
  watched.taken("an end", await service.finish(goesOn));
  watched.say((await service.claim()).body["job"] === null, "a job is handed out twice");
}

/** The service, and what was wrong about its answers. */
class Watched {
  readonly service: Service;
  readonly wrong: string[] = [];

  constructor(service: Service) {
    this.service = service;
  }

  say(isRight: boolean, what: string, answer?: Answer): void {
    if (isRight) return;
    this.wrong.push(answer === undefined ? what : `${what}: ${answer.status} ${answer.text.slice(0, 120)}`);
  }

  taken(what: string, answer: Answer): Answer {
    this.say(answer.status === 200, what, answer);
    return answer;
  }

  /** 503 and nothing else, with what a caller needs and nothing of the inside. */
  refused(what: string, answer: Answer): void {
    this.say(answer.status === 503, what, answer);
    if (answer.status !== 503) return;
    this.say(Number(answer.retryAfter) >= 1, `${what} does not say when to come again`, answer);
    this.say(/send the same request again/.test(answer.text), `${what} does not say what to do`, answer);
    this.say(!/mysql|ER_|1114|'jobs'|already/i.test(answer.text), `${what} tells of the inside`, answer);
  }

  takenOrRefused(what: string, answer: Answer): boolean {
    if (answer.status !== 200) this.refused(what, answer);
    return answer.status === 200;
  }

  async status(job: string, expected: readonly string[], what: string): Promise<void> {
    const shown = await this.service.show(job);
    this.say(expected.includes(String(shown.body["status"])), what, shown);
  }

  issued = async (): Promise<string> => String((await this.service.issue()).body["job_id"]);

  async started(): Promise<Report> {
    await this.issued();
    return await this.claimed();
  }

  /** A service that stores a job after it has acknowledged it takes a moment. */
  async claimed(): Promise<Report> {
    for (let tries = 0; tries < 200; tries += 1) {
      const job = (await this.service.claim()).body["job"] as Report | null;
      if (job !== null) return { job_id: job.job_id, attempt: job.attempt };
      await wait(20);
    }
    throw new Error("no job is handed out");
  }
}
