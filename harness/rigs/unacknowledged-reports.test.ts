import { expect, test } from "vitest";
import type { ExchangeEvent } from "../history/event.ts";
import { UnacknowledgedReports } from "./unacknowledged-reports.ts";

const tried = (status: number | null, more: Partial<ExchangeEvent> = {}): ExchangeEvent => ({
  kind: "exchange",
  link: "worker->api",
  by: "worker-v5-1",
  generation: "v5",
  operation: "worker.finish",
  job: "7",
  outcome: "unknown",
  status,
  sent: 0,
  request: { attempt: 1 },
  reply: undefined,
  ...more,
});

/** What is open after tries that followed one another. */
const after = (...events: ExchangeEvent[]) => {
  const reports = new UnacknowledgedReports();
  for (const event of events) {
    reports.sent(event);
    reports.concluded(event);
  }
  return (...workers: string[]) => reports.of(workers);
};

test.each([null, 503, 429])("a report that was answered %s is still to be acknowledged", (status) => {
  expect(after(tried(status))("worker-v5-1")).toBe(true);
});

test.each([200, 409, 404])("a report that was answered %i at last is settled", (status) => {
  expect(after(tried(null), tried(status))("worker-v5-1")).toBe(false);
});

test("an answer settles the report of that attempt alone, and of that worker", () => {
  const open = tried(null);
  expect(after(open, tried(200, { request: { attempt: 2 } }))("worker-v5-1")).toBe(true);
  expect(after(open, tried(200, { by: "worker-v5-2" }))("worker-v5-1")).toBe(true);
});

test("the report of a worker that is not asked about does not count", () => {
  expect(after(tried(null))("worker-v5-2")).toBe(false);
});

test("a try that fails after a later one was acknowledged opens nothing again", () => {
  const reports = new UnacknowledgedReports();
  const [early, later] = [tried(null), tried(200)];
  reports.sent(early);
  reports.sent(later);
  reports.concluded(later);
  reports.concluded(early);
  expect(reports.of(["worker-v5-1"])).toBe(false);
});

test("nothing but a finish report is one", () => {
  expect(after(tried(null, { operation: "worker.heartbeat" }))("worker-v5-1")).toBe(false);
});
