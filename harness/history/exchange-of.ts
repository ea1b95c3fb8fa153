import { checkExchange, matchOperation } from "../../contracts/exchange.ts";
import type { Generation } from "../../contracts/job.ts";
import type { Passage } from "../proxy/http-proxy.ts";
import type { ExchangeEvent } from "./event.ts";

/** Bodies beyond this many bytes are recorded by their length alone; they are checked whole. */
const recordedBytes = 16_384;

/** A passage through a proxy as a history event, held against the contract in both directions. */
export function exchangeOf(link: string, generation: Generation | null, passage: Passage): ExchangeEvent {
  const { method, url, status, problem } = passage;
  const request = parseBody(passage.requestBody, passage.contentType);
  const reply = problem === null ? parseBody(passage.replyBody, "application/json") : { problem };
  const matched = matchOperation(method, url);
  const mismatches =
    status === null ? [] : checkExchange({ method, url, request, status, reply }, generation ?? undefined);
  return {
    kind: "exchange",
    link,
    generation,
    operation: matched?.id ?? null,
    job: matched?.parameters["job_id"] ?? jobOf(reply),
    method,
    path: url,
    outcome: outcomeOf(status),
    status,
    request: brief(request, passage.requestBody.length),
    reply: brief(reply, passage.replyBody.length),
    mismatches: mismatches.map(({ side, problem: what }) => `${side}: ${what}`),
  };
}

const outcomeOf = (status: number | null): ExchangeEvent["outcome"] =>
  status === 200 || status === 206 ? "ok" : status === null || status >= 500 ? "unknown" : "fail";

function parseBody(body: Buffer, contentType: string): unknown {
  if (body.length === 0) return undefined;
  const text = body.toString("utf8");
  if (contentType.startsWith("application/x-www-form-urlencoded"))
    return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const brief = (body: unknown, bytes: number): unknown => (bytes > recordedBytes ? { bytes } : body);

/** The job that a reply names, for requests that carry no job in their path. */
function jobOf(reply: unknown): string | null {
  if (typeof reply !== "object" || reply === null) return null;
  if ("job_id" in reply && typeof reply.job_id === "string") return reply.job_id;
  if ("job" in reply && typeof reply.job === "object") return jobOf(reply.job);
  return null;
}
