import { describe, expect, test } from "vitest";
import type { HistoryEvent } from "../history/event.ts";
import { exchangeEvent } from "../testing/events.ts";
import { exchangesOf, refusalStatus } from "./observe.ts";

const refusal = (text: string, more = {}): HistoryEvent =>
  exchangeEvent({
    link: "customer -> api",
    operation: "job.issue",
    job: null,
    status: 422,
    reply: { error: text, text, severity: "error" },
    ...more,
  });

test("the exchanges of a job are those about it, and no job has none", () => {
  const events = [exchangeEvent({ seq: 1 }), exchangeEvent({ seq: 2, job: "2" }), exchangeEvent({ seq: 3 })];
  expect(exchangesOf("1", events).map((event) => (event as (typeof events)[0]).seq)).toEqual([1, 3]);
  expect(exchangesOf(null, [exchangeEvent({ job: null })])).toEqual([]);
});

describe("the status of a refusal", () => {
  test.each<[string, HistoryEvent[], number | null]>([
    ["is that of the recorded reply in its words", [refusal("no such host"), refusal("no table")], 422],
    ["is the service's own, whatever it is", [refusal("no table", { status: 500 })], 500],
    [
      "is the last one's, where there are several",
      [refusal("no table", { status: 503 }), refusal("no table")],
      422,
    ],
    ["is none without such words", [refusal("no such host")], null],
    ["is none of another operation", [refusal("no table", { operation: "job.show" })], null],
    [
      "is none where no reply came",
      [refusal("no table", { status: null, reply: { problem: "reset" } })],
      null,
    ],
    ["is none of a reply that is no object", [refusal("no table", { reply: "no table" })], null],
    ["is none in an empty history", [], null],
  ])("%s", (_, events, status) => {
    expect(refusalStatus("no table", events)).toBe(status);
  });
});
