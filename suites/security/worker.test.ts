import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { columnOf, type MysqlPeer, mysqlPeer, type Reply, rowOf } from "./peers/mysql.ts";
import { type WebPeer, webPeer } from "./peers/web.ts";
import { job, type WorkerProcess, workerProcess } from "./peers/worker.ts";
import { times, writeAll } from "./peers/write-all.ts";

/**
 * What strangers send to a worker, which is a process of its own: row S5 of what outsiders found. All cases are jobs of one
 * worker: each leaves it as it was.
 */

const mebibyte = 2 ** 20;
/** A stranger sends as much, where the worker takes it. */
const mebibytes = 800;
/** What the process may hold in all. */
const mostMebibytes = 600;

const rows = (count: number, bytes: number) => times(count, rowOf(["x".repeat(bytes)]));
/** Packets of the largest length belong together: one value without an end. */
const oneValue = () => times(mebibytes / 16, Buffer.alloc(0xffffff, "x"));

type Answer<To> = (to: To) => unknown;

const tooLargeResults: Record<string, Answer<Reply>> = {
  "rows of a mebibyte": (reply) => reply.stream(["x"], rows(mebibytes, mebibyte)),
  "rows of a byte": (reply) => reply.stream(["x"], rows(1_000_000, 1)),
  "rows of nothing": (reply) => reply.stream(["x"], rows(1_000_000, 0)),
  "one value without an end": (reply) => reply.stream(["x"], oneValue()),
};

const results: Record<string, { count: number; bytes: number }> = {
  "100,001 rows": { count: 100_001, bytes: 1 },
  "rows of a mebibyte": { count: 8, bytes: mebibyte },
};

const endless = (response: ServerResponse) =>
  writeAll(response, times(mebibytes, Buffer.alloc(mebibyte, "x")));
const bomb = Buffer.concat([...times(mebibytes, gzipSync(Buffer.alloc(mebibyte)))]);

const webAnswers: Record<string, Answer<ServerResponse>> = {
  "an answer without an end": endless,
  "a refusal without an end": (response) => endless(response.writeHead(403)),
  "an answer that unpacks to more": (response) =>
    response.writeHead(200, { "content-encoding": "gzip" }).end(bomb),
};

/** To a statement that reads. */
const mysqlAnswers: Record<string, Answer<Reply>> = {
  "rows without an end": (reply) => reply.stream(["num_records"], rows(mebibytes, mebibyte)),
  "rows of nothing without an end": (reply) => reply.stream(["num_records"], rows(1_000_000, 0)),
  "one value without an end": (reply) => reply.stream(["num_records"], oneValue()),
  "columns without an end": (reply) => {
    reply.packet(Buffer.from([0xfc, 0xff, 0xff]));
    for (const column of times(65_535, columnOf("a"))) reply.packet(column);
  },
};

let answerSelect: Answer<Reply>;
let answerWeb: Answer<ServerResponse>;
let answerMysql: Answer<Reply>;
let web: WebPeer;
let mysql: MysqlPeer;
let worker: WorkerProcess;
const jobs: object[] = [];
let claims = 0;

beforeAll(async () => {
  web = await webPeer((request, response) => {
    request.resume().once("end", () => void answerWeb(response));
  });
  mysql = await mysqlPeer((sql, reply) => {
    if (/SELECT/.test(sql)) void answerMysql(reply);
    else reply.ok();
  });
  worker = await workerProcess({
    claim: () => jobs.shift() ?? null,
    select: (_, reply) => void answerSelect(reply),
    body(path) {
      if (!path.endsWith("/claim") || claims++ > 0) return undefined;
      return times(mebibytes, Buffer.alloc(mebibyte, "x"));
    },
  });
});
afterAll(async () => {
  await worker[Symbol.asyncDispose]();
  await web[Symbol.asyncDispose]();
  await mysql[Symbol.asyncDispose]();
});

let id = 0;

/** How another job of the worker ends. */
async function ending(resultUrl: string | null = null) {
  id += 1;
  jobs.push(job(String(id), { result_url: resultUrl }));
  const report = await worker.ending(String(id));
  expect(worker.program.peak()).toBeLessThan(mostMebibytes);
  return report;
}

test("S5: a claim that is answered without an end is made again", async () => {
  answerSelect = (reply) => reply.rows(["n"], [["1"]]);
  expect(await ending()).toMatchObject({ status: "success" });
  expect(claims).toBeGreaterThan(1);
});

test.each(Object.entries(tooLargeResults))("S5: a result of %s ends its job", async (_, answer) => {
  answerSelect = answer;
  const before = worker.warehouse.sent();
  expect(await ending()).toMatchObject({
    status: "error",
    message: expect.stringMatching(/^the result is too large: it has more than \d+ (bytes|rows)$/),
  });
  expect(worker.warehouse.sent() - before).toBeLessThan(100 * mebibyte);
});

test.each(Object.entries(results))("S5: %s are a result like any other", async (_, { count, bytes }) => {
  answerSelect = (reply) => reply.stream(["x"], rows(count, bytes));
  expect(await ending()).toMatchObject({ status: "success", num_records: count });
});

test.each(Object.entries(webAnswers))("S5: %s of a web destination ends the job", async (_, answer) => {
  answerSelect = (reply) => reply.rows(["n"], [["1"]]);
  answerWeb = answer;
  expect(await ending(`web://127.0.0.1:${web.port}/in`)).toMatchObject({
    status: "error",
    message: expect.stringMatching(/^web destination .* answered with more than \d+ bytes$/),
  });
});

test.each(Object.entries(mysqlAnswers))("S5: %s of a MySQL destination end the job", async (_, answer) => {
  answerSelect = (reply) => reply.rows(["n"], [["1"]]);
  answerMysql = answer;
  expect(await ending(`mysql://u:p@127.0.0.1:${mysql.port}/mart/daily`)).toMatchObject({
    status: "error",
    message: expect.stringMatching(
      /^mysql destination .* answered a statement with more than \d+ (bytes|rows)$/,
    ),
  });
});
