import { gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";

/** Records as customers send them in chunks and parts: msgpack.gz, in Base64. */
export const packedRecords = (records: readonly unknown[]): string =>
  gzipSync(
    Buffer.concat(records.map((record) => Buffer.from(encode(record, { useBigInt64: true })))),
  ).toString("base64");
