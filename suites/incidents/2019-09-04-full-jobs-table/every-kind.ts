import { gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import type { OperationId } from "../../../contracts/operations.ts";
import type { JobsTable } from "../reference/jobs-table.ts";
import type { Answer, Report, Service } from "../reference/service.ts";
import { makeRoom, Watched } from "./evening.ts";

/** What a customer may order while the table is full, by every operation that makes a job. */

interface Order {
  operation: OperationId;
  input: Record<string, unknown>;
  /** Sent once more: its key is taken, or its session has the job already. */
  again: 409 | 200;
  /** The id of the job that it was accepted as. */
  jobOf: (answer: Answer) => string | Promise<string>;
}

const into = { database: "shop", table: "orders" };
const store = {
  bucket: "daily-rows",
  access_key_id: "AKIA0123",
  secret_access_key: "of-a-test",
  endpoint: "http://store.test:9000",
};
const source = {
  ...store,
  type: "s3",
  path_prefix: "a/",
  decoders: [{ type: "gzip" }],
  parser: { type: "jsonl" },
};
const content = gzipSync(encode({ time: 1 })).toString("base64");
const counts = { valid_records: 1, error_records: 0, valid_parts: 1, error_parts: 0 };

/** What was wrong about it; none is right. */
export async function everyKind(table: JobsTable, service: Service): Promise<string[]> {
  const watched = new Watched(service);
  const orders = await prepared(service);
  const before = await newest(service);
  await table.fill();
  const send = ({ operation, input }: Order) => service.ask("customer", operation, input);
  for (const order of [...orders, ...orders]) watched.refused(order.operation, await send(order));
  watched.say((await newest(service)) === before, "a job was refused and is there");

  await makeRoom(table);
  const jobs: string[] = [];
  for (const order of orders) {
    jobs.push(await order.jobOf(watched.taken(order.operation, await send(order))));
    const again = await send(order);
    watched.say(again.status === order.again, `${order.operation} is sent again`, again);
  }
  for (const job of jobs) {
    const report = await claimed(service);
    watched.say(report?.job_id === job, `job ${report?.job_id} is handed out in the place of ${job}`);
    if (report !== null) watched.taken("an end", await service.finish(report, failed));
  }
  watched.say((await claimed(service)) === null, "an order has two jobs");
  return watched.wrong;
}

const failed = { status: "error", num_records: null, result_size: null, result_schema: null, message: "why" };

/** All that the orders are about is there before the table is full; they collide with nothing of another evening. */
async function prepared(service: Service): Promise<Order[]> {
  const ask = (operation: OperationId, input: object) => service.ask("customer", operation, { ...input });
  const target_id = String((await service.issue()).body["job_id"]);
  await done(service, {});
  await ask("table.create", { ...into, type: "log" });
  const [first, second, scheduled] = ["first", "second", "scheduled"].map((name) => `${name}_${target_id}`);
  for (const name of [first, second]) {
    await ask("bulk_import.create", { name, ...into });
    await ask("bulk_import.upload_part", { name, part: "a", content });
  }
  await ask("bulk_import.perform", { name: second });
  await done(service, { result_size: null, result_schema: null, import_counts: counts });
  const query = { name: scheduled, database: "shop", query: "SELECT 1", type: "presto" };
  await ask("scheduled_query.create", query);

  const jobOf = ({ body }: Answer) => String(body["job_id"]);
  const ofSession = async () => jobOf(await ask("bulk_import.show", { name: second }));
  const keyed = (operation: OperationId, input: object): Order => ({
    operation,
    input: { ...input, domain_key: `${operation}-${target_id}` },
    again: 409,
    jobOf,
  });
  return [
    keyed("job.issue", { database: "shop", type: "presto", query: "SELECT 2" }),
    keyed("job.result_export", { target_id, result: "web://web.test/rows" }),
    keyed("table.partial_delete", { ...into, from: 0, to: 3_600 }),
    keyed("table.export", { ...into, ...store, storage_type: "s3" }),
    keyed("connector.issue", { ...into, config: { in: source } }),
    { operation: "bulk_import.perform", input: { name: first }, again: 200, jobOf },
    { operation: "bulk_import.commit", input: { name: second }, again: 200, jobOf: ofSession },
    {
      ...keyed("scheduled_query.run", { name: scheduled, time: 3_600 }),
      jobOf: ({ body }) => (body["jobs"] as { job_id: number }[]).map(({ job_id: id }) => id).join(", "),
    },
  ];
}

async function claimed(service: Service): Promise<Report | null> {
  const engines = ["presto", "hive-cdh4"];
  const { body } = await service.ask("v5", "worker.claim", {
    generation: "v5",
    engines,
    worker: "worker-1",
    version: "sha256:1",
  });
  return (body["job"] ?? null) as Report | null;
}

async function done(service: Service, more: object): Promise<void> {
  const report = await claimed(service);
  const ended = report === null ? null : await service.finish(report, more);
  if (ended?.status !== 200)
    throw new Error(`a job that others rest on does not end: ${ended?.text ?? "no job"}`);
}

async function newest(service: Service): Promise<unknown> {
  const [first] = (await service.list(0)).body["jobs"] as { job_id: string }[];
  return first?.job_id;
}
