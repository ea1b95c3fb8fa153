import { gunzipSync, gzipSync } from "node:zlib";
import { decodeMulti, encode } from "@msgpack/msgpack";
import { expect, test } from "vitest";
import type { ApiProcess, SystemState } from "../../contracts/in-process.ts";
import type { Generation } from "../../contracts/job.ts";
import { bodyOf, fillPath, splitInput } from "../../contracts/operation.ts";
import { type OperationId, operations } from "../../contracts/operations.ts";
import { apikeys, neverAborted, plain, realClock, seed, tokens } from "../../harness/testing/plain-world.ts";
import { systemOf } from "./builds.ts";

/** A session of Bulk Import from its first part to its rows, by an API and its workers, over HTTP. */

const customers = { v5: { account: 1, apikey: apikeys.cdh4 }, v6: { account: 2, apikey: apikeys.hdp2 } };
const name = "sess_1";
const into = { database: "sample", table: "trades" };
const part = (...records: object[]) =>
  gzipSync(Buffer.concat(records.map((record) => encode(record)))).toString("base64");

async function given(generation: Generation) {
  const system = await systemOf("current");
  const state = system.createState(seed);
  const api = system.startApi(state, { clock: realClock, database: plain, stop: neverAborted });
  const { account, apikey } = customers[generation];
  const ask = (id: OperationId, input: Record<string, unknown> = {}) =>
    send(api, id, id.startsWith("bulk_import.") ? { name, ...input } : input, apikey);
  const well = async (id: OperationId, input: Record<string, unknown> = {}) => {
    const { status, body } = await ask(id, input);
    expect([id, status, body]).toMatchObject([id, 200, {}]);
    return body;
  };
  /** A worker that lives until the customer sees the session in this status. */
  const until = async (wanted: string) => {
    const stop = new AbortController();
    const ports = {
      clock: realClock,
      random: () => 0.5,
      id: `worker-${generation}`,
      token: tokens[generation],
      api: { kind: "direct", call: (id, input) => api.call(id, input, `Worker ${tokens[generation]}`) },
      warehouse: plain,
      destination: plain,
      disk: plain,
    } as const satisfies Parameters<typeof system.startWorker>[2];
    const living = system.startWorker(generation, state, ports, stop.signal);
    await expect
      .poll(async () => (await well("bulk_import.show"))["status"], { timeout: 10_000 })
      .toBe(wanted);
    stop.abort();
    await living;
  };
  const errors = async () => {
    const { path } = operations["bulk_import.error_records"];
    const asked = new Request(`http://api.interlock.test${fillPath(path, { name })}`, {
      headers: { authorization: `TD1 ${apikey}` },
    });
    const reply = await api.fetch(asked);
    expect(reply.status).toBe(200);
    return [...decodeMulti(gunzipSync(await reply.arrayBuffer()))];
  };
  const rows = () => (state as SystemState).table(account, "sample", "trades");
  await well("table.create", { ...into, type: "log" });
  return { ask, well, until, errors, rows };
}

async function send(api: ApiProcess, id: OperationId, input: Record<string, unknown>, apikey: string) {
  const { method, path } = operations[id];
  const { body, query } = splitInput({ method, path }, input);
  const reply = await api.fetch(
    new Request(`http://api.interlock.test${fillPath(path, input)}${query}`, {
      method,
      headers: { authorization: `TD1 ${apikey}`, "content-type": "application/json" },
      body: method === "GET" ? null : bodyOf(method, body),
    }),
  );
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

test.each(["v5", "v6"] as const)(
  "%s: what was uploaded is in the table once, as soon as it is said",
  async (generation) => {
    const { ask, well, until, errors, rows } = await given(generation);
    const before = [...(rows() ?? [])];
    await well("bulk_import.create", into);
    const first = part({ time: 1, symbol: "NEW1", price: 1.5 }, { time: 2, symbol: "NEW2" });
    await well("bulk_import.upload_part", {
      part: "b",
      content: part({ time: 3, price: 3, more: 1 }, { time: "no" }),
    });
    for (let times = 2; times > 0; times -= 1)
      await well("bulk_import.upload_part", { part: "a", content: first });
    await well("bulk_import.upload_part", { part: "c", content: first.slice(0, 20) });
    await well("bulk_import.freeze");
    expect((await ask("bulk_import.upload_part", { part: "d", content: first })).status).toBe(409);
    const { job_id } = await well("bulk_import.perform");
    await until("ready");
    expect(await well("bulk_import.show")).toEqual({
      name,
      ...into,
      status: "ready",
      upload_frozen: true,
      job_id: String(job_id),
      valid_records: 3,
      error_records: 1,
      valid_parts: 2,
      error_parts: 1,
    });
    expect(await errors()).toEqual([{ time: "no" }]);
    expect(rows()).toEqual(before);
    await well("bulk_import.commit");
    await until("committed");
    expect(rows()).toEqual([...before, ["NEW1", 1.5], ["NEW2", null], [null, 3]]);
    await well("bulk_import.commit");
    await well("bulk_import.delete");
    expect((await ask("bulk_import.show")).status).toBe(404);
    expect(rows()).toHaveLength(before.length + 3);
  },
);

test("a query that looks like such a job is none", async () => {
  const { well, until, rows } = await given("v5");
  await well("bulk_import.create", into);
  await well("bulk_import.upload_part", { part: "a", content: part({ time: 1 }) });
  await well("bulk_import.freeze");
  const query = `BULK IMPORT COMMIT ${name} INTO trades`;
  const { job_id } = await well("job.issue", { type: "hive", database: "sample", query });
  await well("bulk_import.perform");
  await until("ready");
  expect(await well("job.show", { job_id })).toMatchObject({ status: "error", type: "hive" });
  expect(rows()).toHaveLength(2);
});
