import { setTimeout as wait } from "node:timers/promises";
import type { JobsTable } from "./jobs-table.ts";
import type { Answer, Report, Service } from "./service.ts";

/** The evening of 2019-09-04 as its customers, its workers and its operator went through it. */

/** More than is free in any page. */
const columns = Array.from({ length: 400 }, (_, i) => [`column_${i}`, "varchar"]);
const query = `SELECT '${"y".repeat(4_000)}'`;

/** What was wrong about it; none is right. */
export async function evening(table: JobsTable, service: Service): Promise<string[]> {
  const wrong: string[] = [];
  const say = (isRight: boolean, what: string, answer?: Answer) => {
    if (!isRight)
      wrong.push(answer === undefined ? what : `${what}: ${answer.status} ${answer.text.slice(0, 120)}`);
  };
  /** 503 and nothing else, with what a caller needs and nothing of the inside. */
  const refused = (what: string, answer: Answer) => {
    say(answer.status === 503, what, answer);
    if (answer.status !== 503) return;
    say(Number(answer.retryAfter) >= 1, `${what} does not say when to come again`, answer);
    say(/send the same request again/.test(answer.text), `${what} does not say what to do`, answer);
    say(!/mysql|ER_|1114|'jobs'|already/i.test(answer.text), `${what} tells of the inside`, answer);
  };
  const issued = async () => String((await service.issue()).body["job_id"]);
  const started = async (): Promise<Report> => {
    await issued();
    return await claimed();
  };
  /** A service that stores a job after it has acknowledged it takes a moment. */
  const claimed = async (): Promise<Report> => {
    for (let tries = 0; tries < 200; tries += 1) {
      const job = (await service.claim()).body["job"] as Report | null;
      if (job !== null) return { job_id: job.job_id, attempt: job.attempt };
      await wait(20);
    }
    throw new Error("no job is handed out");
  };
  const statusOf = async (id: string) => (await service.show(id)).body["status"];

  const [ends, killed, goesOn] = [await started(), await started(), await started()];
  const [waits, cancelled] = [await issued(), await issued()];
  await table.fill();
  await table.packBehind(cancelled);

  const domain_key = `workflow-${ends.job_id}`;
  for (const _ of [1, 2]) refused("a job with a domain key", await service.issue({ query, domain_key }));
  refused("a job", await service.issue({ query }));

  const end = { result_schema: columns };
  const early = await service.finish(ends, end);
  if (early.status === 200)
    say((await statusOf(ends.job_id)) === "success", "an end was acknowledged and is lost");
  else refused("the end of a job", early);

  const cancelling = await service.kill(cancelled);
  if (cancelling.status === 200)
    say((await statusOf(cancelled)) === "killed", "a kill was acknowledged and is lost");
  else refused("a kill", cancelling);
  const asked = await service.kill(killed.job_id);
  if (asked.status !== 200) refused("a kill", asked);
  const told = await service.heartbeat(killed);
  const isTold = told.body["kill_requested"] === true;
  if (asked.status === 200)
    say(told.status === 503 || isTold, "a kill was acknowledged and is forgotten", told);

  const beat = await service.heartbeat(goesOn);
  if (beat.status !== 200) refused("a heartbeat", beat);
  for (const { job_id } of [ends, killed, goesOn])
    say(
      ["booting", "running", "success"].includes(String(await statusOf(job_id))),
      `job ${job_id} does not go on`,
    );
  say((await statusOf(waits)) === "queued", "a job that was accepted is gone");
  const created = await service.createDatabase(`evening_${ends.job_id}`);
  say(created.status === 200, "another table", created);

  await table.deleteOldest(1_000);

  const again = async (what: string, send: () => Promise<Answer>): Promise<Answer> => {
    const answer = await send();
    say(answer.status === 200, `${what}, with room again`, answer);
    return answer;
  };
  await again("the end of a job", () => service.finish(ends, end));
  say((await statusOf(ends.job_id)) === "success", "an end did not land");

  await again("a kill", () => service.kill(cancelled));
  say((await statusOf(cancelled)) === "killed", "a kill did not land");
  if (asked.status !== 200) await again("a kill", () => service.kill(killed.job_id));
  const heard = await again("a heartbeat", () => service.heartbeat(killed));
  say(heard.body["kill_requested"] === true, "the worker does not hear of the kill", heard);
  await again("the end of a killed job", () =>
    service.finish(killed, { status: "killed", num_records: null }),
  );
  say((await statusOf(killed.job_id)) === "killed", "a killed job is not killed");

  const late = await again("the delayed job", () => service.issue({ query, domain_key }));
  const twice = await service.issue({ query, domain_key });
  const first = String(late.body["job_id"]);
  const conflict = (twice.body["details"] as Record<string, unknown> | undefined)?.["conflicts_with"];
  say(twice.status === 409 && conflict === first, "the delayed job is not known by its key", twice);
  const { jobs } = (await service.list(20)).body as { jobs: { query: string; job_id: string }[] };
  const newer = jobs.filter(({ job_id }) => Number(job_id) > Number(cancelled));
  say(newer.length === 1, `${newer.length} jobs of the delayed one`);

  for (const id of [waits, first]) {
    const { job_id, attempt } = await claimed();
    say(job_id === id, `job ${job_id} is handed out in the place of ${id}`);
    await again("an end", () => service.finish({ job_id, attempt }));
  }
  await again("an end", () => service.finish(goesOn));
  say((await service.claim()).body["job"] === null, "a job is handed out twice");
  return wrong;
}
