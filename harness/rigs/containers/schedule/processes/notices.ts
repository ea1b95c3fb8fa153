import { setTimeout as delay } from "node:timers/promises";
import { textField } from "../../../../../contracts/step.ts";
import type { Millis } from "../../../../../contracts/values.ts";
import type { Config } from "../../../../config/config.ts";
import { lacksOf } from "../../../../config/lacks.ts";
import type { HistoryEvent, NoticeEvent, NoticesExtent } from "../../../../history/event.ts";
import { troubleOf } from "../../../../history/modelled/excuses.ts";
import { noticesAwaitedUntil } from "../../../../history/modelled/model-calls.ts";
import { headerOf } from "../../../../proxy/http-message.ts";
import type { HttpPlan, HttpReply, HttpRequest } from "../../../../proxy/http-proxy.ts";
import type { Schedule } from "../../../../schedule/schedule.ts";
import { headersIn, parseBody } from "../../system/exchange-of.ts";
import { noticesPath } from "../../system/link.ts";
import type { Ends } from "../carriers.ts";
import type { FaultGate } from "../fault-gate.ts";
import type { JobBook } from "../job-book.ts";

/** Notices of scheduled queries in containers. */

/** What the API promises of them; undefined where it sends none to Interlock. */
export function noticesOf(
  config: Config,
  { releases }: Pick<Schedule, "releases">,
): NoticesExtent | undefined {
  const { notices, customers } = config;
  if (notices === undefined || lacksOf(config, releases.api).includes("scheduled_query.create"))
    return undefined;
  const accounts = Object.entries(customers).map(([cluster, { account }]) => [cluster, account]);
  return { ...notices, accounts: Object.fromEntries(accounts), path: noticesPath };
}

interface OnStage {
  book: Pick<JobBook, "isOfAnother" | "numberOf">;
  gate: FaultGate;
  events: HistoryEvent[];
  /** Of those events the ones that went no further than their sender. */
  unsaid: Set<HistoryEvent>;
  at: Millis;
}

/** What becomes of a notice. It is on record, unless it is told of a scheduled query of an earlier schedule on the rig. */
export function noticePlan(
  whose: Ends,
  { method, url, head, requestBody }: HttpRequest,
  { book, gate, events, unsaid, at }: OnStage,
): HttpPlan | null {
  const notice: HistoryEvent & NoticeEvent = {
    seq: events.length,
    at,
    kind: "notice",
    by: whose.by,
    key: headerOf(head, "idempotency-key") || null,
    method,
    path: url,
    mediaType: headerOf(head, "content-type") || null,
    body: parseBody(requestBody, headersIn(head)) ?? null,
    status: null,
  };
  if (book.isOfAnother(textField(notice.body, "scheduled_query"))) return null;
  events.push(notice);
  const job = book.numberOf(textField(notice.body, "job_id") ?? "") ?? null;
  return {
    ...gate.plan<HttpReply>({ link: "api->notices", operation: "notify", job, ...whose }),
    concluded: ({ reached, status }) => {
      notice.status = status;
      if (!reached) unsaid.add(notice);
    },
  };
}

/** Between two looks at whether one is missing. */
const lookMs: Millis = 100;

interface Telling {
  history(): readonly HistoryEvent[];
  /** As the events of the history tell time. */
  now(): Millis;
}

/** Resolves when every change of which the history tells was told, or when it is too late for that. */
export async function untilTold(schedule: Schedule, life: Telling, stop: AbortSignal): Promise<void> {
  let [seen, until] = [-1, Number.POSITIVE_INFINITY];
  for (; life.now() <= until; await delay(lookMs, undefined, { signal: stop })) {
    const events = life.history();
    // To judge it takes a while, in which no link is served.
    if (events.length === seen) continue;
    seen = events.length;
    until = noticesAwaitedUntil(events, troubleOf(events, schedule));
  }
}
