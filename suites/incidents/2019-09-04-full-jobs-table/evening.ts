import { setTimeout as wait } from "node:timers/promises";
import type { Millis } from "../../../contracts/values.ts";
import { tableSize } from "../../../fixtures/api/upkeep/table-size.ts";
import type { JobsTable } from "../reference/jobs-table.ts";
import type { Answer, Report, Service } from "../reference/service.ts";

/** The evening of 2019-09-04 as its customers, its workers and its operator went through it. */

/** The end of a job that stores more than is free in any page, and a query that does. */
export const end = { result_schema: Array.from({ length: 400 }, (_, i) => [`column_${i}`, "varchar"]) };
export const query = `SELECT '${"y".repeat(4_000)}'`;

const minuteMs: Millis = 60_000;
/** That the operator makes. */
const roomBytes = 2 * 2 ** 20;

/** What was wrong about it; none is right. */
export async function evening(table: JobsTable, service: Service): Promise<string[]> {
  const watched = new Watched(service);
  const jobs = await accepted(watched);
  await table.fill();
  await table.packBehind(jobs.cancelled);
  const meanwhile = await whileFull(watched, jobs);
  await makeRoom(table);
  await withRoomAgain(watched, jobs, meanwhile);
  return watched.wrong;
}

export async function makeRoom(table: JobsTable): Promise<void> {
  // The oldest may be small, and then a thousand of them make hardly any room.
  const { usedBytes } = await tableSize(table.pool);
  do await table.deleteOldest(1_000);
  while ((await tableSize(table.pool)).usedBytes > usedBytes - roomBytes);
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
  scheduled: Scheduled;
}

/** A scheduled query that is due each minute. */
interface Scheduled {
  name: string;
  firstDue: Millis;
}

async function accepted(watched: Watched): Promise<Jobs> {
  const [ends, killed, goesOn] = [await watched.started(), await watched.started(), await watched.started()];
  const [waits, cancelled] = [await watched.issued(), await watched.issued()];
  const name = `scheduled_${ends.job_id}`;
  const query = { name, cron: "* * * * *", type: "presto", database: "shop", query: "SELECT 1" };
  const { body } = await watched.service.ask("customer", "scheduled_query.create", query);
  const scheduled = { name, firstDue: Date.parse(String(body["start"])) };
  return { ends, killed, goesOn, waits, cancelled, key: `workflow-${ends.job_id}`, scheduled };
}

interface Meanwhile {
  /** Whether the kill of a running job was acknowledged. */
  isAsked: boolean;
  /** The job that was waiting, if it was handed out. */
  handedOut: Report | null;
}

async function whileFull(watched: Watched, jobs: Jobs): Promise<Meanwhile> {
  const { service } = watched;
  const { ends, killed, goesOn, waits, cancelled, key, scheduled } = jobs;
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
  service.pass(2 * minuteMs);
  await watched.issueDue();
  const early = await watched.runs(scheduled.name);
  watched.say(early.length === 0, `a full table has ${early.length} jobs of a scheduled query`);
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
  await scheduledJobs(watched, jobs.scheduled);
  watched.say((await service.claim()).body["job"] === null, "a job is handed out twice");
}

/** The jobs of a scheduled query come late, each due time's once and in order. */
async function scheduledJobs(watched: Watched, { name, firstDue }: Scheduled): Promise<void> {
  const { service } = watched;
  service.pass(minuteMs);
  await watched.issueDue();
  const last = service.clock.now();
  const runs = await watched.runs(name);
  const told = runs.map(({ at }) => (at - firstDue) / minuteMs).join(", ");
  const due = Array.from({ length: Math.floor((last - firstDue) / minuteMs) + 1 }, (_, n) => n).join(", ");
  watched.say(told === due, `a scheduled query has jobs for the minutes ${told} in the place of ${due}`);
  for (const { job } of runs) {
    const report = await watched.claimed();
    watched.say(report.job_id === job, `job ${report.job_id} is handed out in the place of ${job}`);
    watched.taken("an end", await service.finish(report));
  }
  const dropped = await service.ask("customer", "scheduled_query.delete", { name });
  watched.say(dropped.status === 200, `a scheduled query cannot be deleted: ${dropped.status}`);
}

/** The service, and what was wrong about its answers. */
export class Watched {
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

  async issueDue(): Promise<void> {
    try {
      await this.service.issueDue();
    } catch (error) {
      this.say(false, `no more jobs of scheduled queries are issued: ${String(error)}`);
    }
  }

  /** Jobs of a scheduled query, oldest first. */
  async runs(name: string): Promise<{ job: string; at: Millis }[]> {
    const asked = { name, from: 0, to: 99 };
    const { body } = await this.service.ask("customer", "scheduled_query.history", asked);
    const history = body["history"] as { job_id: string; scheduled_at: string }[];
    return history.map(({ job_id: job, scheduled_at: at }) => ({ job, at: Date.parse(at) })).toReversed();
  }

  issued = async (): Promise<string> => String((await this.service.issue()).body["job_id"]);

  async started(): Promise<Report> {
    await this.issued();
    return await this.claimed();
  }

  /** A service that stores a job after it has acknowledged it takes a moment. */
  async claimed(): Promise<Report> {
    for (let tries = 0; tries < 200; tries += 1) {
      const { status, text, body } = await this.service.claim();
      if (status !== 200) throw new Error(`a claim is answered ${status} ${text}`);
      const job = body["job"] as Report | null;
      if (job !== null) return { job_id: job.job_id, attempt: job.attempt };
      await wait(20);
    }
    throw new Error("no job is handed out");
  }
}
