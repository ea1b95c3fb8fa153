import type { Row } from "../../contracts/values.ts";
import type { Scenario } from "../../harness/schedule/scenario.ts";
import { noTrades, trades } from "./sources.ts";
import {
  everyType,
  everyTypeOften,
  freshValues,
  longRow,
  quotedWords,
  slowTrades,
  tooManyRows,
} from "./telling-sources.ts";

/** Data by which any rounding, reordering, decoding or cutting shows, and jobs that are long or have long ids. */

const before: readonly Row[] = [
  [1, "OLD1", 1],
  [7, "OLD7", 7],
];
const select = { kind: "select" } as const;

export const tellingApart: readonly Scenario[] = [
  {
    name: "again-web",
    source: trades,
    statement: select,
    output: { kind: "web" },
    twice: true,
    ending: "success",
    promise: "a second job with the same destination delivers there too",
  },
  {
    name: "again-append",
    source: trades,
    statement: select,
    output: { kind: "mysql", mode: "append", before },
    twice: true,
    ending: "success",
    promise: "the rows of two jobs stand in one table, beside those that were there before",
  },
  {
    name: "slow",
    source: slowTrades,
    statement: select,
    output: { kind: "web" },
    // One of each generation: a worker runs one job at a time, and nothing else meanwhile.
    engines: ["presto", "hive-hdp2"],
    ending: "success",
    promise: "a job that runs for longer than two leases is run once and delivers once",
  },
  {
    name: "types-web",
    source: everyType,
    statement: select,
    output: { kind: "web" },
    ending: "success",
    promise:
      "integers of every width, decimals and times arrive to the letter, under the names that they have",
  },
  {
    name: "types-update",
    source: everyType,
    statement: select,
    output: {
      kind: "mysql",
      mode: "update",
      unique: ["key", 'it`s "ö" 100%'],
      before: [
        ["7.0000000000", 1, "A", 1, 1, 1, 1, 1, 1, 1, "2001-01-01", null, null, null],
        ["8.0000000000", 3, "a", 1, 1, 1, 1, 1, 1, 1, "2001-01-01", null, null, null],
      ],
    },
    ending: "success",
    promise: "rows equal in both key columns, which are not the first and need quoting, are replaced",
  },
  {
    name: "types-create",
    source: everyType,
    statement: { kind: "create-table" },
    output: null,
    idFrom: "99",
    ending: "success",
    promise: "the table has the columns and values of the query, whatever their types and names",
  },
  {
    name: "query-web",
    source: quotedWords,
    statement: select,
    output: { kind: "web" },
    ending: "success",
    promise: "a long query with literals and comments is run to the letter, and its order is kept",
  },
  {
    name: "query-insert",
    source: quotedWords,
    statement: { kind: "insert-into" },
    output: null,
    ending: "success",
    promise: "a long query with literals and comments is run to the letter",
  },
  {
    name: "fresh-values",
    source: freshValues,
    statement: select,
    output: { kind: "web" },
    alike: true,
    ending: "success",
    promise: "values that only this run of the query knows are the same at the destination and in the result",
  },
  {
    name: "result-export-types",
    source: everyTypeOften,
    statement: { kind: "result-export" },
    output: {
      kind: "mysql",
      mode: "replace",
      before: [["7.0000000000", 1, "A", 1, 1, 1, 1, 1, 1, 1, "2001-01-01", null, null, null]],
    },
    engines: ["presto", "hive-hdp2"],
    ending: "success",
    promise:
      "an export takes every type and all rows from the stored result to the letter, in the place of what was there",
  },
  {
    name: "result-export-empty",
    source: noTrades,
    statement: { kind: "result-export" },
    output: { kind: "web" },
    twice: true,
    engines: ["presto", "hive-hdp2"],
    ending: "success",
    promise:
      "a result without rows is one, too: its export delivers it once, beside what its query has delivered there itself",
  },
  {
    name: "truncate-fails",
    source: trades,
    statement: { kind: "failing" },
    output: { kind: "mysql", mode: "truncate", before },
    ending: "error",
    promise: "the query fails, and the rows that were there before are still there",
  },
  {
    name: "replace-fails",
    source: trades,
    statement: { kind: "failing" },
    output: { kind: "mysql", mode: "replace", before },
    ending: "error",
    promise: "the query fails, and the rows that were there before are still there",
  },
  {
    name: "too-many-rows",
    source: tooManyRows,
    statement: select,
    output: { kind: "web" },
    ending: "success",
    promise:
      "a web destination takes 100,000 rows; with one more nothing is sent, the query has its result, and an export of it is an error",
  },
  {
    name: "long-row",
    source: longRow,
    statement: select,
    output: { kind: "web" },
    ending: "success",
    promise: "a row of more than 2^20 characters arrives whole",
  },
  {
    name: "id-beyond-31-bits",
    source: trades,
    statement: { kind: "create-table" },
    output: null,
    idFrom: "2147483648",
    ending: "success",
    promise: "a job whose id takes more than 31 bits is a job like any other",
  },
  {
    name: "id-beyond-53-bits",
    source: trades,
    statement: select,
    output: { kind: "mysql", mode: "append", before },
    idFrom: "9007199254740993",
    ending: "success",
    promise: "a job whose id no number of JavaScript holds is a job like any other",
  },
];
