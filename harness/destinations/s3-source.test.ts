import { gunzipSync } from "node:zlib";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseDestination } from "../../contracts/destination.ts";
import { listingQuery, objectPath, type S3Settings } from "../../contracts/destinations/s3.ts";
import { authorizationOf, sha256Of } from "../../contracts/destinations/s3-signature.ts";
import type { Source } from "./destination.ts";
import { s3 } from "./s3.ts";

/** A bucket that a job reads. */

const at = { host: "store.test", port: 9000 };
const output = { kind: "s3", holds: "records" } as const;
const parsed = parseDestination(s3.url(output, "effect_1", at, {}));
if (!parsed.ok || parsed.settings.type !== "s3") throw new Error("the URL means nothing");
const settings: S3Settings = parsed.settings;
const source: Source = {
  columns: [
    ["id", "bigint"],
    ["text", "string"],
  ],
  rows: [
    [1, null],
    ["9223372036854775807", null],
    [3, ""],
  ],
};
const held = s3.holds?.(output, "effect_1", source) ?? [];

let objects: object[] = [];
let reads: object[] = [];
const server = setupServer(
  http.get("http://store.test:9000/_objects", () => HttpResponse.json({ objects })),
  http.get("http://store.test:9000/_reads", () => HttpResponse.json({ reads })),
);
beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterAll(() => server.close());

const stored = (name: string, body: Uint8Array) => ({
  path: objectPath(settings.bucket, name),
  host: "store.test:9000",
  date: "20190904T060000Z",
  contentSha256: sha256Of(body),
  authorization: null,
  body: Buffer.from(body).toString("base64"),
});

function reading(key: { user: string; password: string }) {
  const path = `/${settings.bucket}`;
  const query = listingQuery(settings.prefix, null);
  const date = "20190904T060000Z";
  const contentSha256 = sha256Of("");
  const request = { method: "GET", path, query, host: "store.test:9000", date, contentSha256 };
  return { ...request, authorization: authorizationOf(key, request) };
}

async function found(given: { objects: object[]; reads: object[] }, asked = output) {
  ({ objects, reads } = given);
  await using stack = new AsyncDisposableStack();
  return await s3.read(asked, "effect_1", source, { at, server: {}, stack });
}

const whole = held.map(({ name, body }) => stored(name, body));

test("holds the rows in several objects, integers as numbers and null left out but in the first, and one beside", () => {
  expect(held.map(({ body }) => gunzipSync(body).toString("utf8"))).toEqual([
    '{"id":1,"text":null}\n',
    '{"id":9223372036854775807}\n',
    '{"id":3,"text":""}\n',
    '{"id":7,"text":null}\n',
  ]);
  const names = held.map(({ name }) => name);
  expect(names.map((name) => name.startsWith(settings.prefix))).toEqual([true, true, true, false]);
  expect(names.at(-1)?.startsWith(settings.prefix.replace(/\/$/, ""))).toBe(true);
});

test("what nobody has changed is the rows of the source, whoever with the key has read it", async () => {
  const { rows, deliveries } = await found({ objects: whole, reads: [reading(settings)] });
  expect([rows, deliveries]).toEqual([source.rows, 3]);
  expect(s3.after(output, source, [])).toEqual({ rows, deliveries });
});

test("an object that was written again, or that nobody had put there, is none of its rows", async () => {
  const [first, ...others] = whole;
  const again = { ...first, body: Buffer.from("other").toString("base64") };
  expect((await found({ objects: [again, ...others], reads: [] })).rows[0]).toEqual([
    expect.stringContaining("an object that nobody had put there"),
  ]);
  const more = stored(`${settings.prefix}part_4.jsonl.gz`, Uint8Array.of(1));
  expect((await found({ objects: [...whole, more], reads: [] })).rows).toHaveLength(4);
});

test("a request to read with another key is told", async () => {
  const { rows } = await found({
    objects: whole,
    reads: [reading({ ...settings, password: `${settings.password}x` })],
  });
  expect(rows.at(-1)).toEqual([expect.stringContaining("a request to read with another key")]);
});

test("what is read is of the place that has it, and a list of what it asks for", () => {
  const place = s3.place(settings);
  const asked = (request: string) => s3.placeOfRequest?.(`destination-s3 ${request}`);
  const own = objectPath(settings.bucket, `${settings.prefix}part_1.jsonl.gz`);
  expect(asked(`GET ${own}`)).toBe(`destination-s3 ${place}`);
  expect(asked(`GET /${settings.bucket}?${listingQuery(settings.prefix, null)}`)).toBe(
    `destination-s3 ${place}`,
  );
  expect(asked(`DELETE ${own}`)).not.toBe(`destination-s3 ${place}`);
  expect(asked(`GET ${objectPath(settings.bucket, held.at(-1)?.name ?? "")}`)).not.toBe(
    `destination-s3 ${place}`,
  );
});
