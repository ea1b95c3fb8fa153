import fc from "fast-check";
import { z } from "zod";
import { errorBody } from "../../../contracts/errors.ts";
import { type OperationId, operations } from "../../../contracts/operations.ts";
import {
  apikeys,
  neverAborted,
  plain,
  realClock,
  seed,
  tokens,
} from "../../../harness/testing/plain-world.ts";
import { systemOf } from "../../contract/builds.ts";
import { valuesOf } from "../from-schema.ts";
import { textsOf } from "../mutations.ts";
import type { Target } from "../target.ts";

/** Every route of the current API, with bodies of every kind. */

const system = await systemOf("current");
const customer = `TD1 ${apikeys.cdh4}`;
const worker = `Worker ${tokens.v5}`;

const ids = Object.keys(operations) as OperationId[];
/** A job that is there, and one that is not. */
const pathValues = [
  "1",
  "2",
  "shop",
  "0",
  "-1",
  "1e3",
  "9".repeat(30),
  "__proto__",
  "%00",
  "%ff",
  "..",
  "a%2Fb",
  "\u{1f600}",
  "x".repeat(2_000),
];

const types = [
  "application/json",
  "application/json; charset=utf-16",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=b",
  "multipart/form-data",
  "text/plain",
  "",
];

interface Request {
  id: OperationId;
  method: string;
  path: string;
  type: string;
  credential: string;
  /** As latin1, so that it can be any bytes. */
  body: string;
  headers: Record<string, string>;
}

const asForm = (value: unknown): string =>
  typeof value === "object" && value !== null
    ? new URLSearchParams(
        Object.entries(value).map(([key, one]) => [
          key,
          typeof one === "string" ? one : JSON.stringify(one),
        ]) as [string, string][],
      ).toString()
    : "";
const asParts = (value: unknown): string =>
  `${Object.entries(Object(value))
    .map(
      ([key, one]) =>
        `--b\r\ncontent-disposition: form-data; name="${key}"\r\n\r\n${String(one as string)}\r\n`,
    )
    .join("")}--b--\r\n`;

const bodyOf = (value: unknown): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: textsOf(fc.constant(value)) },
    fc.constantFrom(asForm(value), asParts(JSON.parse(JSON.stringify(value) ?? "null"))).chain((text) =>
      fc.oneof(
        fc.constant(text),
        fc.nat(text.length).map((at) => text.slice(0, at)),
      ),
    ),
    fc.string({ unit: "binary", maxLength: 30 }),
  );

const oddHeaders = fc.dictionary(
  fc.constantFrom(
    "range",
    "if-range",
    "if-none-match",
    "accept",
    "accept-encoding",
    "content-encoding",
    "content-length",
  ),
  fc.constantFrom(
    "",
    "bytes=0-0",
    "bytes=9-1,2-3",
    "bytes=-",
    "bytes=99999999999999999999-",
    '"x"',
    "*",
    "gzip",
    "-1",
    "application/*;q=9",
  ),
  { maxKeys: 2 },
);

const filled = (path: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.infiniteStream(fc.constantFrom(...pathValues)),
      fc.constantFrom(
        "",
        "/",
        "?",
        "?a=1&a=2",
        "?__proto__=1",
        "?job_id=2",
        "?%ff=%00",
        "?from=1e9&to=-1&page_size=0",
      ),
    )
    .map(([values, end]) => path.replace(/:[a-z_]+/g, () => values.next().value) + end);

const requestTo = (id: OperationId): fc.Arbitrary<Request> => {
  const { method, path, input } = operations[id];
  const values = valuesOf(z.toJSONSchema(input, { unrepresentable: "any", io: "input" }));
  return fc.record({
    id: fc.constant(id),
    method: fc.oneof(
      { weight: 8, arbitrary: fc.constant(method) },
      fc.constantFrom("GET", "POST", "PUT", "HEAD", "DELETE"),
    ),
    path: filled(path),
    type: fc.oneof({ weight: 3, arbitrary: fc.constant("application/json") }, fc.constantFrom(...types)),
    credential: fc.constantFrom(
      customer,
      `TD1 ${apikeys.hdp2}`,
      worker,
      `Worker ${tokens.v6}`,
      "",
      "TD1",
      "TD1 x y",
      "Worker ",
      "Basic YTpi",
    ),
    body: values.chain(bodyOf).map((text) => Buffer.from(text).toString("latin1")),
    headers: oddHeaders,
  });
};

const request = fc.oneof(...ids.map(requestTo));

/** Refused or answered, as the contract says, and never as a fault of its own. */
export const api: Target<Request[]> = {
  inputs: fc.array(request, { minLength: 1, maxLength: 4 }),
  take: async (requests) => {
    const ports = { clock: realClock, database: plain, stop: neverAborted };
    const service = system.startApi(system.createState(seed), ports);
    const job = { type: "presto", database: "sample", query: "SELECT 1", result: "web://u:p@sink/x" };
    await service.call("job.issue", job, customer);
    const self = { generation: "v5", engines: ["presto"], worker: "w", version: "1" };
    await service.call("worker.claim", self, worker);
    for (const { method, path, type, credential, body, headers } of requests) {
      const hasBody = method !== "GET" && method !== "HEAD";
      const response = await service.fetch(
        new Request(`http://api.test${path}`, {
          method,
          headers: { ...headers, "content-type": type, authorization: credential },
          ...(hasBody ? { body: Buffer.from(body, "latin1") } : {}),
        }),
      );
      const text = await response.text();
      if (response.status >= 500) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      if (response.status >= 400 && method !== "HEAD") errorBody.parse(JSON.parse(text));
      if (text.length > mostReplyCharacters)
        throw new Error(`${method} ${path}: a reply of ${text.length} characters`);
    }
  },
  runs: 800,
};

/** A refusal names what is wrong, and not all of what it was sent. */
const mostReplyCharacters = 200_000;
