import type { OperationId } from "../operations.ts";
import { userSamples } from "./user-samples.ts";

/** One good request and one good reply of each operation, written by hand; no reply for a file. */
export interface Sample {
  /** Path, query and body parameters together. */
  input: Record<string, unknown>;
  reply: unknown;
}

const at = "2015-08-24 14:04:09 UTC";
const status = {
  job_id: "17",
  status: "running",
  created_at: at,
  updated_at: at,
  start_at: at,
  end_at: null,
  duration: 3,
  cpu_time: null,
  result_size: null,
  num_records: null,
};
const job = {
  ...status,
  type: "presto",
  database: "sample",
  query: "SELECT 1",
  result: "mysql://***@db.test/mart/rows",
  url: "https://console.test/jobs/1",
  user_name: "customer-1",
  priority: 0,
  retry_limit: 0,
  hive_result_schema: null,
  organization: null,
  linked_result_export_job_id: null,
  result_export_target_job_id: null,
};
const database = {
  name: "sample",
  count: 3,
  created_at: at,
  updated_at: at,
  organization: null,
  permission: "administrator",
  delete_protected: false,
};
const table = {
  id: 1,
  name: "trades",
  type: "log",
  count: 3,
  created_at: at,
  updated_at: at,
  counter_updated_at: null,
  last_log_timestamp: at,
  delete_protected: false,
  estimated_storage_size: 0,
  schema: "[]",
  expire_days: null,
  primary_key: null,
  primary_key_type: null,
  include_v: true,
};
const report = { job_id: "17", attempt: 1 };

export const claimedV5 = {
  ...report,
  lease_ms: 30_000,
  account: 1,
  type: "presto",
  engine: "presto",
  database: "sample",
  query: "SELECT 1",
  kill_requested: false,
  result_url: "web://sink.test/x",
};
const { result_url: url, ...common } = claimedV5;
export const claimedV6 = {
  ...common,
  engine: "hive-hdp2",
  type: "hive",
  result_settings: {
    type: "web",
    tls: false,
    host: "sink.test",
    port: 80,
    path: "/x",
    method: "PUT",
    user: null,
    password: null,
  },
};
/** In protocol 2. */
export const claimedMoved = {
  ...common,
  priority: 0,
  output: { url, settings: claimedV6.result_settings },
};

const namedTable = { database: "sample", table: "trades", type: "log" };
const aChunk = { database: "sample", table: "trades", format: "msgpack.gz", content: "H4sI" };
const importedChunk = {
  elapsed_time: 0.003,
  database: "sample",
  table: "trades",
  md5_hex: "d27bc2db4b63f7b3ad4d8e0d3f0aa8b0",
};
const named = { name: "import_1" };
const answered = { ...named, bulk_import: "import_1" };
const session = {
  ...named,
  database: "sample",
  table: "trades",
  status: "ready",
  upload_frozen: true,
  job_id: "17",
  valid_records: 3,
  error_records: 0,
  valid_parts: 1,
  error_parts: 0,
};

const scheduledCommon = {
  name: "daily",
  cron: "0 0 * * *",
  timezone: "Asia/Tokyo",
  delay: 0,
  created_at: at,
  type: "presto",
  query: "SELECT 1",
  database: "sample",
  user_name: "customer-1",
};
const scheduled = { id: 3, ...scheduledCommon, priority: 0, retry_limit: 0, result: "" };
const { linked_result_export_job_id: _, result_export_target_job_id: __, ...ofHistory } = job;

export const samples: Record<OperationId, Sample> = {
  "job.issue": {
    input: { type: "presto", database: "sample", query: "SELECT 1", result: "web://sink.test/x" },
    reply: { job: "17", job_id: "17", database: "sample" },
  },
  "job.show": { input: { job_id: "17" }, reply: { ...job, debug: { cmdout: null, stderr: "" } } },
  "job.status": { input: { job_id: "17" }, reply: status },
  "job.status_by_domain_key": { input: { domain_key: "orders 2019/09/04" }, reply: status },
  "job.kill": { input: { job_id: "17" }, reply: { job_id: "17", former_status: "running" } },
  "job.list": { input: {}, reply: { jobs: [job], count: 1, from: 0, to: null } },
  "job.result": { input: { job_id: "17", format: "json" }, reply: undefined },
  "database.create": { input: { database: "sample" }, reply: { database: "sample" } },
  "database.list": { input: {}, reply: { databases: [database] } },
  "database.show": { input: { database: "sample" }, reply: database },
  "table.create": {
    input: { database: "sample", table: "trades", type: "log" },
    reply: { database: "sample", table: "trades", type: "log" },
  },
  "table.list": { input: { database: "sample" }, reply: { database: "sample", tables: [table] } },
  "table.show": { input: { database: "sample", table: "trades" }, reply: table },
  "database.delete": { input: { database: "sample" }, reply: { database: "sample" } },
  "table.delete": { input: { database: "sample", table: "trades" }, reply: namedTable },
  "table.rename": {
    input: { database: "sample", table: "bids", new_name: "trades", overwrite: "true" },
    reply: namedTable,
  },
  "table.swap": {
    input: { database: "sample", first: "trades", second: "bids" },
    reply: { database: "sample", table1: "trades", table2: "bids" },
  },
  "table.update_schema": {
    input: { database: "sample", table: "trades", schema: '[["id","long"],["name","string","name"]]' },
    reply: namedTable,
  },
  "table.update": {
    input: { database: "sample", table: "trades", expire_days: "30", include_v: "false" },
    reply: namedTable,
  },
  "result.create": {
    input: { name: "mart_rows", url: "mysql://user:secret@db.test/mart" },
    reply: { result: "mart_rows" },
  },
  "result.list": {
    input: {},
    reply: { results: [{ name: "mart_rows", organization: "", url: "mysql://***@db.test/mart" }] },
  },
  "result.delete": { input: { name: "mart_rows", url: null }, reply: { result: "mart_rows" } },
  "job.result_export": {
    input: { target_id: "17", result: "web://example.test/orders" },
    reply: { job_id: "18", target_job_id: "17" },
  },
  "table.partial_delete": {
    input: { database: "sample", table: "trades", from: "1567576800", to: 1_567_580_400 },
    reply: { job_id: "17", database: "sample", table: "trades" },
  },
  "table.export": {
    input: {
      database: "sample",
      table: "trades",
      storage_type: "s3",
      bucket: "daily-rows",
      access_key_id: "AKIA0123",
      secret_access_key: "a/b+c",
      file_prefix: "trades/",
      file_format: "tsv.gz",
      from: "1567576800",
      to: 1_567_580_400,
    },
    reply: { job_id: "17", database: "sample", table: "trades" },
  },
  "connector.issue": {
    input: {
      database: "sample",
      table: "trades",
      config: {
        in: {
          type: "s3",
          bucket: "daily-rows",
          access_key_id: "AKIA0123",
          secret_access_key: "a/b+c",
          path_prefix: "trades/",
          decoders: [{ type: "gzip" }],
          parser: { type: "jsonl" },
        },
        out: { mode: "append" },
      },
    },
    reply: { job_id: "17", database: "sample", table: "trades" },
  },
  "table.import": { input: aChunk, reply: { ...importedChunk, unique_id: importedChunk.md5_hex } },
  "table.import_with_id": {
    input: { ...aChunk, unique_id: "5f1d" },
    reply: { ...importedChunk, unique_id: "5f1d" },
  },
  "bulk_import.create": { input: { ...named, database: "sample", table: "trades" }, reply: answered },
  "bulk_import.upload_part": { input: { ...named, part: "part_1", content: "H4sI" }, reply: answered },
  "bulk_import.delete_part": { input: { ...named, part: "part_1" }, reply: answered },
  "bulk_import.list_parts": { input: named, reply: { ...answered, parts: ["part_1"] } },
  "bulk_import.freeze": { input: named, reply: answered },
  "bulk_import.unfreeze": { input: named, reply: answered },
  "bulk_import.perform": { input: named, reply: { ...answered, job_id: 17 } },
  "bulk_import.commit": { input: named, reply: answered },
  "bulk_import.delete": { input: named, reply: answered },
  "bulk_import.show": { input: named, reply: session },
  "bulk_import.error_records": { input: named, reply: undefined },
  "bulk_import.list": { input: {}, reply: { bulk_imports: [session] } },
  "scheduled_query.create": {
    input: { name: "daily", type: "presto", database: "sample", query: "SELECT 1", cron: "0 0 * * *" },
    reply: { ...scheduled, start: at },
  },
  "scheduled_query.update": { input: { name: "daily", cron: "" }, reply: { ...scheduled, start: null } },
  "scheduled_query.list": {
    input: {},
    reply: { schedules: [{ ...scheduled, executing_user_id: 1, description: null, next_time: at }] },
  },
  "scheduled_query.history": {
    input: { name: "daily", from: "0", to: 20 },
    reply: { history: [{ ...ofHistory, scheduled_at: at }], count: 1, from: 0, to: 20 },
  },
  "scheduled_query.run": {
    input: { name: "daily", time: "1440425040", num: 1 },
    reply: { jobs: [{ job_id: 17, type: "presto", scheduled_at: at }] },
  },
  "scheduled_query.delete": { input: { name: "daily" }, reply: scheduledCommon },
  ...userSamples,
  "worker.import_part": { input: report, reply: { part: { name: "part_1", content: "H4sI" } } },
  "worker.claim": {
    input: { generation: "v5", engines: ["presto"], worker: "worker-v5", version: "digest" },
    reply: { job: claimedV5 },
  },
  "worker.heartbeat": { input: report, reply: { lease_ms: 30_000, kill_requested: false } },
  "worker.register_table": {
    input: { ...report, database: "sample", table: "copies", columns: [["id", "bigint"]] },
    reply: { database: "sample", table: "copies" },
  },
  "worker.receipt": { input: { ...report, rows: 2, checksum: "0".repeat(64) }, reply: { rows: 2 } },
  "worker.finish": {
    input: {
      ...report,
      status: "error",
      num_records: null,
      result_size: null,
      result_schema: null,
      message: "line 1: no such table",
    },
    reply: { job_id: "17", status: "error" },
  },
  "system.status": { input: {}, reply: { status: "ok" } },
  "system.version": { input: {}, reply: { component: "api", release: "current", digest: "sha256:1" } },
};
