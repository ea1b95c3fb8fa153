import { gzipSync } from "node:zlib";
import { Encoder } from "@msgpack/msgpack";
import { fileBodyOf } from "../file-body.ts";
import type { ModelCall } from "../model/call.ts";
import { judgeCalls } from "../model/model.ts";
import { type ResultFormat, resultMediaTypes } from "../operations/jobs.ts";
import type { Row } from "../values.ts";
import { call, finish, life, limits } from "./model-calls.ts";

/** A job with a result of two rows, the files that it is read as, and what the model says of them. */

export const rows: readonly Row[] = [
  [1, "a,b", 0.1],
  [300, null, -3],
];
export const texts = {
  json: '[1,"a,b",0.1]\n[300,null,-3]\n',
  csv: '1,"a,b",0.1\n300,,-3\n',
  tsv: "1\ta,b\t0.1\n300\t\\N\t-3\n",
};
export const packed = (options = {}, all: readonly unknown[] = rows): Buffer => {
  const encoder = new Encoder({ useBigInt64: true, ...options });
  return Buffer.concat(all.map((row) => encoder.encode(row)));
};
export const gz = gzipSync(packed());
export const schema = [
  ["id", "bigint"],
  ["text", "string"],
  ["x", "double"],
];
const ended = [
  ...life.slice(0, 3),
  finish(4_000, { num_records: 2, result_size: gz.length, result_schema: schema }),
];

export type Asked = Partial<{ header: string; range: string; ifRange: string; status: number; at: number }>;

/** A file as it is answered with all its headers, but for what a test changes. */
export function file(
  format: ResultFormat,
  bytes: Buffer | string,
  { header, range, ifRange, status = 200, at = 7_000 }: Asked = {},
  told: Record<string, string> = {},
): ModelCall {
  const asked = {
    ...(range === undefined ? {} : { range }),
    ...(ifRange === undefined ? {} : { "if-range": ifRange }),
  };
  const request = { job_id: "1", format, ...(header === undefined ? {} : { header }) };
  const reply = {
    "content-type": resultMediaTypes[format],
    etag: `"${format}-${String(header).toLowerCase() === "true"}"`,
    ...told,
  };
  return call(at, "job.result", request, fileBodyOf(Buffer.from(bytes)), {
    status,
    headers: { request: asked, reply },
  });
}

export const judged = (reads: readonly ModelCall[], known = true) => {
  const { departures, unjudged } = judgeCalls([...ended, ...reads], 0, {
    ...limits,
    rowsOf: () => (known ? rows : null),
  });
  return { problems: departures.map(({ problem }) => problem), unjudged };
};
export const problemsOf = (...reads: readonly ModelCall[]) => judged(reads).problems;
