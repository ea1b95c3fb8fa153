import { checkExchange, matchOperation } from "../../../../contracts/exchange.ts";
import type { Generation } from "../../../../contracts/job.ts";
import type { Passage } from "../../../proxy/http-proxy.ts";
import type { ExchangeEvent } from "../../../history/event.ts";

/** Bodies beyond this many bytes are recorded by their length alone; they are checked whole. */
const recordedBytes = 16_384;

/** Who called on which link. */
export interface Speaker {
  link: string;
  by?: string;
  generation: Generation | null;
}

/** A passage through a proxy as a history event; what the service answered is held against the contract. */
export function exchangeOf(speaker: Speaker, passage: Passage): ExchangeEvent {
  const { method, url, status, served, problem } = passage;
  const body = parseBody(passage.requestBody, passage.contentType);
  const reply = served === null ? { problem } : parseBody(served.body, "application/json");
  const matched = matchOperation(method, url);
  const mismatches =
    served === null
      ? []
      : checkExchange(
          { method, url, request: body, status: served.status, reply },
          speaker.generation ?? undefined,
        );
  return {
    kind: "exchange",
    ...speaker,
    operation: matched?.id ?? null,
    job: matched?.parameters["job_id"] ?? jobOf(reply),
    method,
    path: url,
    outcome: outcomeOf(passage),
    status,
    ...(served?.status === status ? {} : { served: served?.status ?? null }),
    request: brief(inputOf(url, body, matched?.parameters ?? {}), passage.requestBody.length),
    reply: brief(reply, served?.body.length ?? 0),
    mismatches: mismatches.map(({ side, problem: what }) => `${side}: ${what}`),
  };
}

/** What is sure: an answer of the service that decides, or a request that was never sent on. */
function outcomeOf({ status, served, reached }: Passage): ExchangeEvent["outcome"] {
  if (status === 200 || status === 206) return "ok";
  const refused = status !== null && status >= 400 && status < 500 && served?.status === status;
  return refused || !reached ? "fail" : "unknown";
}

/** The parameters of query, body and path together, as an operation takes them. */
export function inputOf(url: string, body: unknown, path: Record<string, string>): unknown {
  if (typeof body !== "object" && body !== undefined) return body;
  return { ...Object.fromEntries(new URLSearchParams(url.split("?")[1] ?? "")), ...body, ...path };
}

export function parseBody(body: Buffer, contentType: string): unknown {
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
