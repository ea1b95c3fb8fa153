import { webRowLimit } from "../../contracts/destinations/web.ts";
import { freshMark } from "../../harness/schedule/scenario.ts";
import type { SourceTable } from "../../harness/schedule/source-table.ts";
import { trades } from "./sources.ts";

/** Rows that any rounding, reordering, decoding or cutting changes. */

const everyTypeColumns: SourceTable["columns"] = [
  ["amount", "decimal(30,10)"],
  ["key", "bigint"],
  ['it`s "ö" 100%', "string"],
  ["1st", "bigint"],
  ["tiny int", "bigint"],
  ["small", "bigint"],
  ["medium", "bigint"],
  ["int", "bigint"],
  ["big", "bigint"],
  ["ratio", "double"],
  ["day", "date"],
  ["at", "timestamp"],
  ["Time of day", "time"],
  ["wide", "decimal(65,30)"],
];

const quoted = (name: string): string => `\`${name.replaceAll("`", "``")}\``;

/** Integers of every width at their limits, and what is easily taken for a number; names that need quoting. */
export const everyType: SourceTable = {
  name: "every_type",
  columns: everyTypeColumns,
  reads: `${everyTypeColumns.map(([name]) => quoted(name)).join(", ")} FROM every_type`,
  stored: { "1st": "TINYINT(1)", "tiny int": "TINYINT", small: "SMALLINT", medium: "MEDIUMINT", int: "INT" },
  rows: [
    [
      "12345678901234567890.0123456789",
      1,
      "a",
      1,
      127,
      32_767,
      8_388_607,
      2_147_483_647,
      "9223372036854775807",
      0.1 + 0.2,
      "2015-08-24",
      "2015-08-24 14:44:00.000001",
      "23:59:59.999999",
      `${"9".repeat(35)}.${"0".repeat(29)}1`,
    ],
    [
      "-12345678901234567890.0123456789",
      1,
      "A",
      0,
      -128,
      -32_768,
      -8_388_608,
      -2_147_483_648,
      "-9223372036854775808",
      -1.797_693_134_862_315_7e308,
      "1000-01-01",
      "9999-12-31 23:59:59.999999",
      "-838:59:59.000000",
      `-${"9".repeat(35)}.${"9".repeat(30)}`,
    ],
    [
      "0.0000000001",
      2,
      "a",
      1,
      0,
      0,
      0,
      0,
      "9007199254740993",
      2.225_073_858_507_201_4e-308,
      "2016-02-29",
      "1000-01-01 00:00:00.000000",
      "00:00:00.000000",
      `0.${"0".repeat(29)}1`,
    ],
    [
      "1.1000000000",
      2,
      "",
      0,
      -1,
      -1,
      -1,
      -1,
      "9007199254740994",
      123_456.789_012_345_67,
      "9999-12-31",
      "2015-10-25 02:30:00.000000",
      "00:00:00.000001",
      `1.5${"0".repeat(29)}`,
    ],
    [
      "0.0000000000",
      2 ** 31,
      "{customer}",
      null,
      null,
      null,
      null,
      null,
      "9007199254740992",
      null,
      null,
      null,
      null,
      null,
    ],
    [
      null,
      "-9007199254740992",
      " A",
      null,
      null,
      null,
      null,
      1,
      -Number.MAX_SAFE_INTEGER,
      0,
      "2015-08-24",
      "2015-03-29 02:30:00.000000",
      "838:59:59.000000",
      `100.${"0".repeat(30)}`,
    ],
  ],
};

/** The same, and more rows than anyone delivers who takes a page of a thousand for all. */
export const everyTypeOften: SourceTable = {
  ...everyType,
  name: "every_type_often",
  reads: `${everyTypeColumns.map(([name]) => quoted(name)).join(", ")} FROM every_type_often`,
  rows: Array.from({ length: 200 }, () => everyType.rows).flat(),
};

/** Read by a query of which every character counts, longer than 64 KiB; equal labels are ordered by id. */
export const quotedWords: SourceTable = {
  name: "quoted_words",
  columns: [
    ["id", "bigint"],
    ["label", "string"],
    ["said", "string"],
  ],
  reads: [
    "id, label, '{customer}: 100% -- \"no\" /* comment */ # ''%s'' \\\\ ? ; Straße A\u030a\u00c5 👩‍👧 ' || label AS said -- it's one; a /*",
    "FROM quoted_words /* ; ' \" -- */",
    `WHERE label <> '${"No label; ".repeat(7_000)}'`,
    "ORDER BY label DESC, id # ties are broken'",
    ";",
  ].join("\n"),
  rows: [
    [3, "b"],
    [7, "b"],
    [20, "a"],
    [100, "a"],
    [1, "B"],
    [5, "B"],
    [4, "A"],
  ].map(([id, label]) => [
    id as number,
    label as string,
    `{customer}: 100% -- "no" /* comment */ # '%s' \\ ? ; Straße A\u030a\u00c5 👩‍👧 ${label}`,
  ]),
};

/** Values that nobody knows before the query has run, in the order that the query asks for. */
export const freshValues: SourceTable = {
  name: "fresh_values",
  columns: [
    ["id", "bigint"],
    ["token", "string"],
  ],
  reads: "id, UUID() AS token FROM fresh_values ORDER BY id DESC",
  rows: [
    [3, freshMark],
    [2, freshMark],
    [1, freshMark],
  ],
};

/** A row more than a web destination takes. */
export const tooManyRows: SourceTable = {
  name: "too_many_rows",
  columns: [["id", "bigint"]],
  // Made by the server: loading them takes longer.
  reads: `id FROM JSON_TABLE(CONCAT('[0', REPEAT(',0', ${webRowLimit}), ']'), '$[*]' COLUMNS (id FOR ORDINALITY)) AS made`,
  rows: Array.from({ length: webRowLimit + 1 }, (_, i) => [i + 1]),
};

const thousandWords = Array.from({ length: 1000 }, (_, i) => `${i} ö`).join(" ");

/** A row of more than 2^20 characters, in numbered parts. Every command that reads the config waits until it is made. */
export const longRow: SourceTable = {
  name: "long_row",
  columns: [
    ["id", "bigint"],
    ["text", "string"],
  ],
  rows: [
    [1, Array.from({ length: 180 }, (_, i) => `${i}: ${thousandWords}`).join(" ")],
    [2, "{customer}"],
  ],
};

/** It runs for longer than two leases: 4.9 s where the config's lease is 2.4 s. */
export const slowTrades: SourceTable = {
  ...trades,
  name: "slow_trades",
  reads: "id, symbol, price FROM slow_trades WHERE SLEEP(1.225) = 0",
  runsMs: 61_250,
};
