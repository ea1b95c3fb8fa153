import { gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import type { ImportType } from "../../../contracts/job.ts";
import type { OperationId } from "../../../contracts/operations.ts";
import type { Answer, Report, Service } from "../reference/service.ts";
import { end } from "./evening.ts";

/** What a customer may order, by every operation that makes a job, and what the worker of each says. */

export interface Order {
  name: string;
  operation: OperationId;
  input: Record<string, unknown>;
  /** Sent once more: its key is taken, or its session has the job already. */
  again: 409 | 200;
  /** The id of the job that it was accepted as. */
  jobOf: (answer: Answer) => string | Promise<string>;
  /** Before a success, in this order. */
  reports: readonly Told[];
  success: object;
  session?: { name: string; type: ImportType };
}

/** What a worker says beside its job and attempt. */
type Told = readonly [OperationId, object];

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
const none = { result_size: null, result_schema: null };
const performedAll = { ...none, import_counts: counts };
const receipt: Told = ["worker.receipt", { rows: 1, checksum: "5".repeat(64) }];
const result = "web://web.test/rows";

/** All that the orders are about is there then; they collide with nothing of an earlier call. */
export async function prepared(service: Service): Promise<Order[]> {
  const ask = (operation: OperationId, input: object) => service.ask("customer", operation, { ...input });
  const target_id = String((await service.issue()).body["job_id"]);
  await done(service, {});
  await ask("table.create", { ...into, type: "log" });
  const [first, second, scheduled] = [`first_${target_id}`, `second_${target_id}`, `scheduled_${target_id}`];
  for (const name of [first, second]) {
    await ask("bulk_import.create", { name, ...into });
    await ask("bulk_import.upload_part", { name, part: "a", content });
  }
  await ask("bulk_import.perform", { name: second });
  await done(service, performedAll);
  await ask("scheduled_query.create", {
    name: scheduled,
    database: "shop",
    query: "SELECT 1",
    type: "presto",
  });

  const jobOf = ({ body }: Answer) => String(body["job_id"]);
  const ofSession = async () => jobOf(await ask("bulk_import.show", { name: second }));
  const keyed = (name: string, operation: OperationId, input: object, more: Partial<Order> = {}): Order => ({
    name,
    operation,
    input: { ...input, domain_key: `${name}-${target_id}` },
    again: 409,
    jobOf,
    reports: [],
    success: none,
    ...more,
  });
  const query = (name: string, text: string, more: Partial<Order> = {}, input: object = {}) =>
    keyed(name, "job.issue", { database: "shop", type: "presto", query: text, ...input }, more);
  const made = { database: "shop", table: `made_${target_id}` };
  const delivered = { reports: [receipt] };
  const part: Told = ["worker.import_part", {}];
  return [
    query("SELECT", "SELECT 2", { success: end }),
    query("Result Output", "SELECT 3", { ...delivered, success: end }, { result }),
    query("INSERT INTO", "INSERT INTO orders SELECT 1"),
    query("CREATE TABLE", `CREATE TABLE ${made.table} AS SELECT 1`, {
      reports: [["worker.register_table", { ...made, columns: [] }]],
    }),
    keyed("export of a result", "job.result_export", { target_id, result }, delivered),
    keyed("partial delete", "table.partial_delete", { ...into, from: 0, to: 3_600 }),
    keyed("export of a table", "table.export", { ...into, ...store, storage_type: "s3" }, delivered),
    keyed("load", "connector.issue", { ...into, config: { in: source } }, delivered),
    {
      ...keyed("perform", "bulk_import.perform", {}, { reports: [part], success: performedAll }),
      input: { name: first },
      again: 200,
      session: { name: first, type: "bulk_import_perform" },
    },
    {
      ...keyed("commit", "bulk_import.commit", {}, { reports: [part], jobOf: ofSession }),
      input: { name: second },
      again: 200,
      session: { name: second, type: "bulk_import_commit" },
    },
    keyed(
      "run of a scheduled query",
      "scheduled_query.run",
      { name: scheduled, time: 3_600 },
      {
        success: end,
        jobOf: ({ body }) => (body["jobs"] as { job_id: number }[]).map(({ job_id: id }) => id).join(", "),
      },
    ),
  ];
}

/** By a worker that runs jobs of either engine; null where there is no job. */
export async function claimed(service: Service): Promise<Report | null> {
  return ((await claim(service)).body["job"] ?? null) as Report | null;
}

export const claim = (service: Service): Promise<Answer> =>
  service.ask("v5", "worker.claim", {
    generation: "v5",
    engines: ["presto", "hive-cdh4"],
    worker: "worker-1",
    version: "sha256:1",
  });

async function done(service: Service, more: object): Promise<void> {
  const report = await claimed(service);
  const ended = report === null ? null : await service.finish(report, more);
  if (ended?.status !== 200)
    throw new Error(`a job that others rest on does not end: ${ended?.text ?? "no job"}`);
}
