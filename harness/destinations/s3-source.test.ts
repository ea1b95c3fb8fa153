import { gunzipSync } from "node:zlib";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseDestination } from "../../contracts/destination.ts";
import { listingQuery, objectPath, type S3Settings } from "../../contracts/destinations/s3.ts";
import { authorizationOf, sha256Of } from "../../contracts/destinations/s3-signature.ts";
import type { HeldObject, Source } from "./destination.ts";
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
    ["flag", "bigint"],
  ],
  booleans: ["flag"],
  rows: [
    [1, null, null],
    ["9223372036854775807", null, 1],
    [3, "/é\u{1F600}", 0],
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

const textsOf = (objects: readonly HeldObject[]) =>
  objects.map(({ body }) => gunzipSync(body).toString("utf8"));

test("holds the rows in several objects, each in another form, integers as numbers, and one beside", () => {
  expect(textsOf(held)).toEqual([
    '{"id":1}',
    '\ufeff{"id":9223372036854775807,"text":null,"flag":true,"nobodys":"value","ID":7}\r\n',
    '\t{ "flag":false ,\t"text":"\\/\\u00e9\\ud83d\\ude00" ,\t"id":3 } \n',
    '{"id":7,"text":null,"flag":false}\n',
  ]);
  const names = held.map(({ name }) => name);
  expect(names.map((name) => name.startsWith(settings.prefix))).toEqual([true, true, true, false]);
  expect(names.at(-1)?.startsWith(settings.prefix.replace(/\/$/, ""))).toBe(true);
});

test("is read with all columns in the order in which records have them, true and false as such", () => {
  expect(s3.asRead?.(source)).toEqual([
    [1, null, null, null, null],
    ["9223372036854775807", null, true, "value", 7],
    [3, "/é\u{1F600}", false, null, null],
  ]);
});

test("of a prefix that is no folder the names begin with it, one with that of another one, and one is empty", () => {
  const named = { ...output, isNamed: true } as const;
  const objects = s3.holds?.(named, "effect_1", source) ?? [];
  const parsed = parseDestination(s3.url(named, "effect_1", at, {}));
  const { bucket, prefix } = parsed.ok && parsed.settings.type === "s3" ? parsed.settings : settings;
  expect([bucket.includes("."), prefix.endsWith("/")]).toEqual([true, false]);
  const below = objects
    .filter(({ name }) => name.startsWith(prefix))
    .map(({ name }) => name.slice(prefix.length));
  expect(below).toEqual(["1.jsonl.gz", "1.jsonl.gz.2", "more/3.gz", "more/4.gz"]);
  expect(objects.at(-1)?.name.toLowerCase()).toBe(`${prefix}1.jsonl.gz`);
  expect(textsOf(objects)[3]).toBe("");
  const place = s3.place({ ...settings, bucket, prefix });
  const reads = objects.map(({ name }) => s3.placeOfRequest?.(`GET ${objectPath(bucket, name)}`));
  expect(reads.map((one) => one === place)).toEqual([true, true, true, true, false]);
});

test("where one is cut off, others beside it cannot be read for reasons of their own", () => {
  const broken = { ...output, holds: "broken" } as const;
  const outputs = s3.unreadable?.(broken) ?? [];
  const objects = s3.holds?.(broken, "effect_1", source) ?? [];
  const prefixes = outputs.map((one) => {
    const parsed = parseDestination(s3.url(one, "effect_1", at, {}));
    return parsed.ok && parsed.settings.type === "s3" ? parsed.settings.prefix : "";
  });
  const bodies = prefixes.map((prefix) =>
    objects.filter(({ name }) => name.startsWith(prefix)).map(({ body }) => Buffer.from(body)),
  );
  expect(bodies.map((all) => all.length)).toEqual(outputs.map(() => 2));
  const texts = bodies.map(([, body]) => (body?.[0] === 0x1f ? gunzipSync(body) : body)?.toString("utf8"));
  const [first, last] = ['{"id":1,"text":null,"flag":1}', '{"id":2,"text":null,"flag":2}'];
  expect(texts).toEqual([
    `${first}\n${last}`,
    `${first}\n\n${last}`,
    `${first}\n{"id":1,"text":[]}\n${last}`,
    `${first}\n"id"\n${last}`,
    `${first}\n{"text":"\ufffd"}\n${last}`,
    `${first}\n${first.slice(0, -1)}\n${last}`,
  ]);
  expect(s3.unreadable?.(output)).toEqual([]);
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
