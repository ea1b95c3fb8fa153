import { gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import { describe, expect, test } from "vitest";
import { fileBodyOf } from "../../file-body.ts";
import { enoughErrorBytes } from "../../operations/bulk-import.ts";
import { call, own, refusal } from "../../testing/model-calls.ts";
import type { Fields, ModelCall } from "../call.ts";
import { sessionDepartures } from "./sessions.ts";

/** A session with records in error, of which its customer reads the file in each of its states. */

const name = "sess_1";
const named = { name, bulk_import: name };
const bytesOf = (...values: unknown[]): Buffer =>
  Buffer.concat(values.map((value) => Buffer.from(encode(value, { useBigInt64: true }))));
const packed = (...values: unknown[]): Buffer => gzipSync(bytesOf(...values));
/** In order of their parts' names. */
const wrong = [{ a: 1 }, { time: "x", a: 2n ** 63n }, 7, { time: 2, a: [{ b: null }] }];
const parts = {
  b: packed({ time: 1 }, ...wrong.slice(2)),
  a: packed(...wrong.slice(0, 2), { time: 3 }),
  c: packed({ b: 1 }).subarray(0, -9),
};
const right = packed(...wrong);
const cut = fileBodyOf(gzipSync(bytesOf(...wrong).subarray(0, -1)));

const asked = (at: number, what: string, request: Fields = {}, reply: unknown = named, more: Fields = {}) =>
  call(at, `bulk_import.${what}` as ModelCall["operation"], { name, ...request }, reply, more);
const notYet = refusal(409, "wrong_state");
const headers = { "content-type": "application/gzip", etag: '"1"' };
const read = (at: number, body: unknown = fileBodyOf(right), told: Record<string, string> = headers) =>
  asked(at, "error_records", {}, body, { headers: { request: {}, reply: told } });
const refused = (at: number, more: Fields = notYet) => asked(at, "error_records", {}, null, more);
const ends = (at: number, job: string, status: string) =>
  call(
    at,
    "worker.finish",
    {
      ...own,
      job_id: job,
      status,
      num_records: 2,
      import_counts: { valid_records: 2, error_records: 4, valid_parts: 2, error_parts: 1 },
    },
    { job_id: job, status },
  );

/** Until it is performed, with no part or with these. */
const begun = (of: Readonly<Record<string, Uint8Array>> = parts): ModelCall[] => [
  asked(1_000, "create", { database: "sample", table: "trades" }),
  ...Object.entries(of).map(([part, content], i) =>
    asked(2_000 + i * 100, "upload_part", { part, content: Buffer.from(content).toString("base64") }),
  ),
  refused(3_000),
  asked(4_000, "perform", {}, { ...named, job_id: 1 }),
  refused(5_000),
  ends(6_000, "1", "error"),
  refused(7_000),
  asked(8_000, "perform", {}, { ...named, job_id: 2 }),
];
const performed = (of?: Readonly<Record<string, Uint8Array>>) => [...begun(of), ends(9_000, "2", "success")];
const committed = [asked(11_000, "commit"), read(12_000), asked(14_000, "delete")];

const problems = (calls: readonly ModelCall[]): string[] =>
  sessionDepartures(calls)
    .filter(({ call: { operation } }) => operation === "bulk_import.error_records")
    .map(({ problem }) => problem);
const without = (at: number, ...instead: ModelCall[]) =>
  [...performed(), read(10_000)].filter(({ returned }) => returned !== at).concat(instead);

test("a file that has what is in error, in every state in which it is told, is right", () => {
  const gone = refused(15_000, refusal(404, "not_found"));
  expect(problems([...performed(), read(10_000), ...committed, gone])).toEqual([]);
  expect(problems([...performed({}), read(10_000, fileBodyOf(packed()))])).toEqual([]);
});

test("integers may be packed in another width", () => {
  const time = Buffer.from([0xd3, 0, 0, 0, 0, 0, 0, 0, 7]);
  const other = gzipSync(Buffer.concat([bytesOf(...wrong.slice(0, 2)), time, bytesOf(wrong[3])]));
  expect(problems([...performed(), read(10_000, fileBodyOf(other))])).toEqual([]);
});

describe("what is wrong", () => {
  const gives = (...values: unknown[]) => [...performed(), read(10_000, fileBodyOf(packed(...values)))];
  test.each<[string, ModelCall[], string]>([
    ["it is told of a session that is open", without(3_000, read(3_000)), "the session was uploading"],
    ["it is told while a job performs", without(5_000, read(5_000)), "the session was performing, frozen"],
    ["it is told after a perform that failed", without(7_000, read(7_000)), "was uploading, frozen"],
    ["it is refused afterwards", without(10_000, refused(10_000)), "although the session was ready, frozen"],
    ["one is missing", gives(...wrong.slice(0, -1)), "error records: expected 4, got 3"],
    ["none is there", gives(), "error records: expected 4, got 0"],
    ["they are in the order of their upload", gives(wrong[2], wrong[3], wrong[0], wrong[1]), "record 1"],
    ["a valid one is among them", gives({ time: 1 }, ...wrong), 'record 1: expected {"a":1}, got {"time":1}'],
    ["one comes twice", gives(...wrong, wrong[3]), "error record 5: expected none"],
    ["one is otherwise within", gives(...wrong.slice(0, 3), { time: 2, a: [{ b: 0 }] }), "error record 4"],
    ["a number has lost its last digit", gives(wrong[0], { time: "x", a: 2 ** 63 }), "error record 2"],
    ["it is no gzip", [...performed(), read(10_000, "[]")], "no one gzip"],
    ["it is empty", [...performed({}), read(10_000, "")], "no one gzip"],
    ["its last record is cut", [...performed(), read(10_000, cut)], "no one gzip"],
    [
      "it is in two members of gzip",
      [
        ...performed(),
        read(10_000, fileBodyOf(Buffer.concat([packed(wrong[0]), packed(...wrong.slice(1))]))),
      ],
      "no one gzip",
    ],
    [
      "it is of another type",
      [...performed(), read(10_000, fileBodyOf(right), { ...headers, "content-type": "application/json" })],
      "content-type",
    ],
    [
      "it has no version",
      [...performed(), read(10_000, fileBodyOf(right), { "content-type": "application/gzip" })],
      "etag",
    ],
    [
      "it has another version later",
      [
        ...performed(),
        read(10_000),
        asked(11_000, "commit"),
        read(12_000, fileBodyOf(right), { ...headers, etag: '"2"' }),
      ],
      "etag",
    ],
    [
      "it is told when the session is gone",
      [...performed(), asked(9_500, "delete"), read(10_000)],
      "not there",
    ],
  ])("%s", (_, calls, words) => {
    expect(problems(calls)).toEqual([expect.stringContaining(words)]);
  });
});

test("of a session whose parts nobody knows the file stays as it was read first", () => {
  const known = call(
    9_500,
    "bulk_import.show",
    { name },
    { ...named, status: "ready", upload_frozen: true, job_id: "2", error_records: 4 },
  );
  const other = fileBodyOf(packed(wrong[0]));
  expect(problems([known, read(10_000, other), read(11_000, other)])).toEqual([]);
  expect(problems([known, read(10_000, other), read(11_000)])).toEqual([
    "the file is not as it was read before",
  ]);
  expect(problems([known, read(10_000, "no gzip")])).toEqual([expect.stringContaining("no one gzip")]);
});

test("a file may end once it has come to enough bytes, and not before", () => {
  const record = { a: "x".repeat(2 ** 20) };
  const many = Array.from({ length: enoughErrorBytes / 2 ** 20 + 2 }, () => record);
  const session = performed({ a: packed(...many) });
  const short = (count: number) =>
    problems([...session, read(10_000, fileBodyOf(packed(...many.slice(0, count))))]);
  expect(short(many.length)).toEqual([]);
  expect(short(many.length - 2)).toEqual([]);
  expect(short(many.length - 3)).toEqual([expect.stringContaining("error records")]);
});

/** What a Range was answered with: by default as it should be. */
const ranged = (
  at: number,
  range: string,
  { status = 206, body = right, told, more = {} }: Partial<RangedAnswer> = {},
): ModelCall => ({
  ...asked(at, "error_records", {}, fileBodyOf(body), {
    headers: {
      request: { range, ...more },
      reply: { ...headers, ...(told === undefined ? {} : { "content-range": told }) },
    },
  }),
  status,
});
interface RangedAnswer {
  status: number;
  body: Buffer;
  told: string;
  more: Readonly<Record<string, string>>;
}
const size = right.length;
const firstBytes = (at: number, more: Partial<RangedAnswer> = {}) =>
  ranged(at, "bytes=0-3", { body: right.subarray(0, 4), told: `bytes 0-3/${size}`, ...more });
const beyond = (at: number, more: Partial<RangedAnswer> = {}) =>
  ranged(at, `bytes=${size}-`, { status: 416, told: `bytes */${size}`, ...more });

describe("a Range of the file", () => {
  test("is answered with that part, with the whole, or that it has no such part", () => {
    const tail = ranged(13_000, "bytes=-5", {
      body: right.subarray(-5),
      told: `bytes ${size - 5}-${size - 1}/${size}`,
      more: { "if-range": '"1"' },
    });
    const answers = [
      firstBytes(10_000),
      beyond(10_500),
      read(11_500),
      firstBytes(12_000),
      beyond(12_500),
      tail,
    ];
    expect(problems([...performed(), ...answers])).toEqual([]);
    expect(problems([...performed(), ranged(10_000, "bytes=0-3", { status: 200 })])).toEqual([]);
  });

  test("is no answer while the session performs", () => {
    for (const answer of [firstBytes(5_000), beyond(5_000)])
      expect(problems(without(5_000, answer))).toEqual([expect.stringContaining("was performing")]);
  });

  const bad: Record<string, [ModelCall[], string]> = {
    "gives other bytes": [
      [read(10_000), firstBytes(11_000, { body: right.subarray(1, 5) })],
      "is not what the whole has there",
    ],
    "gives other bytes before the whole is read": [
      [firstBytes(10_000, { body: right.subarray(1, 5) }), read(11_000)],
      "as a part of it was read before",
    ],
    "gives other bytes than another part": [
      [firstBytes(10_000), firstBytes(11_000, { body: right.subarray(1, 5) })],
      "as a part of it was read before",
    ],
    "gives fewer bytes": [[firstBytes(10_000, { body: right.subarray(0, 3) })], "bytes of the part"],
    "does not say which part it gives": [
      [ranged(10_000, "bytes=0-3", { body: right.subarray(0, 4) })],
      "content-range",
    ],
    "tells another size": [
      [read(10_000), firstBytes(11_000, { told: `bytes 0-3/${size + 1}` })],
      "content-range",
    ],
    "tells a size of which the whole is not": [
      [firstBytes(10_000, { told: `bytes 0-3/${size + 1}` }), read(11_000)],
      "not as it was read before",
    ],
    "gives a part that nobody asked for": [
      [ranged(10_000, "lines=0-3", { body: right.subarray(0, 4), told: `bytes 0-3/${size}` })],
      "a part was answered to the range",
    ],
    "is followed although it is of another version": [
      [firstBytes(10_000, { more: { "if-range": '"2"' } })],
      "a Range was followed although",
    ],
    "is refused though the file has it": [
      [read(10_000), ranged(11_000, "bytes=3-", { status: 416, told: `bytes */${size}` })],
      "though it has the range",
    ],
    "is refused with another size": [[read(10_000), beyond(11_000, { told: "bytes */1" })], "content-range"],
  };
  test.each(Object.entries(bad))("%s: that is wrong", (_, [calls, words]) => {
    expect(problems([...performed(), ...calls])).toEqual([expect.stringContaining(words)]);
  });
});
