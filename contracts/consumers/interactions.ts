import { z } from "zod";
import type { GivenJob, Interaction } from "../consumer.ts";
import type { Engine, Generation, QueryType } from "../job.ts";

/** The interactions that both generations have with the API; only the claim of a job with output differs. */
export interface OutputForm {
  /** The key under which the claim carries the destination. */
  key: "result_url" | "result_settings";
  /** The destination of `destinationUrl` in this generation's form. */
  value: unknown;
}

/** Escaped characters and a parameter: an API that decodes, re-encodes or drops part of it is caught. */
export const destinationUrl =
  "mysql://w%40rehouse:p%3Aw%2Fd@destination.test:3307/mart/daily_rows?mode=append";

const query = "SELECT symbol, price FROM trades";
const finish = {
  num_records: 2,
  result_size: 40,
  result_schema: [
    ["symbol", "string"],
    ["price", "double"],
  ],
};

/** The given job at a stage, of the type that the generation's engine runs. */
type Given = (stage: GivenJob["stage"], more?: Partial<GivenJob>) => GivenJob;

export function interactionsFor(generation: Generation, engine: Engine, form: OutputForm): Interaction[] {
  const type = engine === "presto" ? "presto" : "hive";
  const given: Given = (stage, more = {}) => ({ type, query, stage, ...more });
  return [
    ...claims(generation, engine, form, given),
    ...heartbeats(given),
    ...acceptedReports(given),
    ...refusedReports(given),
    registration(given),
  ];
}

function claims(generation: Generation, engine: Engine, form: OutputForm, given: Given): Interaction[] {
  const send = { generation, engines: [engine], worker: `worker-${generation}`, version: "digest" };
  const { type } = given("queued");
  const claimOf = (output: unknown) => ({
    reply: { job: claimedJob(type, engine, { [form.key]: output }) },
    reads: z.looseObject({ job: readJob(type, engine, { [form.key]: exactly(output) }) }),
  });
  return [
    {
      name: "claims nothing when nothing waits",
      given: null,
      operation: "worker.claim",
      send,
      reply: { job: null },
      reads: z.looseObject({ job: z.null() }),
    },
    {
      name: "claims a job without output",
      given: given("queued"),
      operation: "worker.claim",
      send,
      ...claimOf(null),
    },
    {
      name: "claims a job with output and finds the destination in its own form",
      given: given("queued", { result: destinationUrl }),
      operation: "worker.claim",
      send,
      ...claimOf(form.value),
    },
  ];
}

const claimedJob = (type: QueryType, engine: Engine, output: Record<string, unknown>) => ({
  job_id: "1",
  attempt: 1,
  lease_ms: 30_000,
  account: 1,
  type,
  engine,
  database: "sample",
  query,
  kill_requested: false,
  ...output,
});

const readJob = (type: QueryType, engine: Engine, output: Record<string, z.ZodType>) =>
  z.looseObject({
    job_id: z.string(),
    attempt: z.int().positive(),
    lease_ms: z.int().positive(),
    account: z.int().positive(),
    type: z.literal(type),
    engine: z.literal(engine),
    database: z.literal("sample"),
    query: z.literal(query),
    kill_requested: z.boolean(),
    ...output,
  });

const heartbeats = (given: Given): Interaction[] => [
  {
    name: "extends its lease",
    given: given("claimed"),
    operation: "worker.heartbeat",
    send: { attempt: 1 },
    reply: { lease_ms: 30_000, kill_requested: false },
    reads: z.looseObject({ lease_ms: z.int().positive(), kill_requested: z.literal(false) }),
  },
  {
    name: "learns from the heartbeat that the customer wants an end",
    given: given("claimed", { killRequested: true }),
    operation: "worker.heartbeat",
    send: { attempt: 1 },
    reply: { lease_ms: 30_000, kill_requested: true },
    reads: z.looseObject({ kill_requested: z.literal(true) }),
  },
];

const acceptedReports = (given: Given): Interaction[] => [
  {
    name: "states what it delivered",
    given: given("claimed", { result: destinationUrl }),
    operation: "worker.receipt",
    send: { attempt: 1, rows: 2, checksum: "0".repeat(64) },
    reply: { rows: 2 },
    reads: z.looseObject({ rows: z.literal(2) }),
  },
  {
    name: "finishes a job whose output was delivered",
    given: given("delivered", { result: destinationUrl }),
    operation: "worker.finish",
    send: { attempt: 1, status: "success", ...finish, message: null },
    reply: { job_id: "1", status: "success" },
    reads: z.looseObject({ status: z.literal("success") }),
  },
  {
    name: "may send the same report again",
    given: given("finished"),
    operation: "worker.finish",
    send: { attempt: 1, status: "success", ...finish, message: null },
    reply: { job_id: "1", status: "success" },
    reads: z.looseObject({ status: z.literal("success") }),
  },
];

const refusedReports = (given: Given): Interaction[] => [
  {
    name: "is refused success while output is undelivered",
    given: given("claimed", { result: destinationUrl }),
    operation: "worker.finish",
    send: { attempt: 1, status: "success", ...finish, message: null },
    reply: {
      error: "output undelivered",
      text: "output undelivered",
      severity: "error",
      details: { reason: "output_undelivered" },
    },
    reads: refused("output_undelivered"),
  },
  {
    name: "is refused a report for an attempt that is not the newest",
    given: given("claimed"),
    operation: "worker.finish",
    send: { attempt: 99, status: "error", ...finish, message: "late" },
    reply: {
      error: "stale attempt",
      text: "stale attempt",
      severity: "error",
      details: { reason: "stale_attempt" },
    },
    reads: refused("stale_attempt"),
  },
];

const registration = (given: Given): Interaction => ({
  name: "registers the table that CREATE TABLE fills",
  given: given("claimed"),
  operation: "worker.register_table",
  send: { attempt: 1, database: "sample", table: "daily_copy", columns: [["symbol", "string"]] },
  reply: { database: "sample", table: "daily_copy" },
  reads: z.looseObject({ database: z.literal("sample"), table: z.literal("daily_copy") }),
});

const refused = (reason: string) =>
  z.looseObject({ error: z.string(), details: z.looseObject({ reason: z.literal(reason) }) });

/** A schema that accepts this value alone, with objects open to further keys. */
function exactly(value: unknown): z.ZodType {
  if (Array.isArray(value)) return z.tuple(value.map(exactly) as [z.ZodType]);
  if (value === null || typeof value !== "object")
    return z.literal(value as string | number | boolean | null);
  return z.looseObject(
    Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, exactly(inner)])),
  );
}
