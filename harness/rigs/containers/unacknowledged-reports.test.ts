import { expect, test } from "vitest";
import type { ExchangeEvent } from "../../history/event.ts";
import { UnacknowledgedReports } from "./unacknowledged-reports.ts";

const sent = (status: number | null, more: Partial<ExchangeEvent> = {}): ExchangeEvent => ({
  kind: "exchange",
  link: "worker->api",
  by: "worker-v5-1",
  generation: "v5",
  operation: "worker.finish",
  job: "7",
  outcome: "unknown",
  status,
  request: { attempt: 1 },
  reply: undefined,
  mismatches: [],
  ...more,
});

const after = (...events: ExchangeEvent[]) => {
  const reports = new UnacknowledgedReports();
  for (const event of events) reports.saw(event);
  return (...workers: string[]) => reports.of(workers);
};

test.each([null, 503, 429])("a report that was answered %s is still to be acknowledged", (status) => {
  expect(after(sent(status))("worker-v5-1")).toBe(true);
});

test.each([200, 409, 404])("a report that was answered %i at last is settled", (status) => {
  expect(after(sent(null), sent(status))("worker-v5-1")).toBe(false);
});

test("an answer settles the report of that attempt alone, and of that worker", () => {
  const open = sent(null);
  expect(after(open, sent(200, { request: { attempt: 2 } }))("worker-v5-1")).toBe(true);
  expect(after(open, sent(200, { by: "worker-v5-2" }))("worker-v5-1")).toBe(true);
});

test("the report of a worker that is not asked about does not count", () => {
  expect(after(sent(null))("worker-v5-2")).toBe(false);
});

test("nothing but a finish report is one", () => {
  expect(after(sent(null, { operation: "worker.heartbeat" }))("worker-v5-1")).toBe(false);
});
