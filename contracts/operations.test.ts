import { describe, expect, test } from "vitest";
import { z } from "zod";
import { errorReasons } from "./errors.ts";
import { commonReasons, fillPath, type Operation, pathParameters } from "./operation.ts";
import { type OperationId, operations } from "./operations.ts";
import { claimedMoved, claimedV5, claimedV6, samples } from "./testing/samples.ts";

const all = Object.entries(operations) as [OperationId, Operation][];
const replies = all.flatMap(([id, { reply }]) =>
  reply.kind === "json" ? [[id, reply.schema] as const] : [],
);

test("every operation stands under its own id", () => {
  expect(all.map(([, { id }]) => id)).toEqual(all.map(([id]) => id));
});

test("no two operations share method and path, parameters of any name counted as the same", () => {
  const places = all.map(([, { method, path }]) => `${method} ${path.replace(/:[a-z_]+/g, ":")}`);
  expect(places.filter((place, i) => places.indexOf(place) !== i)).toEqual([]);
});

test("the worker side is apart from the customer side", () => {
  const wrong = all.filter(
    ([, { audience, path }]) => (audience === "worker") !== path.startsWith("/worker/v1/"),
  );
  expect(wrong.map(([id]) => id)).toEqual([]);
});

describe.each(all)("%s", (id, operation) => {
  const { input, path, reasons, summary } = operation;
  const shape = (input as z.ZodObject).shape;
  const sample = samples[id].input;

  test("takes each path parameter as an input", () => {
    expect(pathParameters(path).filter((name) => !(name in shape))).toEqual([]);
  });

  test("says what it is for", () => {
    expect(summary).toMatch(/^[A-Z].+[^.]$/);
  });

  test("declares known reasons, each once, and none that any operation has", () => {
    expect(
      reasons.filter((reason) => !errorReasons.includes(reason) || commonReasons.includes(reason)),
    ).toEqual([]);
    expect(new Set(reasons).size).toBe(reasons.length);
  });

  test("accepts its sample, and needs what is not optional", () => {
    expect(input.safeParse(sample).success).toBe(true);
    const needed = Object.keys(shape).filter((name) => !accepts({ ...sample, [name]: undefined }));
    expect(needed.filter((name) => !(name in sample))).toEqual([]);
    expect(pathParameters(path).filter((name) => !needed.includes(name))).toEqual([]);
  });

  test("reads JSON null for an optional input as if it were absent", () => {
    const optional = Object.keys(shape).filter((name) => accepts({ ...sample, [name]: undefined }));
    expect(optional.map((name) => input.safeParse({ ...sample, [name]: null }).data)).toEqual(
      optional.map((name) => input.parse({ ...sample, [name]: undefined })),
    );
  });

  test("refuses parameters that it does not know, but of workers, who may be of a later release", () => {
    const isTaken = id.startsWith("worker.");
    expect(accepts({ ...sample, pool_name: "big" })).toBe(isTaken);
    expect(accepts({ ...sample, pool_name: null })).toBe(isTaken);
  });

  function accepts(value: unknown): boolean {
    return input.safeParse(value).success;
  }
});

test("a customer may write every number as digits, since forms and query strings do", () => {
  const numbers = all
    .filter(([, { audience }]) => audience === "customer")
    .flatMap(([id, { input }]) =>
      Object.entries((input as z.ZodObject).shape)
        .filter(([, schema]) => (schema as z.ZodType).safeParse(1).data === 1)
        .map(([name, schema]) => [`${id} ${name}`, (schema as z.ZodType).safeParse("1").data] as const),
    );
  expect(Object.fromEntries(numbers)).toEqual({
    "job.issue priority": 1,
    "job.issue retry_limit": 1,
    "job.list from": 1,
    "job.list to": 1,
    "table.export from": 1,
    "table.export to": 1,
    "table.update expire_days": 1,
    "bulk_import.perform priority": 1,
    ...Object.fromEntries(
      ["create", "update"].flatMap((what) =>
        ["delay", "priority", "retry_limit"].map((name) => [`scheduled_query.${what} ${name}`, 1]),
      ),
    ),
    "scheduled_query.history from": 1,
    "scheduled_query.history to": 1,
    "scheduled_query.run time": 1,
    "scheduled_query.run num": 1,
  });
});

const source = {
  type: "s3",
  bucket: "daily-rows",
  access_key_id: "id",
  secret_access_key: "secret",
  path_prefix: "a/",
  decoders: [{ type: "gzip" }],
  parser: { type: "jsonl" },
};

test.each([
  ["job.issue", { priority: "3" }],
  ["job.issue", { priority: -3 }],
  ["job.issue", { retry_limit: "33" }],
  ["job.issue", { query: "" }],
  ["job.issue", { result: "x".repeat(4097) }],
  ["job.issue", { type: "pig" }],
  ["table.partial_delete", { from: "1567576801" }],
  ["table.partial_delete", { from: -3600 }],
  ["table.partial_delete", { to: "06:00" }],
  ["table.partial_delete", { to: undefined }],
  ["table.export", { storage_type: "gcs" }],
  ["table.export", { storage_type: undefined }],
  ["table.export", { file_format: "csv" }],
  ["table.export", { bucket: undefined }],
  ["table.export", { bucket: "Daily" }],
  ["table.export", { access_key_id: undefined }],
  ["table.export", { access_key_id: "a/b" }],
  ["table.export", { secret_access_key: "" }],
  ["table.export", { from: "06:00" }],
  ["table.export", { to: -1 }],
  ["table.export", { to: "1000000000000000" }],
  ...[
    { type: "gcs" },
    { bucket: "Daily" },
    { access_key_id: "a/b" },
    { secret_access_key: "" },
    { path_prefix: undefined },
    { path_prefix: "x".repeat(513) },
    { decoders: undefined },
    { decoders: [] },
    { decoders: [{ type: "bzip2" }] },
    { decoders: [{ type: "gzip" }, { type: "gzip" }] },
    { parser: { type: "csv" } },
    { parser: undefined },
    { parser: { type: "jsonl", charset: "UTF-16" } },
    { incremental: true },
  ].map((change): ["connector.issue", object] => [
    "connector.issue",
    { config: { in: { ...source, ...change } } },
  ]),
  ["connector.issue", { config: undefined }],
  ["connector.issue", { config: { in: source, out: { mode: "truncate" } } }],
  ["connector.issue", { config: { in: source, out: { type: "td" } } }],
  ["connector.issue", { config: { in: source, filters: [] } }],
  ["connector.issue", { config: { in: source, exec: { max_threads: 1 } } }],
  ["job.result_export", { result: undefined }],
  ["job.result_export", { result: "" }],
  ["job.result_export", { result: "x".repeat(4097) }],
  ["job.result_export", { domain_key: "" }],
  ["scheduled_query.create", { delay: -1 }],
  ["scheduled_query.create", { name: ".." }],
  ["scheduled_query.run", { num: 0 }],
  ["scheduled_query.run", { time: "now" }],
  ["job.list", { from: "-1" }],
  ["job.list", { status: "done" }],
  ["job.result", { format: "xml" }],
  ["worker.claim", { engines: [] }],
  ["worker.claim", { generation: "v7" }],
  ["worker.heartbeat", { attempt: "1" }],
  ["worker.receipt", { checksum: "0".repeat(63) }],
  ["worker.receipt", { rows: -1 }],
  ["worker.finish", { status: "running" }],
  ["worker.finish", { message: "x".repeat(2001) }],
  ["worker.register_table", { columns: [["id"]] }],
  ["worker.register_table", { columns: [["", "bigint"]] }],
  ["worker.register_table", { columns: [["id", ""]] }],
] as const)("%s refuses %j", (id, wrong) => {
  expect(operations[id].input.safeParse({ ...samples[id].input, ...wrong }).success).toBe(false);
});

test.each([
  ["job.issue", { priority: "-2", retry_limit: "0" }],
  ["job.issue", { priority: 2, retry_limit: 32, domain_key: "x" }],
  ["job.list", { from: "0", to: 0, status: "killed" }],
  ["worker.register_table", { columns: [] }],
  ["worker.register_table", { columns: [["a", "b"]] }],
  ["worker.receipt", { rows: 0 }],
] as const)("%s accepts %j", (id, right) => {
  expect(operations[id].input.safeParse({ ...samples[id].input, ...right }).error).toBe(undefined);
});

describe("replies", () => {
  test.each(replies)("of %s are as its sample", (id, schema) => {
    expect(schema.safeParse(samples[id].reply).error).toBe(undefined);
  });

  test.each(replies)("of %s are closed at every level: a key too many breaks the Go client", (_, schema) => {
    const { objects, open } = census(z.toJSONSchema(schema, { io: "input" }));
    expect(objects).toBeGreaterThan(0);
    expect(open).toEqual([]);
  });

  test("that are open would be found out", () => {
    const schema = z.strictObject({
      list: z.array(z.union([z.object({ a: z.string() }), z.looseObject({})])),
    });
    expect(census(z.toJSONSchema(schema, { io: "input" }))).toMatchObject({ objects: 3, open: [{}, {}] });
  });

  test("of a file name their media types", () => {
    const files = all.flatMap(([id, { reply }]) =>
      reply.kind === "file" ? [[id, reply.mediaTypes.length]] : [],
    );
    expect(files).toEqual([
      ["job.result", 5],
      ["bulk_import.error_records", 1],
    ]);
  });
});

describe("the claim", () => {
  const { forms, reply } = operations["worker.claim"];
  const accepting = (value: unknown) =>
    Object.entries({
      v5: forms?.v5[1],
      v6: forms?.v6[1],
      "v5 of 2": forms?.v5[2],
      "v6 of 2": forms?.v6[2],
      any: reply.schema,
    })
      .filter(([, schema]) => schema?.safeParse(value).success)
      .map(([name]) => name);

  test.each([
    ["an idle reply suits both generations", { job: null }, ["v5", "v6", "v5 of 2", "v6 of 2", "any"]],
    ["the URL is for v5 alone", { job: claimedV5 }, ["v5", "v5 of 2", "any"]],
    ["the settings are for v6 alone", { job: claimedV6 }, ["v6", "v6 of 2", "any"]],
    ["both in one place are for protocol 2", { job: claimedMoved }, ["v5 of 2", "v6 of 2", "any"]],
    ["protocol 2 tells the priority", { job: { ...claimedMoved, priority: undefined } }, []],
    ["both at once suit nobody", { job: { ...claimedV5, ...claimedV6 } }, []],
    ["no output is said, never left out", { job: { ...claimedV5, result_url: undefined } }, []],
    ["no output is null for v5", { job: { ...claimedV5, result_url: null } }, ["v5", "v5 of 2", "any"]],
    ["no output is null for v6", { job: { ...claimedV6, result_settings: null } }, ["v6", "v6 of 2", "any"]],
    ["an empty URL is no URL", { job: { ...claimedV5, result_url: "" } }, []],
    ["a job id is digits in a string", { job: { ...claimedV5, job_id: 17 } }, []],
  ])("%s", (_, value, expected) => {
    expect(accepting(value)).toEqual(expected);
  });

  test("no other operation differs by generation", () => {
    expect(all.filter(([, operation]) => operation.forms !== undefined).map(([id]) => id)).toEqual([
      "worker.claim",
    ]);
  });
});

test("a filled path escapes its parameters and leaves the rest out", () => {
  expect(fillPath("/v3/table/show/:database/:table", { database: "a/b c", table: 1, more: "x" })).toBe(
    "/v3/table/show/a%2Fb%20c/1",
  );
  expect(pathParameters("/v3/table/show/:database/:table_name")).toEqual(["database", "table_name"]);
});

/** The objects anywhere in a JSON Schema, and those among them that let further keys pass. */
function census(schema: unknown): { objects: number; open: unknown[] } {
  if (typeof schema !== "object" || schema === null) return { objects: 0, open: [] };
  const within = Object.values(schema).map(census);
  const isObject = "type" in schema && schema.type === "object";
  const isOpen = isObject && !("additionalProperties" in schema && schema.additionalProperties === false);
  return {
    objects: within.reduce((sum, { objects }) => sum + objects, isObject ? 1 : 0),
    open: [...within.flatMap(({ open }) => open), ...(isOpen ? [schema] : [])],
  };
}
