import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { finish, life, limits, read, refusal } from "../../testing/model-calls.ts";
import {
  type Asked,
  file,
  gz,
  judged,
  packed,
  problemsOf,
  rows,
  schema,
  texts,
} from "../../testing/result-files.ts";
import { type ModelCall } from "../call.ts";
import { judgeCalls } from "../model.ts";

const wholes = [
  file("json", texts.json),
  file("json", `["id","text","x"]\n${texts.json}`, { header: "true" }),
  file("csv", texts.csv),
  file("csv", `id,text,x\n${texts.csv}`, { header: "True" }),
  file("tsv", texts.tsv, { header: "false" }),
  file("tsv", `id\ttext\tx\n${texts.tsv}`, { header: "true" }),
  file("msgpack", packed()),
  file("msgpack", packed({}, [["id", "text", "x"], ...rows]), { header: "true" }),
  file("msgpack.gz", gz),
  file("msgpack.gz", Buffer.concat([gzipSync(packed({}, [["id", "text", "x"]])), gz]), { header: "True" }),
];

describe.each([true, false])("with rows that are known: %j", (known) => {
  test("every format that holds them is right, in any order", () => {
    expect(judged(wholes, known)).toEqual({ problems: [], unjudged: 0 });
    expect(
      judged(
        wholes.toReversed().map((one, i) => ({ ...one, sent: 7_000 + i * 20, returned: 7_010 + i * 20 })),
        known,
      ),
    ).toEqual({ problems: [], unjudged: 0 });
  });

  test.each<[string, ModelCall]>([
    ["a row is lost in json", file("json", '[1,"a,b",0.1]\n')],
    ["a row is lost in csv", file("csv", '1,"a,b",0.1\n')],
    ["a row is lost in tsv", file("tsv", "1\ta,b\t0.1\n")],
    ["a row is lost in msgpack", file("msgpack", packed({}, rows.slice(1)))],
    ["the last line has no end", file("csv", texts.csv.trimEnd())],
    ["a header that nobody asked for", file("csv", `id,text,x\n${texts.csv}`)],
    ["no header in json", file("json", texts.json, { header: "true" })],
    ["no header in msgpack", file("msgpack", packed(), { header: "true" })],
    ["no header in msgpack.gz", file("msgpack.gz", gz, { header: "true" })],
    [
      "another header in msgpack",
      file("msgpack", packed({}, [["id", "x", "text"], ...rows]), { header: "true" }),
    ],
    ["a header that nobody asked for in json", file("json", `["id","text","x"]\n${texts.json}`)],
    ["no header", file("csv", texts.csv, { header: "true" })],
    ["another header", file("tsv", `a\tb\tc\n${texts.tsv}`, { header: "true" })],
    ["no gzip", file("msgpack.gz", packed())],
    ["another length than was told", file("msgpack.gz", gzipSync(packed(), { level: 0 }))],
    ["half of a row", file("msgpack", packed().subarray(0, 9))],
    ["gigabytes in a few bytes", file("msgpack", Buffer.from("dd01ffffff".repeat(1_000), "hex"))],
    ["lists within each other without an end", file("msgpack", Buffer.alloc(2 ** 22, 0x91))],
    ["millions of rows without a value", file("msgpack.gz", gzipSync(Buffer.alloc(10_000_001, 0x90)))],
    ["rows that are no arrays", file("msgpack", packed({}, [1, 2]))],
    [
      "bytes in the place of text",
      file(
        "msgpack",
        packed({}, [
          [1, Buffer.from("a"), 0.1],
          [300, null, -3],
        ]),
      ),
    ],
  ])("%s", (_, one) => {
    expect(judged([one], known).problems).toHaveLength(1);
  });

  test("formats that contradict each other are seen, whichever comes first", () => {
    const other = file("json", '[1,"a,b",0.2]\n[300,null,-3]\n', { at: 7_100 });
    for (const first of [file("csv", texts.csv), file("msgpack", packed())])
      expect(judged([first, other], known).problems).toHaveLength(1);
    expect(
      judged([file("json", texts.json), file("csv", texts.csv.replace('"a,b"', "a"), { at: 7_100 })], known)
        .problems,
    ).toHaveLength(1);
  });

  test.each([
    texts.csv.replace('"a,b"', "a,b"),
    texts.csv.replace(",,", ",NULL,"),
    texts.csv.replaceAll("\n", "\r\n"),
  ])("csv that is written otherwise: %j", (text) => {
    const learned = known ? [] : [file("json", texts.json, { at: 6_000 })];
    expect(judged([...learned, file("csv", text)], known).problems).toHaveLength(1);
  });
});

test("numbers are equal whatever they are packed as, and no others", () => {
  const wide = rows.map((row) =>
    row.map((cell) => (Number.isSafeInteger(cell) ? BigInt(cell as number) : cell)),
  );
  expect(problemsOf(file("msgpack", packed({}, wide)))).toEqual([]);
  expect(problemsOf(file("msgpack", packed({ forceIntegerToFloat: true })))).toEqual([]);
  expect(problemsOf(file("msgpack", packed({ forceFloat32: true })))).toEqual([
    expect.stringContaining("row 1 of the result"),
  ]);
});

test("tsv is the format where none is named", () => {
  const one = file("tsv", texts.tsv);
  expect(problemsOf({ ...one, request: { job_id: "1" } })).toEqual([]);
});

test("there are no other formats", () => {
  const one = file("csv", texts.csv);
  expect(problemsOf({ ...one, request: { job_id: "1", format: "xml" } })).toEqual([
    expect.stringContaining("none of its formats"),
  ]);
});

test("the number of rows that was reported is that of the result", () => {
  const other = [...life.slice(0, 3), finish(4_000, { num_records: 3, result_schema: schema })];
  const { departures } = judgeCalls([...other, file("json", texts.json)], 0, {
    ...limits,
    rowsOf: () => rows,
  });
  expect(departures.map(({ problem }) => problem)).toEqual(["rows of the result: expected 2, got 3"]);
});

describe("headers of a file", () => {
  test.each<[string, Record<string, string>, string]>([
    ["another media type", { "content-type": "text/html" }, "content-type"],
    ["no version", { etag: "" }, "etag"],
    ["a version without quotes", { etag: "a" }, "etag"],
    ["a time to come again that is none", { "retry-after": "soon" }, "retry-after"],
  ])("%s", (_, told, field) => {
    expect(problemsOf(file("csv", texts.csv, {}, told))).toEqual([expect.stringContaining(`${field}: `)]);
  });

  test("the version of a format stays", () => {
    const again = file("csv", texts.csv, { at: 7_100 }, { etag: '"other"' });
    expect(problemsOf(file("csv", texts.csv), again)).toEqual([expect.stringContaining("etag: ")]);
    expect(problemsOf(file("tsv", texts.tsv), again)).toEqual([]);
  });

  test("other bytes have another version, in whatever form they are asked for", () => {
    const same = { etag: '"same"' };
    const named = file("csv", `id,text,x\n${texts.csv}`, { header: "true", at: 7_100 }, same);
    const problem = expect.stringContaining("which has other bytes than csv with a header");
    expect(problemsOf(file("csv", texts.csv, {}, same), named)).toEqual([problem]);
    const part = file(
      "json",
      texts.json.slice(0, 3),
      {
        range: "bytes=0-2",
        status: 206,
        at: 7_200,
      },
      { ...same, "content-range": `bytes 0-2/${texts.json.length}` },
    );
    expect(problemsOf(file("csv", texts.csv, {}, same), part)).toHaveLength(1);
    const whole = (header: string, at: number) => file("csv", texts.csv, { header, at }, same);
    expect(problemsOf(whole("false", 7_000), whole("no", 7_300))).toEqual([]);
  });

  test("of equal rows in other bytes the version is another", () => {
    const first = file("msgpack", packed());
    const other = file("msgpack", packed({ forceIntegerToFloat: true }), { at: 7_100 });
    expect(problemsOf(first, other)).toEqual([expect.stringContaining("as it was read before")]);
  });
});

describe("a part", () => {
  const size = texts.csv.length;
  const part = (range: string, bytes: Buffer | string, told: string, asked: Asked = {}) =>
    file("csv", bytes, { range, status: 206, ...asked }, { "content-range": told });

  test.each<[string, ModelCall]>([
    ["the first bytes", part("bytes=0-3", '1,"a', `bytes 0-3/${size}`)],
    ["the last bytes", part("bytes=-3", "-3\n", `bytes ${size - 3}-${size - 1}/${size}`)],
    ["all from one on", part("bytes=12-", "300,,-3\n", `bytes 12-${size - 1}/${size}`)],
    ["more than there is", part("bytes=12-99", "300,,-3\n", `bytes 12-${size - 1}/${size}`)],
    [
      "of the version that is there",
      part("bytes=0-3", '1,"a', `bytes 0-3/${size}`, { ifRange: '"csv-false"' }),
    ],
    ["or the whole all the same", file("csv", texts.csv, { range: "bytes=0-3" })],
    ["the whole of another version", file("csv", texts.csv, { range: "bytes=0-3", ifRange: '"other"' })],
  ])("may be %s", (_, one) => {
    expect(problemsOf(one)).toEqual([]);
  });

  test.each<[string, ModelCall]>([
    ["a byte later", part("bytes=0-3", ',"a,', `bytes 0-3/${size}`)],
    ["a byte longer", part("bytes=0-3", '1,"a,', `bytes 0-3/${size}`)],
    ["told as another", part("bytes=0-3", '1,"a', `bytes 1-4/${size}`)],
    ["of a longer file", part("bytes=0-3", '1,"a', `bytes 0-3/${size + 1}`)],
    ["told without its place", file("csv", '1,"a', { range: "bytes=0-3", status: 206 })],
    ["of another version", part("bytes=0-3", '1,"a', `bytes 0-3/${size}`, { ifRange: '"other"' })],
    ["that nobody asked for", part("bytes=9-1", '1,"a', `bytes 0-3/${size}`)],
  ])("may not be %s", (_, one) => {
    expect(problemsOf(one)).toHaveLength(1);
  });

  test("of bytes that are not known yet is held against the whole when it comes", () => {
    const first = file(
      "msgpack",
      packed().subarray(0, 4),
      { range: "bytes=0-3", status: 206 },
      { "content-range": `bytes 0-3/${packed().length}` },
    );
    expect(problemsOf(first, { ...wholes[6], sent: 7_100, returned: 7_110 } as ModelCall)).toEqual([]);
    const other = {
      ...file("msgpack", packed({ forceIntegerToFloat: true }), { at: 7_100 }),
      headers: first.headers,
    };
    expect(problemsOf(first, other)).toHaveLength(1);
  });

  test("of msgpack.gz is one of as many bytes as were told", () => {
    const at = (size: number) =>
      file(
        "msgpack.gz",
        gz.subarray(0, 4),
        { range: "bytes=0-3", status: 206 },
        { "content-range": `bytes 0-3/${size}` },
      );
    expect(problemsOf(at(gz.length))).toEqual([]);
    expect(problemsOf(at(gz.length + 1))).toHaveLength(1);
  });
});

describe("a Range beyond the end", () => {
  const beyond = (range: string, told?: string): ModelCall => ({
    ...file("csv", "", { range }, told === undefined ? {} : { "content-range": told }),
    ...refusal(416, ""),
  });
  const size = texts.csv.length;

  test("is refused with the size", () => {
    expect(problemsOf(beyond(`bytes=${size}-`, `bytes */${size}`))).toEqual([]);
    expect(problemsOf(file("csv", texts.csv, { range: `bytes=${size}-` }))).toEqual([]);
  });

  test.each<[string, ModelCall]>([
    ["without a size", beyond(`bytes=${size}-`)],
    ["with another size", beyond(`bytes=${size}-`, `bytes */${size + 1}`)],
    ["though it is there", beyond(`bytes=${size - 1}-`, `bytes */${size}`)],
    ["though it is no range", beyond("lines=1-2", `bytes */${size}`)],
    ["by nothing, as if that were the result", file("csv", "", { range: `bytes=${size}-` })],
  ])("may not be answered %s", (_, one) => {
    expect(problemsOf(one)).toHaveLength(1);
  });
});

test("a file that was not kept is judged by its length, and counted as not judged", () => {
  const one = (size: number): ModelCall => ({ ...file("csv", ""), reply: { $bytes: size } });
  expect(judged([one(texts.csv.length)])).toEqual({ problems: [], unjudged: 1 });
  expect(judged([one(5)]).problems).toHaveLength(1);
});

test("what is no file is none", () => {
  expect(problemsOf(read(7_000, { rows: [] }))).toEqual([expect.stringContaining("no file")]);
});
