import { expect, test } from "vitest";
import { knownForMs } from "../../../contracts/operations/streaming-import.ts";
import type { Millis } from "../../../contracts/values.ts";
import { acme } from "../../../fixtures/api/testing/service.ts";
import { type ClientName, type ClientPolicy, policies } from "../../../fixtures/clients/policies.ts";
import { type Outcome, type RetryRule, send } from "../../../fixtures/clients/sending.ts";
import { type Api, content, hour, minute, ofThatDay, repaired, serve } from "./api.ts";

/** How often one chunk is imported that clients send again and again, because a load balancer hides that it was stored. */

/** After so long the load balancer ends a request, while the API goes on and stores it. */
const cutMs: Millis = minute;
/** From 14:00 to 21:00 on that day. */
const eveningMs: Millis = 7 * hour;

/** Nobody's policy: it sends for five hours and a half, at an interval just above the time in which a chunk is known. */
const every = (intervalMs: Millis, untilMs: Millis): RetryRule => ({
  on: ({ answer }) => answer !== 200,
  wait: ({ now }) => (now + intervalMs - cutMs > untilMs ? null : intervalMs - cutMs),
});

/** @param cut what a client sees of it: the load balancer's 504, or a connection that ends */
const during =
  (endMs: Millis, cut: Outcome["answer"]) =>
  (at: Millis): Outcome =>
    at < endMs ? { answer: cut, afterMs: cutMs } : { answer: 200, afterMs: 0 };

const timesOf = (
  rules: readonly RetryRule[],
  timeoutMs: Millis | null,
  answer: (at: Millis) => Outcome,
): Millis[] => send({ timeoutMs, rules }, answer, () => 0.5).map(({ at }) => at);

/** How often its one record is in the table in the end. */
async function imported(api: Api, times: readonly Millis[]): Promise<number> {
  const { call, clock, forget, importAll, rows } = await serve(api);
  const began = clock.at;
  const chunk = { database: "shop", table: "orders", format: "msgpack.gz", unique_id: "5f1d" } as const;
  for (const at of times) {
    clock.at = began + at;
    await forget();
    await call("table.import_with_id", { ...chunk, content: content.toString("base64") }, acme);
    await importAll();
  }
  return rows();
}

/** Requests, imports on the API of that day, imports on the repaired one. */
async function outcome(times: readonly Millis[]): Promise<number[]> {
  return [times.length, await imported(ofThatDay, times), await imported(repaired, times)];
}

test.each<[ClientName, number, number]>([
  ["ruby", 1, 1],
  ["python", 1, 1],
  ["node", 1, 1],
  ["go", 1, 1],
  ["java", 8, 1],
  ["embulk", 21, 2],
  ["fluentd 1.x", 16, 6],
  ["fluentd 0.12", 16, 6],
])(
  "%s in that evening: a chunk that is answered 504 is sent %i times and was imported %i times, now once",
  async (client, requests, before) => {
    const { timeoutMs, calls }: ClientPolicy = policies[client];
    const times = timesOf(calls.import ?? [], timeoutMs, during(eveningMs, 504));
    expect(await outcome(times)).toEqual([requests, before, 1]);
  },
);

test.each<[ClientName, number, number]>([
  ["ruby", 2, 1],
  ["python", 4, 1],
  ["fluentd 1.x", 31, 7],
])(
  "%s, where the connection ends instead, sends it %i times; it was imported %i times, now once",
  async (client, requests, before) => {
    const { timeoutMs, calls }: ClientPolicy = policies[client];
    const times = timesOf(calls.import ?? [], timeoutMs, during(eveningMs, "reset"));
    expect(await outcome(times)).toEqual([requests, before, 1]);
  },
);

test.each<[string, RetryRule[], Millis, number, number]>([
  ["a fixed interval just above the window", [every(22 * minute, 5 * hour + 27 * minute)], 72 * hour, 15, 15],
  ["an interval within the window", [every(19 * minute, 18 * minute)], 72 * hour, 1, 1],
  ["fluentd 1.x until it gives up", [...policies["fluentd 1.x"].calls.import], 96 * hour, 18, 8],
])(
  "%s: duplicates on the API of that day, none on the repaired one",
  async (_, rules, endMs, requests, before) => {
    const times = timesOf(rules, null, during(endMs, 504));
    expect(await outcome(times)).toEqual([requests, before, 1]);
  },
);

test("a client that comes back after the window of a week adds nothing", async () => {
  const times = [0, knownForMs + hour];
  expect(await imported(repaired, times)).toBe(1);
  expect(await imported({ ...repaired, remembers: false }, times)).toBe(2);
});
