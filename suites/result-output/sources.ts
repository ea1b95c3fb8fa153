import type { SourceTable } from "../../harness/schedule/source-table.ts";
import { everyBlock, hardTexts } from "./hard-texts.ts";

/** The rows that the scenarios' queries read: one small table, one empty, one large, and one of hard text. */

const columns: SourceTable["columns"] = [
  ["id", "bigint"],
  ["symbol", "string"],
  ["price", "double"],
];

export const trades: SourceTable = {
  name: "trades",
  columns,
  rows: [
    [1, "TDCP", 12.5],
    [2, 'HD,"PX"', 0.1],
    [3, null, -3],
    [4, "{customer}", 8.25],
  ],
};

export const noTrades: SourceTable = { name: "no_trades", columns, rows: [] };

export const manyTrades: SourceTable = {
  name: "many_trades",
  columns,
  // Some rows twice in a row, and some twice far apart: whoever drops what it knows drops these.
  rows: Array.from({ length: 10_000 }, (_, i) => (i % 5_000) - (i % 7 === 1 ? 1 : 0)).map((id) => [
    id,
    `S${id % 97}`,
    id / 8,
  ]),
};

/** Longer than 64 KiB: its last characters tell. */
const longText = `${"x".repeat(2 ** 16)}Z`;

/** Texts that are cut, trimmed or taken for something else, among so many records that a part of them is missed. */
const volume = ["", " both ends ", "\t", "x".repeat(300), "false", "0042", "null"];
const mostRecords = 120;
const textOf = (i: number): string => volume[i % volume.length] as string;

/**
 * What is loaded in parts: a record comes in two of them, and one has values for its first column alone. Each part has more
 * records than are read at once by whoever reads a few.
 */
export const loads: SourceTable = {
  name: "loads",
  columns: [...columns, ["flag", "bigint"]],
  booleans: ["flag"],
  rows: [
    ...trades.rows.map((row) => [...row, null]),
    ...Array.from({ length: 2 * mostRecords }, (_, i) => [100 + i, textOf(i), i / 8, i % 2]),
    [1, "TDCP", 12.5, null],
    ["9007199254740993", "wider than a double", 0.5, 0],
    [5, null, null, null],
  ],
};

/** What is streamed: each record has its time, and a column comes up in each half alone, which has more than a hundred. */
export const readings: SourceTable = {
  name: "readings",
  columns: [
    ["time", "bigint"],
    ["id", "bigint"],
    ["place", "string"],
    ["value", "double"],
    ["flag", "bigint"],
    ["late", "bigint"],
  ],
  booleans: ["flag"],
  rows: [
    [1_567_578_480, 1, "{customer}", 12.5, 0, null],
    [1_567_578_480, 1, "{customer}", 12.5, 0, null],
    [1_567_578_481, Number.MAX_SAFE_INTEGER, "", 1e-7, 1, null],
    ...Array.from({ length: mostRecords }, (_, i) => [1_567_578_480, i, textOf(i), i / 8, i % 2, null]),
    [1_567_578_481, "9007199254740993", "wider than a double", null, 0, null],
    [1_567_578_485, "-9223372036854775807", "wider than a double", null, 1, 6],
    ...Array.from({ length: mostRecords }, (_, i) => [1_567_578_482, -i, textOf(i), null, i % 2, i]),
    [1_567_578_485, Number.MIN_SAFE_INTEGER, "emoji 👩‍👩‍👧‍👦 日本語 A\u030a \u0000 '\\", null, null, 7],
    [1_567_578_482, "9223372036854775807", longText, null, 0, 8],
    [1_567_578_483, 0, null, null, 1, -7],
  ],
};

/** The same with few records in each half, and none that is long. */
export const fewReadings: SourceTable = {
  ...readings,
  name: "few_readings",
  rows: readings.rows
    .filter(([, id]) => Math.abs(Number(id)) < 2 || Math.abs(Number(id)) >= mostRecords)
    .map((row) => row.map((value) => (value === longText ? "0042" : value))),
};

/** What is deleted by the hour: records just before, at and just behind both ends of the range, and equal ones within it. */
export const visits: SourceTable = {
  name: "visits",
  columns: [
    ["time", "bigint"],
    ["id", "bigint"],
    ["place", "string"],
  ],
  rows: [
    [0, 1, "{customer}"],
    [1_567_576_799, 2, null],
    [1_567_576_800, 3, "{customer}"],
    [1_567_580_399, 4, ""],
    [1_567_580_400, 5, "emoji 👩‍👩‍👧‍👦 日本語"],
    [1_567_580_400, 5, "emoji 👩‍👩‍👧‍👦 日本語"],
    [1_602_143_999, 6, null],
    [1_602_144_000, 7, "{customer}"],
    [null, 8, "without a time"],
  ],
};

/** Line ends of others than JSON lines, an escape that is none, and blanks at both ends. */
const otherLines = " 0042\u2028\u2029\u0085\v\f\\u0041 /\\/ ";
/**
 * What is exported by the second: records just before, at and just behind both ends of the range, equal ones within it, and values
 * of every type that is easily taken for another.
 */
export const events: SourceTable = {
  name: "events",
  columns: [
    ["time", "bigint"],
    ["id", "bigint"],
    ["amount", "decimal(30,10)"],
    ["ratio", "double"],
    ["day", "date"],
    ["at", "timestamp"],
    ["text", "string"],
    ["flag", "bigint"],
  ],
  booleans: ["flag"],
  rows: [
    [0, 1, null, null, null, null, "{customer}", null],
    [1_567_576_800, 2, "0.0000000001", 0.5, null, null, "just before", 1],
    [
      1_567_580_400,
      "9223372036854775807",
      "-1.5000000000",
      -1e21,
      "1000-01-01",
      null,
      "emoji 👩‍👩‍👧‍👦\t\n\r\\N",
      1,
    ],
    [
      1_567_580_400,
      "9223372036854775807",
      "-1.5000000000",
      -1e21,
      "1000-01-01",
      null,
      "emoji 👩‍👩‍👧‍👦\t\n\r\\N",
      1,
    ],
    [
      1_567_576_801,
      3,
      "12345678901234567890.0123456789",
      0.1 + 0.2,
      "2019-09-04",
      "2019-09-04 06:00:01.000001",
      "{customer}",
      0,
    ],
    [1_567_580_401, "-9007199254740993", null, 5e-324, null, "9999-12-31 23:59:59.999999", "", 0],
    [1_602_143_998, -1, "0.0000000000", 0, "2016-02-29", "1000-01-01 00:00:00.000000", otherLines, 1],
    [1_602_143_999, 4, "1.0000000000", 1, null, null, longText, 0],
    [1_602_144_000, 5, null, null, null, null, "behind", null],
    [null, 6, null, null, null, null, "without a time", 0],
  ],
};

/** The same among more records than anyone exports who takes a page of a thousand for all. */
export const manyEvents: SourceTable = {
  ...events,
  name: "many_events",
  rows: [
    ...events.rows,
    ...Array.from({ length: 1_200 }, (_, i) => [
      1_567_590_000 + i,
      i,
      null,
      i / 8,
      null,
      null,
      textOf(i),
      i % 2,
    ]),
  ],
};

/** Numbers that are rounded, cut or wrapped by whoever reads them as another type, and equal rows. */
export const measures: SourceTable = {
  name: "measures",
  columns: [
    ["amount", "double"],
    ["id", "bigint"],
    ["label", "string"],
  ],
  rows: [
    [0.1 + 0.2, 127, "{customer}"],
    [1e-7, 128, "1e-7"],
    [123_456_789.123_456_78, 32_768, "17 digits"],
    [5e-324, 2 ** 31 - 1, "the smallest"],
    [Number.MAX_VALUE, 2 ** 31, "the largest"],
    [-1e21, -(2 ** 31) - 1, "an exponent"],
    [2 ** 53, Number.MAX_SAFE_INTEGER, "53 bits"],
    [2 ** 51 + 0.5, 0, "a fraction of 53 bits"],
    [-(2 ** 51) - 0.5, -1, "a fraction of 53 bits"],
    [-0.5, Number.MIN_SAFE_INTEGER, "negative"],
    [7.25, 7, "twice"],
    [7.25, 7, "twice"],
    [null, null, null],
    [null, null, ""],
  ],
};

/** Text of every kind. */
export const texts: SourceTable = {
  name: "texts",
  columns: [
    ["id", "bigint"],
    ["text", "string"],
  ],
  rows: [...hardTexts, ...everyBlock.filter((_, i) => i % 16 === 0)].map((text, id) => [id, text]),
};
