import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOf, fileBodyOf, mostFileBytes, withheldBytes } from "./file-body.ts";

test("any bytes are on record as they are", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.string({ unit: "binary" }).map((text) => Buffer.from(text)),
      ),
      (bytes) => {
        const read: unknown = JSON.parse(JSON.stringify(fileBodyOf(bytes)));
        expect(bytesOf(read)).toEqual(Buffer.from(bytes));
        expect(withheldBytes(read)).toBeNull();
      },
    ),
  );
});

test("text stays text, also with a byte order mark; what is none is base64", () => {
  expect(fileBodyOf(Buffer.from("\ufeffü\n"))).toBe("\ufeffü\n");
  expect(fileBodyOf(Buffer.from([0x93, 1]))).toEqual({ $base64: "kwE=" });
  expect(fileBodyOf(new Uint8Array([0, 0x61, 0x62]).subarray(1))).toBe("ab");
});

test("of a file that is too large the length is on record", () => {
  const body = fileBodyOf(new Uint8Array(mostFileBytes + 1));
  expect(body).toEqual({ $bytes: mostFileBytes + 1 });
  expect(bytesOf(body)).toBeNull();
  expect(withheldBytes(body)).toBe(mostFileBytes + 1);
  expect(bytesOf({ problem: "reset" })).toBeNull();
});
