import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import { tdCaller } from "../../../harness/customers/td.ts";
import type { Acknowledged } from "./acknowledged.ts";
import { type Customer, timeScale } from "./service.ts";

/** The kinds of clients that the announcement of 2017 names and the reference system can serve. */

export interface Client {
  customer: Customer;
  url: string;
  record: Acknowledged;
  stop: AbortSignal;
  /** Resolves when the outage begins. */
  outage: Promise<void>;
}

interface Answer {
  status: number;
  text: string;
  body: { [name: string]: unknown };
}

/** A customer's call by REST; null: the answer never came. An object is JSON, bytes are put as they are. */
export async function call(client: Client, path: string, body?: object): Promise<Answer | null> {
  const [, of, what, isLoad] = /^.v3.(\w+).(\w+)(.bulkload.)?/.exec(path) ?? [];
  const operation = isLoad === undefined ? `${of}.${what}` : "connector.issue";
  const isBytes = body instanceof Uint8Array;
  const sent = isBytes
    ? { method: "PUT", body: new Uint8Array(body) }
    : body === undefined
      ? { method: "GET" }
      : { method: "POST", body: JSON.stringify(body) };
  try {
    const reply = await fetch(client.url + path, {
      ...sent,
      headers: {
        authorization: `TD1 ${client.customer.key}`,
        ...(isBytes ? {} : { "content-type": "application/json" }),
      },
    });
    const text = await reply.text();
    client.record.answered(operation, reply.status, text, reply.headers.get("retry-after"));
    return { status: reply.status, text, body: JSON.parse(text) as Answer["body"] };
  } catch {
    return null;
  }
}

/** Between two tries of what is refused for now. */
const pauseMs = 30;
/** Between two looks, and two things that one customer asks for: more than the workers get done would only wait. */
export const lookMs = 150;

/** Sends it again until it is answered other than "not now"; undefined where it was stopped before. */
export async function untilAnswered(
  client: Client,
  path: string,
  body?: object,
): Promise<Answer | undefined> {
  for (; !client.stop.aborted; await wait(pauseMs)) {
    const answer = await call(client, path, body);
    if (answer !== null && answer.status < 500) return answer;
  }
  return undefined;
}

/** How a job is ordered, and what its query is then. */
export interface Order {
  path: string;
  body: object;
  query: string;
}

export const issueByKey = (
  client: Client,
  { query, domain_key }: { query: string; domain_key: string },
): Promise<string | undefined> =>
  orderByKey(
    client,
    { path: `/v3/job/issue/${client.customer.type}/shop`, body: { query }, query },
    domain_key,
  );

/**
 * A workflow: it sends a job under a key of its own until it is taken, and takes "already exists" for its own. The id;
 * undefined where it was stopped before.
 */
export async function orderByKey(
  client: Client,
  { path, body, query }: Order,
  domainKey: string,
): Promise<string | undefined> {
  for (; !client.stop.aborted; await wait(pauseMs)) {
    const answer = await call(client, path, { ...body, domain_key: domainKey });
    const details = answer?.body["details"] as { conflicts_with?: string } | undefined;
    const id = answer?.status === 409 ? details?.conflicts_with : answer?.body["job_id"];
    if (typeof id !== "string") continue;
    client.record.issued(id, { account: client.customer.id, query, domainKey });
    return id;
  }
  return undefined;
}

/** One after the other until the end, some of which it kills. */
export async function workflow(client: Client): Promise<void> {
  const { customer, record, stop } = client;
  for (let n = 1; !stop.aborted; n += 1) {
    const unique = `${customer.name}_${n}`;
    const id = await issueByKey(client, { query: statementOf(n, unique), domain_key: unique });
    if (id === undefined) return;
    if (n % 5 === 0) await killUntilTaken(client, id);
    record.done.set(customer.name, n);
    await wait(lookMs);
  }
}

/** A console: it lists jobs, looks at the newest one and asks for the end of one that has succeeded. */
export async function onlooker(client: Client): Promise<void> {
  let over: string | undefined;
  for (; !client.stop.aborted; await wait(lookMs)) {
    const listed = await call(client, "/v3/job/list?from=0&to=500");
    const jobs = (listed?.body["jobs"] ?? []) as { job_id: string; status: string }[];
    await call(client, `/v3/job/show/${jobs.at(0)?.job_id ?? 1}`);
    over = jobs.find(({ status }) => status === "success")?.job_id ?? over;
    if (over !== undefined) await killOnce(client, over);
  }
}

/** Between two tries of a buffer of fluentd: a second, and twice as long each time. */
const firstRetryMs = 1_000 * timeScale;

/**
 * fluentd: each chunk of its buffer is sent under its own id until it is taken, after longer and longer waits; what is refused
 * for good leaves its buffer.
 */
export async function fluentd(client: Client): Promise<void> {
  const { customer, record, stop } = client;
  const send = async (path: string, body: object) => {
    for (let retryMs = firstRetryMs; !stop.aborted; retryMs *= 2) {
      const answer = await call(client, path, body);
      if (answer?.status === 200) return answer;
      if (answer !== null && answer.status < 500 && answer.status !== 409)
        record.wrong.add(`fluentd drops what is answered ${answer.status}`);
      if (answer?.status === 409) return answer;
      await wait(retryMs, undefined, { signal: stop }).catch(() => {});
    }
    return null;
  };
  await send("/v3/table/create/shop/events/log", {});
  for (let n = 1; !stop.aborted; n += 1) {
    const id = createHash("md5").update(`${customer.name} ${n}`).digest("hex");
    const time = 1_508_750_000 + n;
    // Now and then one has a column that no other one has.
    const more = n % 8 === 0 ? { [`of_${n}`]: n } : {};
    const chunk = gzipSync(encode({ time, of: customer.name, ...more }));
    if ((await send(`/v3/table/import_with_id/shop/events/${id}/msgpack.gz`, chunk)) !== null)
      record.chunks.set(id, { account: customer.id, time });
    await wait(lookMs / 2);
  }
}

const kinds = [
  (unique: string) => `SELECT '${unique}' FROM numbers`,
  (unique: string) => `INSERT INTO sink SELECT '${unique}' FROM numbers`,
  (unique: string) => `CREATE TABLE made_${unique} AS SELECT n FROM numbers`,
] as const;
const statementOf = (n: number, unique: string) => (kinds[n % kinds.length] as (typeof kinds)[0])(unique);

export async function killUntilTaken(client: Client, id: string): Promise<void> {
  for (; !client.stop.aborted; await wait(pauseMs)) if (await killOnce(client, id)) return;
}

async function killOnce(client: Client, id: string): Promise<boolean> {
  const answer = await call(client, `/v3/job/kill/${id}`, {});
  if (answer?.status !== 200) return false;
  client.record.killed(id, String(answer.body["former_status"]));
  return true;
}

/** The command line: npm `td` as it is. What it is refused it tells its user, and sends nothing again. */
export async function commandLine(client: Client): Promise<void> {
  const { customer, record, stop } = client;
  const host = client.url.replace("http://", "");
  const caller = tdCaller(customer.key, host, { limitMs: 10_000, sleep: async () => {}, stop });
  for (let n = 1; !stop.aborted; n += 1) {
    const query = `SELECT 'typed_${customer.name}_${n}' FROM numbers`;
    const reply = await caller.call("job.issue", { type: customer.type, database: "shop", query });
    const body = reply?.body as { job_id?: string; text?: string } | undefined;
    if (reply?.status === 200)
      record.issued(String(body?.job_id), { account: customer.id, query, domainKey: null });
    const text = JSON.stringify(body ?? "");
    const isUnknown = reply === null || text.includes("does not know whether");
    record.once.set(query, reply?.status === 200 ? "taken" : isUnknown ? "unknown" : "refused");
    if (reply !== null) record.answered("td", reply.status === 200 ? 200 : 503, text);
    await wait(lookMs);
  }
}
