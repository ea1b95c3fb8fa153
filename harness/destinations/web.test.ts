import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseDestination } from "../../contracts/destination.ts";
import { sha256 } from "../secrets.ts";
import { source } from "../testing/scenario.ts";
import { web } from "./web.ts";

const at = { host: "sink.test", port: 8080 };
const path = "/sink/effect_1/a%20b+c?x=%2F+1&y=%C3%B6";
const login = { user: "loader@shop", password: "p@ss:w/ö%25%+ ?#&" };
const plainPath = "/sink/effect_1";
const came = (rows: unknown[], more: object = {}) => ({
  method: "POST",
  path,
  body: JSON.stringify({ column_names: ["id"], column_types: ["bigint"], data: rows }),
  ...more,
});
let deliveries: object[] = [];
let status = 200;
const server = setupServer(
  http.get("http://sink.test:8080/_ready", () => new HttpResponse("", { status })),
  http.get("http://sink.test:8080/_deliveries", ({ request }) =>
    status !== 200
      ? new HttpResponse("", { status })
      : HttpResponse.json({
          deliveries: [path, plainPath, null].includes(new URL(request.url).searchParams.get("path"))
            ? deliveries
            : [],
        }),
  ),
);
beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterAll(() => server.close());

describe("the URL", () => {
  const meant = {
    type: "web",
    tls: false,
    host: "sink.test",
    port: 8080,
    path,
    method: "POST",
    ...login,
  };

  test("is a path of the job's own, by POST and with a login that must be decoded", () => {
    const url = web.url({ kind: "web" }, "effect_1", at, {});
    expect(url).toBe(
      "web://loader%40shop:p%40ss%3Aw%2F%C3%B6%2525%25%2B%20%3F%23%26@sink.test:8080/sink/effect_1/a%20b+c?x=%2F+1&method=post&y=%C3%B6",
    );
    expect(parseDestination(url)).toEqual({ ok: true, settings: meant });
  });

  test("has no login, no method and no parameters, where the scenario says so", () => {
    const url = web.url({ kind: "web", isPlain: true }, "effect_1", at, {});
    expect(url).toBe("web://sink.test:8080/sink/effect_1");
    expect(parseDestination(url)).toEqual({
      ok: true,
      settings: { ...meant, path: "/sink/effect_1", method: "PUT", user: null, password: null },
    });
  });

  test("is where everything is refused, where the scenario says so", () => {
    const url = web.url({ kind: "web", refuses: true }, "effect_1", at, {});
    expect(parseDestination(url)).toEqual({
      ok: true,
      settings: { ...meant, path: path.replace("sink", "refuse") },
    });
  });

  test("of a server with an IPv6 address has brackets, and a simulated one has a host of its own", () => {
    expect(web.url({ kind: "web" }, "effect_1", { host: "::1", port: 9 }, {})).toContain("@[::1]:9/sink/");
    const simulated = web.simulatedUrl({ kind: "web" }, "effect_1");
    expect(parseDestination(simulated)).toEqual({
      ok: true,
      settings: { ...meant, host: "destination.test", port: 80 },
    });
  });
});

describe("what it holds", () => {
  const read = async (more: object = {}) => {
    await using stack = new AsyncDisposableStack();
    return await web.read({ kind: "web", ...more }, "effect_1", source, { at, server: {}, stack });
  };

  test("rows that came again under their key count once", async () => {
    deliveries = [came([[1]], { idempotencyKey: "job-1" }), came([[1]], { idempotencyKey: "job-1" })];
    expect(await read()).toEqual({ rows: [[1]], deliveries: 1 });
  });

  test("rows under another key, or under none, count once more each", async () => {
    const none = came([[1]], { idempotencyKey: null });
    deliveries = [came([[1]], { idempotencyKey: "a" }), came([[1]], { idempotencyKey: "b" }), none, none];
    expect(await read()).toEqual({ rows: [[1], [1], [1], [1]], deliveries: 4 });
  });

  test("what came by another method did not come as it was asked for", async () => {
    deliveries = [came([[1]], { method: "PUT" })];
    expect(await read()).toEqual({ rows: [], deliveries: 0 });
  });

  test("what came with its URL's credentials is taken, with others it is no row that anybody asked for", async () => {
    const digestOf = (text: string) => sha256(`Basic ${Buffer.from(text).toString("base64")}`);
    const right = digestOf(`${login.user}:${login.password}`);
    deliveries = [came([[1]], { authorizationSha256: right })];
    expect(await read()).toEqual({ rows: [[1]], deliveries: 1 });
    for (const other of [null, digestOf(`${login.user}:${login.password.replace("%25", "%")}`)]) {
      deliveries = [came([[1]], { authorizationSha256: other })];
      const why = "cannot be read: a delivery with other credentials than those of its URL";
      expect(await read()).toEqual({ rows: [[why]], deliveries: 1 });
    }
  });

  test("of a plain URL it is what came by PUT and without a login, not even that of another URL", async () => {
    const asked = { method: "PUT", path: plainPath };
    deliveries = [came([[1]], { ...asked, authorizationSha256: null })];
    expect(await read({ isPlain: true })).toEqual({ rows: [[1]], deliveries: 1 });
    deliveries = [came([[1]], { ...asked, method: "POST", authorizationSha256: null })];
    expect(await read({ isPlain: true })).toEqual({ rows: [], deliveries: 0 });
    deliveries = [came([[1]], { ...asked, authorizationSha256: sha256("Basic bG9hZGVy") })];
    const why = "cannot be read: a delivery with other credentials than those of its URL";
    expect(await read({ isPlain: true })).toEqual({ rows: [[why]], deliveries: 1 });
  });

  test.each([
    ["is no JSON", "{"],
    ["has no data", "{}"],
    ["has something else than rows", JSON.stringify({ column_names: [], column_types: [], data: [1] })],
  ])("a delivery that %s counts, and its rows are none that anybody asked for", async (_, body) => {
    deliveries = [came([], { body })];
    expect(await read()).toEqual({
      rows: [[`cannot be read: a delivery that begins ${JSON.stringify(body)}`]],
      deliveries: 1,
    });
  });

  test("a server that does not answer is no empty destination", async () => {
    status = 500;
    await expect(read()).rejects.toThrow("the web destination answered 500 to /_deliveries");
    await expect(web.greet(at, {}, new AbortController().signal)).rejects.toThrow("it answered 500");
    status = 200;
    await web.greet(at, {}, new AbortController().signal);
  });
});

describe("all that it holds", () => {
  const held = async (...all: object[]) => {
    deliveries = all;
    await using stack = new AsyncDisposableStack();
    const options = { isPassedOver: () => false, jobs: [] };
    return await web.survey({ at, server: {}, stack }, options);
  };
  const columns = [["id", "bigint"]];

  test("is by method and path, whoever it was for, in the columns that it says", async () => {
    const survey = await held(came([[1]]), came([[1], [2]], { method: "PUT", path: "/sink/effect_2?x=1" }));
    expect([...(survey ?? [])].map(([place, { content }]) => [place, content])).toEqual([
      [`POST ${path}`, { columns, rows: 1 }],
      ["PUT /sink/effect_2?x=1", { columns, rows: 2 }],
    ]);
    const url = web.simulatedUrl({ kind: "web" }, "effect_1");
    const parsed = parseDestination(url);
    expect(parsed.ok && survey?.has(web.place(parsed.settings))).toBe(true);
  });

  test("is otherwise after one more delivery, but not after the same again under its key", async () => {
    const keyed = came([[1]], { idempotencyKey: "job-1" });
    const markOf = async (...all: object[]) => (await held(...all))?.get(`POST ${path}`)?.mark;
    expect(await markOf(keyed, keyed)).toBe(await markOf(keyed));
    expect(await markOf(keyed, came([[1]]))).not.toBe(await markOf(keyed));
  });

  test("is not told by a server that lists one path alone", async () => {
    status = 404;
    expect(await held()).toBeNull();
    status = 200;
    expect(await held({ method: "POST", body: "{}" })).toBeNull();
    status = 500;
    await expect(held()).rejects.toThrow("the web destination answered 500 to /_deliveries");
    status = 200;
  });

  test("has no columns where nobody can read them", async () => {
    const survey = await held(came([], { body: "<html>" }));
    expect(survey?.get(`POST ${path}`)?.content).toEqual({ rows: 1 });
  });
});

test("a simulated one holds the rows of all deliveries", () => {
  const settings = { type: "web" } as never;
  const { columns } = source;
  const twice = [
    { job: "1", settings, columns, rows: [[1, "A"]] },
    { job: "2", settings, columns, rows: [[2, "B"]] },
  ];
  expect(web.after({ kind: "web" }, source, twice)).toEqual({
    rows: [
      [1, "A"],
      [2, "B"],
    ],
    deliveries: 2,
  });
  expect(web.after({ kind: "web" }, source, [])).toEqual({ rows: [], deliveries: 0 });
});

test.each([
  ["deep", `{"data":${"[".repeat(1_000)}${"]".repeat(1_000)}}`],
  ["wide", JSON.stringify({ column_names: ["id"], column_types: [], data: Array(2_100_000).fill(0) })],
  [
    "wrong in many places",
    JSON.stringify({ column_names: Array(900_000).fill(0), column_types: [], data: [] }),
  ],
])("a delivery that is too %s is no rows, and is told by its beginning", async (_, body) => {
  status = 200;
  deliveries = [came([], { body })];
  const { rows } = await web.read({ kind: "web" }, "effect_1", source, { at } as never);
  expect(rows).toEqual([[expect.stringContaining("a delivery that begins")]]);
});
