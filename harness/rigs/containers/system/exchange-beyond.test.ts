import { expect, test } from "vitest";
import { departuresOf } from "../../../history/departures.ts";
import type { Passage } from "../../../proxy/http-proxy.ts";
import { passageOf } from "../../../testing/passage.ts";
import { exchangeOf, parseBody, type Speaker } from "./exchange-of.ts";

/** What nobody could keep or judge is told in words, which the contract does not allow. */

const v5: Speaker = { link: "worker->api", by: "worker-v5-1", generation: "v5" };
const customer: Speaker = { link: "customer->api", by: "customer", generation: null };
const exchangeBy = (speaker: Speaker, passage: Passage) => exchangeOf(speaker, passage, 42);
const claimed = () =>
  passageOf({
    url: "/worker/v1/claim",
    request: { generation: "v5", engines: ["presto"], worker: "w", version: "digest" },
    reply: {},
  });

function withReply(body: Buffer): Passage {
  const { served, ...passage } = claimed();
  return { ...passage, served: served === null ? null : { ...served, body } };
}

const deep = Buffer.from(`${'{"job":'.repeat(5_000)}null${"}".repeat(5_000)}`);
const wide = Buffer.from(JSON.stringify({ jobs: Array.from({ length: 300_000 }, () => 0) }));

test.each<[string, Passage, string]>([
  [
    "a reply that its link did not keep",
    {
      ...claimed(),
      status: null,
      served: {
        status: 200,
        head: "HTTP/1.1 200 OK",
        body: Buffer.alloc(0),
        beyond: "a reply of more than 5 bytes",
      },
    },
    "(a reply of more than 5 bytes)",
  ],
  [
    "a reply that is too deep",
    withReply(deep),
    "(40004 bytes with more than 100 arrays and objects within each other)",
  ],
  ["a reply of too many values", withReply(wide), "(600010 bytes with more than 200000 values)"],
])("%s", (_, passage, told) => {
  const exchange = exchangeBy(v5, passage);
  expect(exchange.reply).toBe(told);
  expect(departuresOf(exchange)).toEqual([expect.stringMatching(/^reply: body: /)]);
});

test("a form of too many parameters", () => {
  expect(
    parseBody(Buffer.from("a&".repeat(2_000_000)), { "content-type": "application/x-www-form-urlencoded" }),
  ).toBe("(a form of more than 1000 parameters)");
});

test("a reply with much that is wrong is told by its first problems", () => {
  const reply = { jobs: Array.from({ length: 100_000 }, () => 0), count: 0, from: null, to: null };
  const [departure] = departuresOf(
    exchangeBy(customer, passageOf({ method: "GET", url: "/v3/job/list", reply })),
  );
  expect(departure).toMatch(/and 99992 more$/);
  expect(departure?.length).toBeLessThan(3_000);
});
