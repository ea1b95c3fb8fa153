import type { ExchangeEvent, HistoryEvent } from "../history/event.ts";

/** An exchange of a worker that went well, but for what a test changes about it. */
export const exchangeEvent = (
  more: Partial<HistoryEvent & ExchangeEvent> = {},
): HistoryEvent & ExchangeEvent => ({
  seq: 1,
  at: 0,
  kind: "exchange",
  link: "worker->api",
  by: "worker-v5-1",
  generation: "v5",
  operation: "worker.heartbeat",
  job: "1",
  method: "POST",
  path: "/worker/v1/jobs/1/heartbeat",
  sent: 0,
  outcome: "ok",
  status: 200,
  request: { attempt: 1 },
  reply: { lease_ms: 3000, kill_requested: false },
  ...more,
});
