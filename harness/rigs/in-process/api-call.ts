import type { Reply } from "../../../contracts/in-process.ts";
import type { Cluster, Generation } from "../../../contracts/job.ts";
import { field, textField } from "../../../contracts/step.ts";
import { stepOf } from "../../../contracts/steps.ts";
import type { Millis } from "../../../contracts/values.ts";
import type { ExchangeEvent, HistoryEvent } from "../../history/event.ts";
import type { LinkName, Phase } from "../../schedule/schedule.ts";
import { saysSuccess } from "../held.ts";
import { answerOf } from "../injected.ts";
import type { UnacknowledgedReports } from "../unacknowledged-reports.ts";
import type { SimulatedProcess } from "./process.ts";
import { type Plane, transit } from "./transit.ts";
import type { ServedRequest } from "./transport.ts";

/** One call of an operation of the API, by the customer or by a worker. */
export interface ApiCall extends ServedRequest {
  link: LinkName;
  by: SimulatedProcess;
  generation: Generation | null;
  /** Of the customer that calls; undefined for a worker. */
  customer?: Cluster | undefined;
  /** The workload's number of the job that it is about, as far as the caller knows. */
  number: number | null;
  signal?: AbortSignal | undefined;
  api: SimulatedProcess;
  /** The release that it is of, where there may be several. */
  release?: string;
  /** Puts the call to the API that is up when it arrives. */
  serve: () => Promise<Reply>;
  limitMs: Millis;
  /** The job that a reply turned out to be about. */
  numberIn: (reply: Reply) => number | null;
  /** Called while a report that matters is held back. */
  onHeld: (phase: Phase) => void;
}

/** Where calls are taken down. */
export interface CallLog {
  events: HistoryEvent[];
  reports: UnacknowledgedReports;
}

/** Makes the call and takes down what came of it, also where its caller did not live to learn of it. */
export async function callApi(plane: Plane, { events, reports }: CallLog, call: ApiCall): Promise<Reply> {
  const { link, by, generation, operation, input } = call;
  const { clock } = plane;
  // What a dead process still wants to say is neither said nor on record; a paused one says it later.
  if (!by.running) await by.gate();
  const isGrant = stepOf(operation) === "grant";
  const isReport = stepOf(operation) === "report";
  const sent = clock.now();
  const about = jobIdOf(input) ?? null;
  const event: HistoryEvent & ExchangeEvent = {
    seq: events.length,
    at: sent,
    kind: "exchange",
    link,
    by: by.name,
    generation,
    customer: call.customer,
    operation,
    job: about,
    sent,
    // What is true of a caller that dies before it learns anything.
    outcome: "fail",
    status: null,
    request: input,
    reply: undefined,
    served: undefined,
    servedAt: undefined,
  };
  events.push(event);
  reports.sent(event);
  if (isGrant) by.busy = false;
  // A call may take effect long after its caller gave it up; what the caller learned, and when, stays as it was.
  let learned = false;
  const effect = async () => {
    event.outcome = "unknown";
    if (saysSuccess(operation, input)) call.onHeld("before");
    const reply = await call.serve();
    if (isReport && reply.status === 200) call.onHeld("after");
    if (learned) event.servedAt = clock.now();
    else event.at = clock.now();
    noteAnswer(event, reply, call);
    // Of a call that arrived twice the last reply counts, as on every rig: what the first one brought nobody has seen.
    event.job = about ?? jobIdOf(reply.body) ?? null;
    return reply;
  };
  try {
    const reply = await transit(plane, {
      link,
      operation,
      job: call.number,
      by,
      to: call.api,
      effect,
      jobOf: call.numberIn,
      answer: answerOf,
      serviceMs: 0,
      signal: call.signal,
      limitMs: call.limitMs,
    });
    event.status = reply.status;
    const served = event.served !== undefined;
    const genuine = served && event.reply === reply.body;
    // An answer that a fault gave in the service's place does not come from the service.
    if (!served) event.served = null;
    if (genuine) event.served = undefined;
    if (isGrant) by.busy = genuine && event.job !== null;
    event.outcome = outcomeOf(reply.status, genuine) ?? event.outcome;
    return reply;
  } finally {
    learned = true;
    event.at = clock.now();
    reports.concluded(event);
  }
}

function noteAnswer(event: ExchangeEvent, { status, body, headers }: Reply, call: ApiCall): void {
  event.served = status;
  event.reply = body;
  if (call.release !== undefined) {
    event.server = call.api.name;
    event.release = call.release;
  }
  if (headers !== undefined) event.headers = { request: call.headers ?? {}, reply: headers };
}

/** Undefined where the answer does not say what came of the call. */
function outcomeOf(status: number, genuine: boolean): ExchangeEvent["outcome"] | undefined {
  if (status === 200 || status === 206) return "ok";
  return genuine && status < 500 ? "fail" : undefined;
}

const jobIdOf = (value: unknown): string | undefined =>
  textField(value, "job_id") ?? textField(field(value, "job"), "job_id");
