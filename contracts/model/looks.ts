import { isDeepStrictEqual } from "node:util";
import { integerDigits } from "../bounds/wide-integers.ts";
import { redactDestination } from "../destination.ts";
import { isTerminal } from "../job.ts";
import type { Millis } from "../values.ts";
import { type Fields, parsed, show, wrong } from "./call.ts";
import type { JobFacts, JobState } from "./job-state.ts";
import { type Learned, unlike } from "./learned.ts";
import { priorityIn, retryLimitIn, targetOf, urlIn } from "./order.ts";
import { isTimeIn, printSpan, type Span, secondsBetween } from "./span.ts";

/** What a customer must be shown of its job. */

/** What is wrong with a reply about a job in this state; null where it is right. */
export function lookProblem(
  facts: JobFacts,
  state: JobState,
  reply: Fields,
  learned: Learned,
  errorMs: Millis,
): string | null {
  // Most polls show what the last one showed.
  if (isAsShown(state, reply)) return null;
  if (reply["job_id"] !== facts.id) return wrong("job_id", facts.id, reply["job_id"]);
  if (reply["status"] !== state.status) return wrong("status", state.status, reply["status"]);
  return (
    timesProblem(facts, state, reply, errorMs) ??
    numbersProblem(state, reply) ??
    // A look at the status alone shows nothing else.
    ("query" in reply ? jobProblem(facts, state, reply, learned) : null)
  );
}

/** Whether this very state has been shown so before. */
function isAsShown({ shown }: JobState, reply: Fields): boolean {
  if (shown === null) return false;
  for (const name of Object.keys(reply)) {
    const [before, now] = [shown[name], reply[name]];
    if (before !== now && (typeof now !== "object" || !isDeepStrictEqual(before, now))) return false;
  }
  return true;
}

function timesProblem(
  { createdAt }: JobFacts,
  state: JobState,
  reply: Fields,
  errorMs: Millis,
): string | null {
  const { shown } = state;
  if (shown !== null) {
    for (const name of fixed) if (reply[name] !== shown[name]) return wrong(name, shown[name], reply[name]);
    return null;
  }
  if (state.createdText !== null && reply["created_at"] !== state.createdText)
    return wrong("created_at", state.createdText, reply["created_at"]);
  return (
    timeProblem("created_at", createdAt, reply, errorMs) ??
    timeProblem("updated_at", state.updatedAt, reply, errorMs) ??
    timeProblem("start_at", state.startAt, reply, errorMs) ??
    timeProblem("end_at", state.endAt, reply, errorMs)
  );
}

function timeProblem(name: string, span: Span | null, reply: Fields, errorMs: Millis): string | null {
  const text = reply[name];
  if (span === null) return text === null ? null : wrong(name, null, text);
  return isTimeIn(text, span, errorMs) ? null : `${name}: expected ${printSpan(span)}, got ${show(text)}`;
}

/** Fields whose values the model does not know to the second, or not at all: they stay as they were shown. */
const fixed = ["created_at", "updated_at", "start_at", "end_at", "cpu_time"] as const;

/** The state as it was shown: the next look at it shows the same. */
export function remembered(state: JobState, reply: Fields): JobState {
  const { shown } = state;
  // A look at the status alone says less.
  if (shown !== null && ("query" in shown || !("query" in reply))) return state;
  return { ...state, shown: reply, createdText: String(reply["created_at"]) };
}

function numbersProblem(state: JobState, reply: Fields): string | null {
  const { start_at: start, end_at: end, duration } = reply;
  if (typeof start === "string" && typeof end === "string") {
    const { from, to } = secondsBetween(start, end);
    if (typeof duration !== "number" || duration < from || duration > to)
      return `duration: expected ${from} to ${to} s, got ${show(duration)}`;
  } else if (duration !== null) return wrong("duration", null, duration);
  for (const name of ["num_records", "result_size"] as const) {
    const reported = state.report?.[name] ?? null;
    if (reply[name] !== reported) return wrong(name, reported, reply[name]);
  }
  return null;
}

function jobProblem(facts: JobFacts, state: JobState, reply: Fields, learned: Learned): string | null {
  const { request } = facts.issue;
  const url = urlIn(request);
  const expected: Fields = {
    type: facts.shownType,
    database: request["database"],
    query: request["query"],
    result: url === null ? "" : redactDestination(url),
    priority: priorityIn(request),
    retry_limit: retryLimitIn(request),
  };
  for (const name of Object.keys(expected))
    if (reply[name] !== expected[name]) return wrong(name, expected[name], reply[name]);
  const target = targetOf(facts);
  const told = reply["result_export_target_job_id"];
  // A history of a scheduled query tells no links.
  const isTold = "result_export_target_job_id" in reply;
  if (isTold && (target === null ? told !== null : integerDigits(told) !== target))
    return wrong("result_export_target_job_id", target, told);
  if (!String(reply["url"]).includes(facts.id))
    return wrong("url", `one with ${facts.id} in it`, reply["url"]);
  const field = unlike(learned, facts, reply);
  if (field !== null) return `${field}: ${show(reply[field])} is not like what was shown before`;
  return schemaProblem(state, reply["hive_result_schema"]) ?? wordsProblem(state, reply["debug"]);
}

function schemaProblem({ report }: JobState, text: unknown): string | null {
  const reported = report?.["result_schema"] ?? null;
  const schema = typeof text === "string" ? parsed(text) : text;
  return isDeepStrictEqual(schema, reported) ? null : wrong("hive_result_schema", reported, schema);
}

/** The words of a report reach the customer; those of a service that ended a job by itself are its own. */
function wordsProblem({ report, status }: JobState, debug: unknown): string | null {
  if (typeof debug !== "object" || debug === null) return null;
  const { cmdout, stderr } = debug as Fields;
  if (cmdout !== null) return wrong("debug.cmdout", null, cmdout);
  if (report === null && isTerminal(status)) return null;
  const message = report?.["message"] ?? null;
  return stderr === message ? null : wrong("debug.stderr", message, stderr);
}
