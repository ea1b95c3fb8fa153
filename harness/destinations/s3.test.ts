import { gzipSync } from "node:zlib";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseDestination } from "../../contracts/destination.ts";
import { objectKey, objectPath, type S3Settings } from "../../contracts/destinations/s3.ts";
import { authorizationOf, sha256Of } from "../../contracts/destinations/s3-signature.ts";
import { source } from "../testing/scenario.ts";
import { s3 } from "./s3.ts";

const at = { host: "store.test", port: 9000 };
const output = { kind: "s3" } as const;
const parsed = parseDestination(s3.url(output, "effect_1", at, {}));
if (!parsed.ok || parsed.settings.type !== "s3") throw new Error("the URL means nothing");
const settings: S3Settings = parsed.settings;

interface Change {
  job?: string;
  key?: { user: string; password: string };
  path?: string;
  contentSha256?: string;
}

function put(text: string, { job = "1", key = settings, ...change }: Change = {}) {
  const body = gzipSync(text);
  const request = {
    path: objectPath(settings.bucket, objectKey(settings, job)),
    host: "store.test:9000",
    date: "20190904T060000Z",
    contentSha256: sha256Of(body),
    ...change,
  };
  const authorization = authorizationOf(key, { method: "PUT", ...request });
  return { order: 1, ...request, authorization, body: body.toString("base64") };
}

let objects: object[] = [];
const server = setupServer(
  http.get("http://store.test:9000/_ready", () => new HttpResponse("")),
  http.get("http://store.test:9000/_objects", () => HttpResponse.json({ objects })),
);
beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterAll(() => server.close());

const read = async (given: object[], asked: Parameters<typeof s3.read>[0] = output) => {
  objects = given;
  await using stack = new AsyncDisposableStack();
  return await s3.read(asked, "effect_1", source, { at, server: {}, stack });
};

const line = (values: readonly unknown[]): string =>
  `${JSON.stringify(Object.fromEntries(source.columns.map(([name], i) => [name, values[i]])))}\n`;
const all = source.rows.map(line).join("");

test("a request for the object of a job is one to its folder; another name there is a place of its own", () => {
  const folder = s3.place(settings);
  const asked = (name: string) => s3.placeOfRequest?.(`${folder}${name}`);
  expect(asked("job_17.jsonl.gz")).toBe(folder);
  expect(asked("job_17.csv")).toBe(`${folder}job_17.csv`);
});

test("its URL names a place of the job's own, and where everything is refused", () => {
  expect(settings).toMatchObject({ ...at, tls: false, bucket: "daily-rows", format: "jsonl.gz" });
  expect(settings.prefix).toContain("effect_1");
  expect(s3.url({ kind: "s3", refuses: true }, "effect_1", at, {})).toContain("/no-access?");
  expect(s3.secrets({})).toEqual([settings.password]);
});

describe("what it holds", () => {
  test("an object that was written again is there once, as it was written last", async () => {
    expect(await read([put("{}\n"), put(all)])).toEqual({ rows: source.rows, deliveries: 1 });
  });

  test("two objects are two deliveries, and one elsewhere is none", async () => {
    const elsewhere = put(all, { path: "/daily-rows/exports/effect_2/job_1.jsonl.gz" });
    expect(await read([put(all), put(all, { job: "2" }), elsewhere])).toEqual({
      rows: [...source.rows, ...source.rows],
      deliveries: 2,
    });
  });

  test.each<[string, object]>([
    ["another secret", put(all, { key: { ...settings, password: "other" } })],
    ["another key", put(all, { key: { ...settings, user: "other" } })],
    ["no signature", { ...put(all), authorization: null }],
    ["a signature of something else", put(all, { contentSha256: sha256Of("other") })],
  ])("one with %s holds no row that anybody asked for", async (_, object) => {
    expect((await read([object])).rows).toEqual([
      ["cannot be read: an object that another key has signed, or none"],
    ]);
  });

  test.each([
    ["is no JSON", "{"],
    ["has a field less", `${JSON.stringify({})}\n`],
    ["has no end of its last line", all.trimEnd()],
  ])("one that %s holds no row that anybody asked for", async (_, text) => {
    expect((await read([put(text)])).rows).toEqual([
      [expect.stringContaining("cannot be read: an object of")],
    ]);
  });

  test("the fields of a record have no order", async () => {
    const turned = source.rows.map((row) => {
      const fields = source.columns.map(([name], i) => [name, row[i]] as const);
      return `${JSON.stringify(Object.fromEntries(fields.toReversed()))}\n`;
    });
    expect((await read([put(turned.join(""))])).rows).toEqual(source.rows);
  });

  test("one that is named as in the other format holds no row that anybody asked for", async () => {
    const path = objectPath(settings.bucket, objectKey({ ...settings, format: "tsv.gz" }, "1"));
    expect((await read([put(all, { path })])).rows).toEqual([
      ["cannot be read: an object that is no jsonl.gz by its name"],
    ]);
  });

  test.each(["12.50", "1.25E1", "0.125e2"])("a double may be written as %s", async (written) => {
    const prices: typeof source = { ...source, columns: [["price", "double"]], rows: [[12.5]] };
    objects = [
      put(`price\n${written}\n`, {
        path: objectPath(settings.bucket, objectKey({ ...settings, format: "tsv.gz" }, "1")),
      }),
    ];
    await using stack = new AsyncDisposableStack();
    const found = await s3.read({ kind: "s3", format: "tsv.gz" }, "effect_1", prices, {
      at,
      server: {},
      stack,
    });
    expect(found.rows).toEqual([[12.5]]);
  });

  test("cells are read by the type of their column", async () => {
    const text = [source.columns.map(([name]) => name), ...source.rows]
      .map((row) => `${row.map((cell) => cell ?? "\\N").join("\t")}\n`)
      .join("");
    const path = objectPath(settings.bucket, objectKey({ ...settings, format: "tsv.gz" }, "1"));
    expect((await read([put(text, { path })], { kind: "s3", format: "tsv.gz" })).rows).toEqual(source.rows);
  });
});

test("whatever was put is found, each job's object at its place and others at their own", async () => {
  objects = [put(all), put(all, { path: "/daily-rows/notes" })];
  await using stack = new AsyncDisposableStack();
  const found = await s3.survey({ at, server: {}, stack }, { isPassedOver: () => false, jobs: [] });
  expect([...(found ?? new Map<string, unknown>()).keys()]).toEqual([
    s3.place(settings),
    "PUT /daily-rows/notes",
  ]);
});
