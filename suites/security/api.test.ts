import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiProcess, apiProcess, customer, worker } from "./peers/api.ts";

/** What strangers send to the API, which is a process of its own: rows S1, S6, S8 and S12 of what outsiders found. */

let api: ApiProcess;
beforeAll(async () => {
  api = await apiProcess();
});
afterAll(() => api[Symbol.asyncDispose]());

const form = "application/x-www-form-urlencoded";
const json = "application/json";
const multipart = "multipart/form-data; boundary=edge";
const part = '--edge\r\ncontent-disposition: form-data; name="a"\r\n\r\n\r\n';
const issue = "/v3/job/issue/presto/shop";
const claim = "/worker/v1/claim";
const table = "/worker/v1/jobs/1/table";
const withColumns = (columns: string) =>
  `{"attempt":1,"database":"shop","table":"made","columns":[${columns}]}`;

interface Case {
  path: string;
  type: string;
  body: string;
}

/** Each within the limit of bytes. */
const tooMuch: Record<string, Case> = {
  "parameters without a value": { path: issue, type: form, body: "a&".repeat(2_090_000) },
  "parameters without a name": { path: issue, type: form, body: "&".repeat(4_100_000) },
  "parameters with names of their own": {
    path: issue,
    type: form,
    body: Array.from({ length: 400_000 }, (_, i) => `k${i}`).join("&"),
  },
  "parts of a multipart form": { path: issue, type: multipart, body: `${part.repeat(70_000)}--edge--` },
  "wrong elements of a list": {
    path: claim,
    type: json,
    body: `{"engines":[${"0,".repeat(1_900_000)}0]}`,
  },
  "right elements of a list": {
    path: claim,
    type: json,
    body: `{"generation":"v5","worker":"w","version":"1","engines":[${'"presto",'.repeat(400_000)}"presto"]}`,
  },
  "wrong columns": { path: table, type: json, body: withColumns(`${"[],".repeat(1_300_000)}[]`) },
  "columns of a table": {
    path: table,
    type: json,
    body: withColumns(`${'["a","b"],'.repeat(5_000)}["a","b"]`),
  },
  "lists within each other": { path: issue, type: json, body: "[".repeat(4_100_000) },
  "objects within each other": {
    path: issue,
    type: json,
    body: `${'{"a":'.repeat(700_000)}1${"}".repeat(700_000)}`,
  },
  "keys of an object": {
    path: issue,
    type: json,
    body: `{${Array.from({ length: 300_000 }, (_, i) => `"k${i}":0`).join(",")}}`,
  },
};

describe("S1, S6: a request is refused in a moment, in a few words, and others are answered meanwhile", () => {
  test.each(Object.entries(tooMuch))("too many %s", async (_, { path, type, body }) => {
    const headers = { "content-type": type, ...(path === issue ? customer : worker) };
    // What the API works, not what a clock says: others on this machine do not count, and no call waits for longer.
    const before = api.program.worked();
    const [answer, other] = await Promise.all([
      fetch(api.base + path, { method: "POST", headers, body }),
      fetch(`${api.base}/version`),
    ]);
    const text = await answer.text();
    expect({ status: answer.status, isShort: text.length < 4_096, other: other.status }).toEqual({
      status: 422,
      isShort: true,
      other: 200,
    });
    expect(api.program.worked() - before).toBeLessThan(1_500);
  });
});

const post = (length: number | "chunked", headers = "Authorization: TD1 any") =>
  `POST ${issue} HTTP/1.1\r\nHost: api\r\n${headers}\r\nContent-Type: ${json}\r\n${
    length === "chunked" ? "Transfer-Encoding: chunked" : `Content-Length: ${length}`
  }\r\n\r\n`;
const expecting = "Authorization: TD1 any\r\nExpect: 100-continue";
const next = "GET /version HTTP/1.1\r\nHost: api\r\nConnection: close\r\n\r\n";
const megabytes = (count: number) => Array.from({ length: count }, () => Buffer.alloc(2 ** 20, "x"));
const chunk = (bytes: Buffer) => [`${bytes.length.toString(16)}\r\n`, bytes, "\r\n"];

/** Behind each of them on the same connection comes another request. */
const refused: Record<string, (Buffer | string)[]> = {
  "a body beyond the limit": [post(6 * 2 ** 20), ...megabytes(6)],
  "a body beyond the limit, in chunks": [post("chunked"), ...megabytes(6).flatMap(chunk), "0\r\n\r\n"],
  "a body of somebody unknown": [post(6 * 2 ** 20, "X-None: 1"), ...megabytes(6)],
  "a body to a path that nobody has": [post(2 ** 20).replace("issue", "nowhere"), ...megabytes(1)],
  "a body with a method that the path does not take": [
    post(6 * 2 ** 20).replace("POST", "PUT"),
    ...megabytes(6),
  ],
  "a body that is no JSON": [post(2 ** 20), ...megabytes(1)],
};

describe("S8: behind a refused request the next one is answered, or the connection says that it ends", () => {
  test.each(Object.entries(refused))("%s", async (_, request) => {
    const answers = await api.raw([...request, next], (text) => /"digest"/.test(text));
    const isNextAnswered = /HTTP\/1\.1 200/.test(answers);
    const saysItEnds = /connection: close/i.test(answers);
    expect({ answers, isRight: isNextAnswered || saysItEnds }).toMatchObject({
      answers: expect.stringMatching(/^HTTP\/1\.1 4\d\d/),
      isRight: true,
    });
  });

  test("a body without an end is refused, and its connection says that it ends", async () => {
    function* endless() {
      yield post("chunked");
      for (;;) yield* chunk(Buffer.alloc(2 ** 20, "x"));
    }
    const parts = endless();
    const bounded = Array.from({ length: 400 }, () => parts.next().value as Buffer | string);
    const answers = await api.raw(bounded, (text) => /\r\n\r\n\{/.test(text));
    expect(answers).toMatch(/connection: close/i);
  });
});

describe("S12: an upload that its client breaks off is no fault of the service", () => {
  test.each([
    ["with a length", [post(1_000, expecting), "{"]],
    ["in chunks", [post("chunked", expecting), "5\r\n{"]],
  ])("%s", async (_, [head, begun]) => {
    const seen = api.program.lines.length;
    // Leave to send the body says that its head was read.
    await api.raw([head as string], (text) => text.startsWith("HTTP/1.1 100"), begun);
    await expect
      .poll(() => api.program.lines.slice(seen).filter((line) => line.includes('"job.issue"')))
      .not.toHaveLength(0);
    expect(api.program.lines.slice(seen).join("\n")).not.toMatch(/internal_error|stack/);
  });
});
