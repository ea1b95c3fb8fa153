import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";
import { parametersWithin } from "../../../../contracts/bounds/form.ts";
import { beyondLimits } from "../../../../contracts/bounds/json.ts";
import { parseJson } from "../../../../contracts/bounds/wide-integers.ts";
import { isFileReply, matchOperation } from "../../../../contracts/exchange.ts";
import { fileBodyOf } from "../../../../contracts/file-body.ts";
import { field, textField } from "../../../../contracts/step.ts";
import type { Millis } from "../../../../contracts/values.ts";
import type { ExchangeEvent } from "../../../history/event.ts";
import { mattering } from "../../../history/headers.ts";
import { headerOf } from "../../../proxy/http-message.ts";
import type { HttpReply, Passage } from "../../../proxy/http-proxy.ts";

/** Who called on which link. */
export type Speaker = Pick<ExchangeEvent, "link" | "by" | "generation">;

/** What came of a call that has not ended. */
export const underWay = {
  status: null,
  served: null,
  reached: true,
  problem: "no answer so far",
  millis: 0,
} as const satisfies Partial<Passage>;

/** A passage through a proxy as an event of a history. `sent` is when it came to the proxy. */
export function exchangeOf(speaker: Speaker, passage: Passage, sent: Millis): ExchangeEvent {
  const { method, url, status, served, problem } = passage;
  const headers = { request: headersIn(passage.head), reply: headersIn(served?.head ?? "") };
  const body =
    method === "PUT" ? bytesBody(passage.requestBody) : parseBody(passage.requestBody, headers.request);
  const matched = matchOperation(method, url);
  const isFile = matched !== undefined && served !== null && isFileReply(matched.id, served.status);
  const reply = served === null ? { problem } : replyIn(served, isFile, headers.reply);
  return {
    kind: "exchange",
    ...speaker,
    operation: matched?.id ?? null,
    job: matched?.parameters["job_id"] ?? jobOf(reply),
    method,
    path: url,
    headers,
    sent,
    outcome: outcomeOf(passage),
    status,
    ...(served?.status === status ? {} : { served: served?.status ?? null }),
    request: inputOf(url, body, matched?.parameters ?? {}),
    reply,
  };
}

/** A body too large to keep is replaced by words, which no schema of the contract accepts. */
const replyIn = ({ body, beyond }: HttpReply, isFile: boolean, headers: Readonly<Record<string, string>>) =>
  beyond === undefined ? (isFile ? fileIn : parseBody)(body, headers) : `(${beyond})`;

export const headersIn = (head: string): Record<string, string> => mattering((name) => headerOf(head, name));

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

/** The longest list of jobs has an eighth of these values. Judges look at each, by functions that call themselves. */
const jsonLimits = { depth: 100, values: 200_000 };
const mostParameters = 1_000;

/** The largest body that is unpacked: a small one may unpack to any size. */
const mostUnpackedBytes = 64 * 1024 * 1024;

/** By content encoding. */
const unpackers = new Map<string, (bytes: Buffer, limit: { maxOutputLength: number }) => Buffer>([
  ["gzip", gunzipSync],
  ["x-gzip", gunzipSync],
  ["deflate", inflateSync],
  ["br", brotliDecompressSync],
  ["zstd", zstdDecompressSync],
]);

/** What a PUT sends, whatever its headers say: as its operation's input has it. */
const bytesBody = (body: Buffer) => ({ content: body.toString("base64") });

/** A body as its headers say: JSON or a form; text where it is neither. */
export function parseBody(body: Buffer, headers: Readonly<Record<string, string>>): unknown {
  if (body.length === 0) return undefined;
  const bytes = unpacked(body, headers);
  // Nobody can read it, whatever its bytes say: the contract finds no JSON.
  if (bytes === null) return unreadable(body, headers);
  const text = bytes.toString("utf8");
  if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded"))
    return parametersWithin(text, mostParameters) ?? `(a form of more than ${mostParameters} parameters)`;
  const beyond = beyondLimits(bytes, jsonLimits);
  // A text that is no JSON may look like too much of it.
  if (beyond !== null) return `(${bytes.length} bytes with ${beyond})`;
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

/** A body whose bytes count. */
function fileIn(body: Buffer, headers: Readonly<Record<string, string>>): unknown {
  const bytes = unpacked(body, headers);
  return bytes === null ? unreadable(body, headers) : fileBodyOf(bytes);
}

const encodingIn = (headers: Readonly<Record<string, string>>): string => headers["content-encoding"] ?? "";

const unreadable = (body: Buffer, headers: Readonly<Record<string, string>>): string =>
  `(${body.length} bytes that cannot be unpacked as ${encodingIn(headers)})`;

/** Null for a body that is not packed as its header says, or in a way that nobody knows. The last encoding is the outermost. */
function unpacked(body: Buffer, headers: Readonly<Record<string, string>>): Buffer | null {
  const names = encodingIn(headers)
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());
  try {
    return names
      .filter((name) => name !== "" && name !== "identity")
      .reduceRight<Buffer | null>((bytes, name) => {
        const unpack = unpackers.get(name);
        return bytes === null || unpack === undefined
          ? null
          : unpack(bytes, { maxOutputLength: mostUnpackedBytes });
      }, body);
  } catch {
    return null;
  }
}

/** The job that a reply names, for requests that carry no job in their path. */
const jobOf = (reply: unknown): string | null =>
  textField(reply, "job_id") ?? textField(field(reply, "job"), "job_id") ?? null;
