import type { z } from "zod";
import type { ErrorReason } from "./errors.ts";
import type { Generation } from "./job.ts";
import type { Protocol } from "./protocol.ts";
import type { Meaning } from "./step.ts";

/** Who may call: anyone, a customer (`TD1 <apikey>`) or a worker (`Worker <token>`). */
export type Audience = "public" | "customer" | "worker";

/** JSON for all operations but the download of a result, which is a file in one of several formats. */
export type Reply<S extends z.ZodType = z.ZodType> =
  | { kind: "json"; schema: S }
  | { kind: "file"; mediaTypes: readonly string[] };

/**
 * What the same request does when it is sent again. `reads`: it changes nothing. `same`: it is known again by these fields,
 * has its effect once and is answered alike. `refused`: it is known again by these fields, and refused. `another`: it does
 * another thing each time.
 */
export type Again = "reads" | "another" | { is: "same" | "refused"; by: readonly string[] };

/**
 * One operation of the job service, written once. The API's validation, the msw handlers, the exchange checker
 * and the OpenAPI document are all made from this object.
 */
export interface Operation<I extends z.ZodType = z.ZodType, R extends Reply = Reply> {
  id: string;
  summary: string;
  /** The body of a PUT is bytes, which stand in `content`; that of a POST is parameters. */
  method: "GET" | "POST" | "PUT";
  /** `:name` marks a path parameter. */
  path: string;
  audience: Audience;
  again: Again;
  /** Path, query and body parameters merged into one flat object: clients differ in where they put them. */
  input: I;
  /** The body of status 200; success is exactly 200. */
  reply: R;
  /** The reply as one generation must see it in each protocol, where these differ. */
  forms?: Record<Generation, Readonly<Record<Protocol, z.ZodType>>>;
  /** What it means in a job's life; absent where it means nothing there. */
  meaning?: Meaning;
  /** What it may refuse, besides what any operation may: see `commonReasons`. */
  reasons: readonly ErrorReason[];
}

export const commonReasons: readonly ErrorReason[] = [
  "invalid_input",
  "unauthenticated",
  "forbidden",
  "unavailable",
  "internal",
];

export type InputOf<O extends Operation> = z.output<O["input"]>;
export type ReplyOf<O extends Operation> = O["reply"] extends {
  kind: "json";
  schema: infer S extends z.ZodType;
}
  ? z.output<S>
  : ResultFile;

/** A file reply: bytes with a stable ETag, so that downloads resume by Range. */
export interface ResultFile {
  bytes: Uint8Array;
  mediaType: string;
  etag: string;
}

export const json = <S extends z.ZodType>(schema: S) => ({ kind: "json", schema }) as const;

/**
 * A parameter that it does not know is refused, for whoever sent it believes that it was heard: 2015 once more. A worker
 * may say more than an API of before knows.
 */
export const operation = <const I extends z.ZodObject, const R extends Reply>(
  definition: Operation<I, R>,
): Operation<I, R> =>
  definition.audience === "worker" ? definition : { ...definition, input: definition.input.strict() as I };

/** The names of the path parameters, in order. */
export const pathParameters = (path: string): string[] =>
  [...path.matchAll(/:([a-z_]+)/g)].map((match) => match[1] as string);

/** The path with its parameters filled in, percent-encoded. */
export const fillPath = (path: string, input: Record<string, unknown>): string =>
  path.replace(/:([a-z_]+)/g, (_, name: string) => encodeURIComponent(String(input[name])));

/** The body of a request as it is sent: bytes of a PUT, JSON of a POST. */
export const bodyOf = (
  method: "POST" | "PUT",
  body: Record<string, unknown>,
): Uint8Array<ArrayBuffer> | string =>
  method === "PUT" ? Uint8Array.from(Buffer.from(String(body["content"]), "base64")) : JSON.stringify(body);

/** A flat input as a request carries it: parameters of the path left out, the others in the body or the query string. */
export function splitInput(
  { method, path }: Pick<Operation, "method" | "path">,
  input: Record<string, unknown>,
): { body: Record<string, unknown>; query: string } {
  const inPath = new Set(pathParameters(path));
  const rest = Object.entries(input).filter(([name, value]) => !inPath.has(name) && value !== undefined);
  if (method !== "GET") return { body: Object.fromEntries(rest), query: "" };
  const query = new URLSearchParams(
    Object.fromEntries(rest.map(([name, value]) => [name, String(value)])),
  ).toString();
  return { body: {}, query: query === "" ? "" : `?${query}` };
}
