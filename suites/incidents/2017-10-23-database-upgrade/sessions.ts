import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import { worded } from "../../../contracts/worded-jobs.ts";
import type { Session } from "./acknowledged.ts";
import { type Client, call, killUntilTaken, lookMs, untilAnswered } from "./customers.ts";

/** Customers of Bulk Import: each step of a session is sent again until it is answered, as docs/bulk-import.md allows. */

/** Into which they load. */
export const target = "loaded";
export const columns = ["time", "session", "part"] as const;

/** What one session does otherwise than any. */
interface Special {
  /** Its name behind that of its customer. */
  name: string;
  /** This step waits for the outage. */
  waits?: Step;
}
type Step = (typeof steps)[number];
const steps = ["create", "upload_part", "freeze", "perform", "commit"] as const;

/** Those that are in the midst of it when the database goes: a step that is asked for meanwhile, or a job that runs. */
const special: readonly Special[] = [
  ...steps.map((waits): Special => ({ name: `waits_to_${waits}`, waits })),
  { name: "perform_held" },
  { name: "commit_held" },
];
export const specialSessions = special.length;
/** Each customer has some of them. */
const specialOf = ({ customer }: Client) => special.filter((_, i) => i % 2 === customer.id % 2);

/** The jobs whose parts are read in the outage, one of each customer. */
export const readsMeanwhile = /PERFORM \w+_perform_held|COMMIT \w+_commit_held/;
export const jobsThatRead = 1;

export async function loadSpecial(client: Client): Promise<void> {
  await Promise.all(specialOf(client).map((one) => load(client, one, false)));
}

/** One after the other until the end; the perform of every other one is killed, and asked for again. */
export async function loader(client: Client): Promise<void> {
  for (let n = 1; !client.stop.aborted; n += 1) await load(client, { name: `n${n}` }, n % 2 === 1);
}

async function load(client: Client, { name: own, waits }: Special, isKilled: boolean): Promise<void> {
  const { customer, record, outage } = client;
  const name = `${customer.name}_${own}`;
  const ask = async (step: Step, path = "", body: object = {}): Promise<Taken> => {
    if (step === waits) await outage;
    return takenOf(client, await untilAnswered(client, `/v3/bulk_import/${step}/${name}${path}`, body));
  };

  if ((await ask("create", `/shop/${target}`)) === "stopped") return;
  const session: Session = { account: customer.id, parts: new Map(), isCommitted: false };
  record.sessions.set(name, session);
  for (const [i, part] of ["a", "b", "c"].entries()) {
    const times = [2 * i + 1, 2 * i + 2];
    const bytes = partOf([...times.map((time) => ({ time, session: name, part })), { session: name }]);
    if ((await ask("upload_part", `/${part}`, bytes)) === "stopped") return;
    session.parts.set(part, times);
  }
  if ((await ask("freeze")) === "stopped") return;
  const outcome = async (step: "perform" | "commit", meanwhile: string, again: string) => {
    for (let isFirst = true; ; isFirst = false) {
      const job = await ask(step);
      if (job === "stopped") return job;
      if (step === "perform") await (isKilled && isFirst ? killed(client, job) : repeated(client, name, job));
      const status = await shown(client, name, (is) => is !== meanwhile);
      if (status !== again) return status;
    }
  };
  if ((await outcome("perform", "performing", "uploading")) === "stopped") return;
  if ((await outcome("commit", "committing", "ready")) === "stopped") return;
  session.isCommitted = true;
  // Whoever has not heard the first answer does the same.
  if ((await ask("commit")) !== "stopped") record.loaded.add(name);
}

const partOf = (records: readonly object[]) =>
  gzipSync(Buffer.concat(records.map((record) => encode(record))));

/** A job's id, or that what was asked for is done: by a try of before whose answer never came. */
type Taken = `${number}` | "already" | "stopped";

function takenOf({ customer, record }: Client, answer: Awaited<ReturnType<typeof untilAnswered>>): Taken {
  if (answer === undefined) return "stopped";
  const { status, body } = answer;
  if (status === 404) record.wrong.add("a session was acknowledged and is not found");
  if (status === 404) return "stopped";
  if (status !== 200 && status !== 409) record.wrong.add(`a step of a session is answered ${status}`);
  if (status !== 200 || body["job_id"] === undefined) return "already";
  const { job_id, name: session } = body as { job_id: number; name: string };
  const id: Taken = `${job_id}`;
  const query = worded("bulk_import_perform", { session, table: target });
  record.issued(id, { account: customer.id, query, domainKey: null });
  return id;
}

async function killed(client: Client, job: Taken): Promise<void> {
  if (job !== "already") await killUntilTaken(client, job);
}

/** While it performs, the same job is told again. */
async function repeated(client: Client, name: string, job: Taken): Promise<void> {
  const answer = await call(client, `/v3/bulk_import/perform/${name}`, {});
  const other = answer?.status === 200 ? `${Number(answer.body["job_id"])}` : job;
  if (job !== "already" && other !== job)
    client.record.wrong.add("a perform that is asked for again has another job");
}

/** How a session is once it is so. One that is ready says that its newest job, a perform, is a success. */
async function shown(client: Client, name: string, isSo: (status: string) => boolean): Promise<string> {
  for (; !client.stop.aborted; await wait(lookMs)) {
    const session = (await call(client, `/v3/bulk_import/show/${name}`))?.body;
    const status = session?.["status"];
    if (typeof status !== "string" || !isSo(status)) continue;
    if (status === "ready") {
      const job = (await call(client, `/v3/job/show/${String(session?.["job_id"])}`))?.body;
      const isPerform = job?.["type"] === "bulk_import_perform";
      if (isPerform && typeof job["status"] === "string" && job["status"] !== "success")
        client.record.wrong.add("a session is ready and its perform is no success");
    }
    return status;
  }
  return "stopped";
}
