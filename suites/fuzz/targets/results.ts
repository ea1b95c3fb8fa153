import { gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { bytesOf } from "../../../contracts/file-body.ts";
import { cellsIn, difference } from "../../../contracts/model/results/decoded.ts";
import { rowsOfText } from "../../../contracts/model/results/forms.ts";
import { tokeniseEvents } from "../../../harness/history/tokenise.ts";
import { Secrets } from "../../../harness/secrets.ts";
import { exchangeEvent } from "../../../harness/testing/events.ts";
import { around } from "../mutations.ts";
import type { Target } from "../target.ts";

/** Files with results, as a service sends them: rows in each format, changed in a byte or a few. */

const cell = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.integer(),
  fc.double(),
  fc.constant(null),
  fc.boolean(),
);
const rows = fc.array(fc.array(cell, { maxLength: 3 }), { maxLength: 3 });

const written = {
  json: rows
    .chain((all) => around(all.map((row) => JSON.stringify(row)).join("\n")))
    .map((text) => Buffer.from(text)),
  csv: rows
    .chain((all) => around(all.map((row) => row.join(",")).join("\r\n")))
    .map((text) => Buffer.from(text)),
  msgpack: rows.map((all) => Buffer.concat(all.map((row) => encode(row)))),
  "msgpack.gz": rows.map((all) => gzipSync(Buffer.concat(all.map((row) => encode(row))))),
};
type FileFormat = keyof typeof written;
const formats = Object.keys(written) as FileFormat[];

/** A length that no file has, as msgpack writes one: of a text, of bytes, of an array, of a map. */
const hugeLengths = ["dbffffffff", "c6ffffffff", "ddffffffff", "dfffffffff"].map((hex) =>
  Buffer.from(hex, "hex"),
);

const changed = (bytes: Buffer): fc.Arbitrary<Buffer> =>
  fc.oneof(
    fc.constant(bytes),
    fc.nat(bytes.length).map((at) => bytes.subarray(0, at)),
    fc
      .tuple(fc.nat(Math.max(0, bytes.length - 1)), fc.nat(255))
      .map(([at, byte]) => (bytes.length === 0 ? bytes : Buffer.from(bytes.with(at, byte)))),
    fc
      .tuple(fc.nat(bytes.length), fc.constantFrom(...hugeLengths))
      .map(([at, huge]) => Buffer.concat([bytes.subarray(0, at), huge, bytes.subarray(at)])),
    fc.constantFrom(...hugeLengths).map((huge) => gzipSync(Buffer.concat([huge, bytes]))),
    fc.uint8Array({ maxLength: 40 }).map((random) => Buffer.from(random)),
    fc.constantFrom(50, 20_000).map((depth) => Buffer.alloc(depth, 0x91)),
  );

interface File {
  format: FileFormat;
  base64: string;
}

export const results: Target<File> = {
  inputs: fc
    .constantFrom(...formats)
    .chain((format) =>
      written[format].chain(changed).map((bytes) => ({ format, base64: bytes.toString("base64") })),
    ),
  take: ({ format, base64 }) => {
    const bytes = bytesOf({ $base64: base64 }) ?? Buffer.alloc(0);
    const cells = cellsIn(format, bytes);
    if (Array.isArray(cells)) difference(cells, []);
    for (const read of Object.values(rowsOfText)) read(bytes.toString());
    const secrets = new Secrets();
    secrets.add("hunter2secret");
    tokeniseEvents([exchangeEvent({ reply: { $base64: base64 } })], secrets);
  },
  runs: 2_000,
};
