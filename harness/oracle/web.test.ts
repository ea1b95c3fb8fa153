import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { takenRows, webDeliveries } from "./web.ts";

const path = "/sink/effect_1";
const came = (rows: unknown[], more: object = {}) => ({
  method: "POST",
  path,
  body: JSON.stringify({ column_names: ["id"], column_types: ["bigint"], data: rows }),
  ...more,
});
let deliveries: object[] = [];
const server = setupServer(
  http.get("http://sink.test/_deliveries", ({ request }) =>
    new URL(request.url).searchParams.get("path") === path
      ? HttpResponse.json({ deliveries })
      : HttpResponse.json({ deliveries: [] }),
  ),
);
beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterAll(() => server.close());

const taken = (method = "POST") => takenRows("http://sink.test", { method, path });

test("rows that came again under their key were taken once", async () => {
  deliveries = [came([[1]], { idempotencyKey: "job-1" }), came([[1]], { idempotencyKey: "job-1" })];
  expect(await taken()).toEqual([[1]]);
  expect(await webDeliveries("http://sink.test", path)).toEqual({ count: 2, rows: [[1], [1]] });
});

test("rows under another key, or under none, were taken once more each", async () => {
  const none = came([[1]], { idempotencyKey: null });
  deliveries = [came([[1]], { idempotencyKey: "a" }), came([[1]], { idempotencyKey: "b" }), none, none];
  expect(await taken()).toHaveLength(4);
});

test("what came by another method did not come as it was asked for", async () => {
  deliveries = [came([[1]], { method: "PUT" })];
  expect(await taken()).toEqual([]);
  expect(await taken("PUT")).toEqual([[1]]);
});
