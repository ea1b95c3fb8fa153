import { beforeEach, describe, expect, test } from "vitest";
import type { ApiProcess } from "../../contracts/in-process.ts";
import type { Operation } from "../../contracts/operation.ts";
import { issueDefaults } from "../../contracts/operations/jobs.ts";
import { type OperationId, operations } from "../../contracts/operations.ts";
import { systemLimits } from "../../contracts/promises/limits.ts";
import { apikeys, neverAborted, plain, realClock, seed, tokens } from "../../harness/testing/plain-world.ts";
import { systemOf } from "./builds.ts";

/** What the contracts say beside their schemas is so: what a second call does, what is meant by nothing, limits. */

let api: ApiProcess;
beforeEach(async () => {
  const system = await systemOf("current");
  api = system.startApi(system.createState(seed), { clock: realClock, database: plain, stop: neverAborted });
});

const credentials = { customer: `TD1 ${apikeys.cdh4}`, worker: `Worker ${tokens.v5}`, public: null };
const call = (id: OperationId, input: Record<string, unknown>) =>
  api.call(id, input, credentials[operations[id].audience]);
const bodyOf = async (reply: ReturnType<typeof call>) => (await reply).body as Record<string, unknown>;

const job = { type: "presto", database: "sample", query: "CREATE TABLE copied AS SELECT 1" };
const claim = { generation: "v5", engines: ["presto"], worker: "w", version: "1" };
const name = "sess_1";
const scheduled = { ...job, name: "scheduled_1" };
const report = { status: "error", num_records: null, result_size: null, result_schema: null, message: "why" };

/** The request of each operation that changes something, about the job of `held`. */
const requests: Partial<Record<OperationId, Record<string, unknown>>> = {
  "job.issue": { ...job, domain_key: "mine" },
  "job.kill": {},
  "database.create": { database: "another" },
  "table.create": { database: "sample", table: "another", type: "log" },
  "database.delete": { database: "moved" },
  "table.delete": { database: "moved", table: "moved" },
  "table.rename": { database: "moved", table: "moved", new_name: "renamed" },
  "table.update_schema": { database: "moved", table: "moved", schema: '[["a","int"]]' },
  "table.update": { database: "moved", table: "moved", expire_days: 30 },
  "table.partial_delete": { database: "sample", table: "loaded", from: 0, to: 3600, domain_key: "mine" },
  "table.export": {
    database: "sample",
    table: "loaded",
    storage_type: "s3",
    bucket: "rows",
    access_key_id: "id",
    secret_access_key: "secret",
    domain_key: "mine",
  },
  "connector.issue": {
    database: "sample",
    table: "loaded",
    config: {
      in: {
        type: "s3",
        bucket: "rows",
        access_key_id: "id",
        secret_access_key: "secret",
        path_prefix: "",
        decoders: [{ type: "gzip" }],
        parser: { type: "jsonl" },
      },
    },
    domain_key: "mine",
  },
  "job.result_export": { result: "web://sink/x", domain_key: "mine" },
  "table.import_with_id": {
    database: "moved",
    table: "moved",
    unique_id: "a1",
    format: "msgpack.gz",
    content: "H4sIAAAAAAAAA2tcUpKZm8oIAEFkflQHAAAA",
  },
  "worker.heartbeat": { attempt: 1 },
  "worker.register_table": { attempt: 1, database: "sample", table: "copied", columns: [["a", "string"]] },
  "worker.receipt": { attempt: 1, rows: 1, checksum: "0".repeat(64) },
  "worker.finish": { attempt: 1, ...report },
  "bulk_import.create": { name: "sess_2", database: "sample", table: "loaded" },
  "bulk_import.upload_part": { name, part: "other", content: "AAEC" },
  "bulk_import.delete_part": { name, part: "part" },
  "bulk_import.freeze": { name },
  "bulk_import.unfreeze": { name },
  "bulk_import.perform": { name },
  "bulk_import.commit": { name },
  "bulk_import.delete": { name },
  "worker.import_part": { attempt: 1, after: "a" },
  "scheduled_query.create": { ...scheduled, name: "scheduled_2" },
  "scheduled_query.update": { name: "scheduled_1", priority: 1 },
  "scheduled_query.run": { name: "scheduled_1", time: 60, domain_key: "mine" },
  "scheduled_query.delete": { name: "scheduled_1" },
  "user.authenticate": { user: "ann@example.test", password: "p" },
  "user.add": { name: "Bob", email: "bob@example.test", password: "p" },
  "user.remove": { name: "Ann" },
  "user.remove_apikey": { name: "Ann" },
  "result.create": { name: "target_2", url: "web://sink/x" },
  "result.delete": { name: "target_1" },
};

/** A session of Bulk Import, as far as the operation needs it; the id of its job, if it has one. */
async function session(id: OperationId): Promise<string | undefined> {
  const well = async (operation: OperationId, input: Record<string, unknown>) => {
    expect((await call(operation, input)).status).toBe(200);
  };
  await well("table.create", { database: "sample", table: "loaded", type: "log" });
  await well("bulk_import.create", { name, database: "sample", table: "loaded" });
  await well("bulk_import.upload_part", { name, part: "part", content: "" });
  if (
    ["bulk_import.unfreeze", "bulk_import.perform", "bulk_import.commit", "worker.import_part"].includes(id)
  )
    await well("bulk_import.freeze", { name });
  if (id !== "bulk_import.commit" && id !== "worker.import_part") return undefined;
  const job_id = String((await bodyOf(call("bulk_import.perform", { name })))["job_id"]);
  await well("worker.claim", { ...claim, engines: ["hive-cdh4"] });
  const import_counts = { valid_records: 0, error_records: 0, valid_parts: 0, error_parts: 1 };
  if (id === "bulk_import.commit")
    await well("worker.finish", {
      job_id,
      attempt: 1,
      ...report,
      status: "success",
      message: null,
      import_counts,
    });
  return job_id;
}

/** The input of the operation, once there is what it is about. */
async function ready(id: OperationId): Promise<Record<string, unknown>> {
  if (isMove(id)) {
    await call("database.create", { database: "moved" });
    await call("table.create", { database: "moved", table: "moved", type: "log" });
    return { ...requests[id] };
  }
  if (["table.partial_delete", "table.export", "connector.issue"].includes(id))
    await call("table.create", { database: "sample", table: "loaded", type: "log" });
  if (id === "result.delete") {
    await call("result.create", { name: "target_1", url: "web://sink/x" });
    return { ...requests[id] };
  }
  if (id === "result.create") return { ...requests[id] };
  if (id === "job.result_export") return { ...requests[id], target_id: await exported() };
  if (isOfScheduled(id)) {
    await call("scheduled_query.create", scheduled);
    return { ...requests[id] };
  }
  if (id.startsWith("user.")) {
    await call("user.add", { name: "Ann", email: "ann@example.test", password: "p" });
    const { apikey } = await bodyOf(call("user.add_apikey", { name: "Ann" }));
    return { ...requests[id], ...(id === "user.remove_apikey" ? { apikey } : {}) };
  }
  const isImport = id.startsWith("bulk_import.") || id === "worker.import_part";
  const job = isImport ? await session(id) : await held();
  const isKnown = job !== undefined && "job_id" in operations[id].input.shape;
  return { ...(isKnown ? { job_id: job } : {}), ...requests[id] };
}

/** A job that a worker holds. */
async function held(): Promise<string> {
  const { job_id } = await bodyOf(call("job.issue", job));
  await call("worker.claim", claim);
  return String(job_id);
}

/** A job with a result. */
async function exported(): Promise<string> {
  const { job_id } = await bodyOf(call("job.issue", { ...job, query: "SELECT 1" }));
  await call("worker.claim", claim);
  const result = { num_records: 1, result_size: 9, result_schema: [["a", "int"]], message: null };
  await call("worker.finish", { job_id, attempt: 1, ...report, ...result, status: "success" });
  return String(job_id);
}

/** What is gone cannot be asked about again. */
const deletes = (id: OperationId) => /\.(delete|rename|remove)/.test(id);

/** Whether it is about a table or database that must be there. */
const isMove = (id: OperationId) =>
  /^(database|table)\.(delete|rename|update_schema|update|import_with_id)$/.test(id);

/** Whether it is about a scheduled query that must be there. */
const isOfScheduled = (id: OperationId) => /^scheduled_query\.(update|delete|run|create)$/.test(id);

/** Whether it is about a session that must be there. */
const isOfSession = (id: OperationId) => id.startsWith("bulk_import.");

const all: Operation[] = Object.values(operations);
const knownAgain = all.flatMap(({ id, again }) =>
  typeof again === "object" ? [[id as OperationId, again.is, again.by] as const] : [],
);

test("every operation that is known again is tried here, and a GET only reads", () => {
  expect(knownAgain.map(([id]) => id).toSorted()).toEqual(Object.keys(requests).toSorted());
  expect(
    all.filter(({ again, method }) => (again === "reads") !== (method === "GET")).map(({ id }) => id),
  ).toEqual([]);
});

describe.each(knownAgain)("%s", (id, is, by) => {
  test(`is ${is} when it is sent again`, async () => {
    const input = await ready(id);
    expect((await call(id, input)).status).toBe(200);
    expect((await call(id, input)).status).toBe(is === "same" ? 200 : deletes(id) ? 404 : 409);
  });

  test(`is known by ${by.join(" and ")}`, async () => {
    const input = await ready(id);
    await call(id, input);
    const unknown: Record<string, unknown> = {
      job_id: "77",
      attempt: 2,
      domain_key: "other",
      database: "others",
      table: "others",
      name: "others",
      part: "part_2",
      unique_id: "b1",
      user: "others",
    };
    // An email is had once as well.
    if (id === "user.add") input["email"] = "others@example.test";
    // With another name it is another request; of another job, attempt or session it is none that may be made.
    const isMade = is === "refused" && !isOfSession(id) && !isMove(id) && !deletes(id);
    const field = (isMade ? by.at(-1) : by.at(0)) as string;
    const { status } = await call(id, { ...input, [field]: unknown[field] });
    expect(status === 200).toBe(isMade || id === "bulk_import.create");
  });
});

test("a claim is another one each time", async () => {
  await call("job.issue", job);
  await call("job.issue", job);
  const claimed = async () =>
    ((await bodyOf(call("worker.claim", claim)))["job"] as { job_id: string }).job_id;
  expect(await claimed()).not.toBe(await claimed());
  expect(operations["worker.claim"].again).toBe("another");
});

test("a job without priority and retries has those of the contract", async () => {
  expect(await bodyOf(call("job.show", { job_id: await held() }))).toMatchObject(issueDefaults);
});

test("API and workers wait as long as the contract says", async () => {
  expect((await systemOf("current")).limits).toEqual(systemLimits);
});
