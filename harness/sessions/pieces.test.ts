import { expect, test } from "vitest";
import { ClientPieces } from "./pieces.ts";

/** Where a client's bytes are cut, however they come. */

const packet = (sequence: number, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from([payload.length & 255, payload.length >> 8, 0, sequence]), payload]);
const answer = (capabilities: number): Buffer => {
  const payload = Buffer.alloc(32);
  payload.writeUInt32LE(capabilities);
  return packet(1, payload);
};
const command = (code: number, text = "") =>
  packet(0, Buffer.concat([Buffer.from([code]), Buffer.from(text)]));
const record = (type: number, length: number): Buffer =>
  Buffer.concat([Buffer.from([type, 3, 3, length >> 8, length & 255]), Buffer.alloc(length)]);
const ssl = 1 << 11;
const compress = 1 << 5;

/** The pieces of what a client sends in chunks of a length; those that may be the last are marked. */
function cut(sent: readonly Buffer[], size: number): string[] {
  const pieces = new ClientPieces();
  const all = Buffer.concat(sent);
  const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
    all.subarray(i * size, (i + 1) * size),
  );
  const got = chunks.flatMap((chunk) => [...pieces.cut(chunk)]);
  expect(Buffer.concat(got.map(({ bytes }) => bytes))).toEqual(all);
  return got.map(
    ({ bytes, mayBeLast, isLast }) => `${bytes.length}${mayBeLast ? "?" : ""}${isLast ? "!" : ""}`,
  );
}

test.each([1, 7, 100_000])("commands in the clear, %i bytes at once", (size) => {
  const sent = [
    answer(0),
    command(3, "SELECT 1"),
    command(0x0e),
    command(0x1f),
    command(0x11, "me"),
    command(1),
  ];
  expect(cut(sent, size)).toEqual(["36", "13", "5", "5?", "7?", "5?"]);
});

test("what is no command but begins like one goes on", () => {
  expect(cut([answer(0), packet(3, Buffer.from([1]))], 100)).toEqual(["36", "5"]);
});

test.each([1, 7, 100_000])("records of TLS, %i bytes at once", (size) => {
  const sent = [answer(ssl), record(22, 200), record(23, 65), record(23, 64), record(23, 22), record(23, 19)];
  expect(cut(sent, size)).toEqual(["36", "205", "70", "69?", "27?", "24?!"]);
});

test("the end of TLS 1.2", () => {
  expect(cut([answer(ssl), record(20, 1), record(21, 26)], 1_000)).toEqual(["36", "6?", "31?!"]);
});

test("what is compressed is told by what came together alone", () => {
  const pieces = new ClientPieces();
  const marks = [answer(compress), Buffer.alloc(65), Buffer.alloc(64)].map((chunk) =>
    [...pieces.cut(chunk)].map(({ mayBeLast }) => mayBeLast),
  );
  expect(marks).toEqual([[false], [false], [true]]);
});
