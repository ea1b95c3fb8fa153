import { z } from "zod";
import { type ErrorBody, errorBody, statusOf } from "./errors.ts";
import { bytesOf } from "./file-body.ts";
import type { Generation } from "./job.ts";
import { commonReasons, type Operation, pathParameters } from "./operation.ts";
import { type OperationId, operations } from "./operations.ts";
import { type Protocol, protocolOf } from "./protocol.ts";
import { textField } from "./step.ts";

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

/** A call of an operation that the service answered. */
export interface AnsweredCall {
  /** Parameters of path, query and body together. */
  input: unknown;
  status: number;
  reply: unknown;
}

/**
 * Every way in which an exchange departs from the contract. `generation` is that of the worker at the end of the link
 * and selects the form in which it must see the reply.
 */
export function checkExchange(exchange: Exchange, generation?: Generation): Mismatch[] {
  const matched = matchOperation(exchange.method, exchange.url);
  if (matched === undefined) {
    return [{ operation: null, side: "request", problem: inNoContract(exchange.method, exchange.url) }];
  }
  const { status, reply } = exchange;
  return checkCall(matched.id, { input: flatInput(exchange, matched.parameters), status, reply }, generation);
}

/** The same of a call whose operation is known. */
export function checkCall(id: OperationId, call: AnsweredCall, generation?: Generation): Mismatch[] {
  const operation: Operation = operations[id];
  const { status } = call;
  if (status === 200 || isFileReply(id, status)) return acceptedProblems(id, operation, call, generation);
  return errorProblems(operation, call).map((problem) => ({ operation: id, side: "reply", problem }));
}

/** Whether the body of an answer is a file, or a part of one, and no JSON. */
export const isFileReply = (id: OperationId, status: number): boolean =>
  operations[id].reply.kind === "file" && (status === 200 || status === 206);

/** What is said of a request that addresses no operation; its query string may hold a secret. */
export const inNoContract = (method: string, url: string): string =>
  `${method} ${url.split("?", 1)[0]} is in no contract`;

function flatInput(exchange: Exchange, parameters: Record<string, string>): Record<string, unknown> {
  const query = Object.fromEntries(new URLSearchParams(exchange.url.split("?")[1] ?? ""));
  if (exchange.method === "PUT")
    return { ...query, content: bytesOf(exchange.request)?.toString("base64") ?? "", ...parameters };
  const body = typeof exchange.request === "object" ? exchange.request : {};
  return { ...query, ...body, ...parameters };
}

/** The form that a reply must have for whoever sees it; null where it is a file. Newer protocols than are known have any. */
export function replyForm(
  { reply, forms }: Operation,
  input: unknown,
  generation: Generation | undefined,
): z.ZodType | null {
  if (reply.kind === "file") return null;
  const own = generation === undefined ? undefined : forms?.[generation];
  return own?.[protocolOf(input) as Protocol] ?? reply.schema;
}

function acceptedProblems(
  id: OperationId,
  operation: Operation,
  { input, reply }: AnsweredCall,
  generation: Generation | undefined,
): Mismatch[] {
  const asked = problemIn(operation.input, input);
  const form = replyForm(operation, input, generation);
  const told = form === null ? null : problemIn(form, reply);
  return [
    ...(asked === null
      ? []
      : [{ operation: id, side: "request" as const, problem: `accepted although ${asked}` }]),
    ...(told === null ? [] : [{ operation: id, side: "reply" as const, problem: told }]),
  ];
}

function errorProblems(operation: Operation, { input, status, reply }: AnsweredCall): string[] {
  const problem = problemIn(errorBody, reply);
  if (problem !== null) return [`status ${status} without an error body: ${problem}`];
  const reason = (reply as ErrorBody).details?.reason;
  if (reason === undefined) return [];
  if (statusOf[reason] !== status)
    return [`reason ${reason} goes with status ${statusOf[reason]}, not ${status}`];
  const declared =
    operation.reasons.includes(reason) ||
    commonReasons.includes(reason) ||
    (reason === "unknown_operation" && isDissolved(operation, input));
  return declared ? [] : [`${operation.id} does not declare the reason ${reason}`];
}

/** Whether its path is no path of the operation any more: empty segments and dots are gone when a URL is read. */
const isDissolved = ({ path }: Operation, input: unknown): boolean =>
  pathParameters(path).some((name) => ["", ".", ".."].includes(textField(input, name) ?? "-"));

const compiled = new Map<z.ZodType, z.ZodType>();

/**
 * What a schema objects to in a value; null where it fits. Judges put this question to every call of millions of
 * histories, so it is answered by a compiled schema, which compiling at first use keeps out of the start-up.
 */
function problemIn(schema: z.ZodType, value: unknown): string | null {
  let quick = compiled.get(schema);
  if (quick === undefined) {
    quick = z.compile(schema);
    compiled.set(schema, quick);
  }
  if (quick.validate(value)) return null;
  const { error } = schema.safeParse(value);
  return error === undefined ? null : describe(error);
}

const toldIssues = 8;
const toldCharacters = 300;

/**
 * The issues of a validation in one line, by place; received values are left out, they may be secret. Of many issues the
 * first ones are told: what was sent is no measure of what is answered.
 */
export function describe({ issues }: z.ZodError): string {
  const told = issues
    .slice(0, toldIssues)
    .map(({ path, message }) => `${path.join(".") || "body"}: ${message}`.slice(0, toldCharacters));
  const more = issues.length - told.length;
  return [...told, ...(more === 0 ? [] : [`and ${more} more`])].join("; ");
}
