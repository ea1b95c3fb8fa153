import type { ExchangeEvent, HistoryEvent } from "../history/event.ts";

/** An exchange of a worker that went well, but for what a test changes about it. */
export const exchangeEvent = (
  more: Partial<HistoryEvent & ExchangeEvent> = {},
): HistoryEvent & ExchangeEvent => ({
  seq: 1,
  at: 0,
  kind: "exchange",
  link: "worker-v5 -> api",
  generation: "v5",
  operation: "worker.heartbeat",
  job: "1",
  method: "POST",
  path: "/worker/v1/jobs/1/heartbeat",
  outcome: "ok",
  status: 200,
  request: { attempt: 1 },
  reply: { lease_ms: 3000, kill_requested: false },
  mismatches: [],
  ...more,
});
