import type { z } from "zod";
import { errorBody, statusOf } from "./errors.ts";
import type { Generation } from "./job.ts";
import { commonReasons, type Operation, pathParameters } from "./operation.ts";
import { type OperationId, operations } from "./operations.ts";

/** One request and its reply as seen on a link; bodies are parsed JSON, or undefined where there is none. */
export interface Exchange {
  method: string;
  /** Path with query string, as sent. */
  url: string;
  request: unknown;
  status: number;
  reply: unknown;
}

export interface Mismatch {
  operation: OperationId | null;
  side: "request" | "reply";
  problem: string;
}

export interface Matched {
  id: OperationId;
  operation: Operation;
  parameters: Record<string, string>;
}

const routes = Object.entries(operations).map(([id, operation]) => ({
  id: id as OperationId,
  operation: operation as Operation,
  names: pathParameters(operation.path),
  pattern: new RegExp(`^${operation.path.replace(/:[a-z_]+/g, "([^/]+)")}$`),
}));

/** The operation that a request addresses. Real clients send doubled and trailing slashes. */
export function matchOperation(method: string, url: string): Matched | undefined {
  const path = normalisePath(url.split("?", 1)[0] as string);
  for (const { id, operation, names, pattern } of routes) {
    const match = operation.method === method ? pattern.exec(path) : null;
    if (match === null) continue;
    const parameters = Object.fromEntries(names.map((name, i) => [name, decode(match[i + 1] as string)]));
    return { id, operation, parameters };
  }
  return undefined;
}

export const normalisePath = (path: string): string => path.replace(/\/{2,}/g, "/").replace(/(?<=.)\/$/, "");

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/**
 * Every way in which an exchange departs from the contract. `generation` is that of the worker at the end of the link
 * and selects the form in which it must see the reply.
 */
export function checkExchange(exchange: Exchange, generation?: Generation): Mismatch[] {
  const matched = matchOperation(exchange.method, exchange.url);
  if (matched === undefined) {
    const path = exchange.url.split("?", 1)[0];
    return [{ operation: null, side: "request", problem: `${exchange.method} ${path} is in no contract` }];
  }
  const { id, operation } = matched;
  const mismatch = (side: Mismatch["side"], problem: string): Mismatch => ({ operation: id, side, problem });
  if (exchange.status === 200) {
    const accepted = operation.input.safeParse(flatInput(exchange, matched.parameters));
    return [
      ...(accepted.success ? [] : [mismatch("request", `accepted although ${describe(accepted.error)}`)]),
      ...replyProblems(operation, exchange.reply, generation).map((problem) => mismatch("reply", problem)),
    ];
  }
  if (operation.reply.kind === "file" && (exchange.status === 206 || exchange.status === 416)) return [];
  return errorProblems(operation, exchange).map((problem) => mismatch("reply", problem));
}

function flatInput(exchange: Exchange, parameters: Record<string, string>): Record<string, unknown> {
  const query = Object.fromEntries(new URLSearchParams(exchange.url.split("?")[1] ?? ""));
  const body = typeof exchange.request === "object" ? exchange.request : {};
  return { ...query, ...body, ...parameters };
}

function replyProblems(operation: Operation, reply: unknown, generation: Generation | undefined): string[] {
  if (operation.reply.kind === "file") return [];
  const form = generation === undefined ? undefined : operation.forms?.[generation];
  const result = (form ?? operation.reply.schema).safeParse(reply);
  return result.success ? [] : [describe(result.error)];
}

function errorProblems(operation: Operation, { status, reply }: Exchange): string[] {
  const result = errorBody.safeParse(reply);
  if (!result.success) return [`status ${status} without an error body: ${describe(result.error)}`];
  const reason = result.data.details?.reason;
  if (reason === undefined) return [];
  if (statusOf[reason] !== status)
    return [`reason ${reason} goes with status ${statusOf[reason]}, not ${status}`];
  const declared = [...operation.reasons, ...commonReasons].includes(reason);
  return declared ? [] : [`${operation.id} does not declare the reason ${reason}`];
}

/** The issues of a validation in one line, by place; received values are left out, they may be secret. */
export const describe = (error: z.ZodError): string =>
  error.issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`).join("; ");
