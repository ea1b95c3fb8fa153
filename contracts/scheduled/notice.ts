import { z } from "zod";
import { scheduledName } from "../operations/scheduled-queries.ts";
import { type Millis, timestamp } from "../values.ts";

/** What the owner of a scheduled query is told, by POST to the receiver that the service has. */

const number = z.string().regex(/^[1-9]\d*$/, "expected a number as text");

/** Nothing else is in it: no query, no destination and no message. */
export const notice = z.strictObject({
  /** Also its `idempotency-key`. A later one of the same scheduled query has a greater one. */
  id: number,
  account: z.int().positive(),
  scheduled_query: scheduledName,
  change: z.enum(["failing", "resumed"]),
  /** The job whose end it was. */
  job_id: number,
  changed_at: timestamp,
});
export type Notice = z.output<typeof notice>;

/** How it is asked for. */
export const noticeRequest = { method: "POST", mediaType: "application/json" } as const;

/** One that was not taken comes again after this. */
export const firstNoticeWaitMs: Millis = 1_000;
/** One that was not taken comes again after waits that double, up to this. */
export const longestNoticeWaitMs: Millis = 300_000;
