import type { Row } from "../../contracts/values.ts";
import type { Scenario } from "../../harness/schedule/scenario.ts";
import { otherOrders } from "./other-orders.ts";
import { fewReadings, manyTrades, measures, noTrades, readings, texts, trades } from "./sources.ts";
import { tellingApart } from "./telling-apart.ts";

/** What is tried with every engine of every API release: does each result arrive, and does each job say the truth? */

const before: readonly Row[] = [
  [1, "OLD1", 1],
  [7, "OLD7", 7],
];
const select = { kind: "select" } as const;

export const resultOutput: readonly Scenario[] = [
  {
    name: "web",
    source: trades,
    statement: select,
    output: { kind: "web" },
    ending: "success",
    promise: "the web destination receives one delivery with all rows",
  },
  {
    name: "mysql-append",
    source: trades,
    statement: select,
    output: { kind: "mysql", mode: "append", before },
    ending: "success",
    promise: "the rows stand beside those that were there before",
  },
  {
    name: "mysql-replace",
    source: trades,
    statement: select,
    output: { kind: "mysql", mode: "replace", before },
    ending: "success",
    promise: "the rows stand in the place of those that were there before",
  },
  {
    name: "mysql-truncate",
    source: trades,
    statement: select,
    output: { kind: "mysql", mode: "truncate", before },
    ending: "success",
    promise: "the table is emptied and holds the rows alone",
  },
  {
    name: "mysql-update",
    source: trades,
    statement: select,
    output: { kind: "mysql", mode: "update", unique: ["id"], before },
    ending: "success",
    promise: "rows with a known id are replaced, the others are added",
  },
  {
    name: "no-output",
    source: trades,
    statement: select,
    output: null,
    ending: "success",
    promise: "the customer reads the result from the API",
  },
  {
    name: "destination-refuses",
    source: trades,
    statement: select,
    output: { kind: "web", refuses: true },
    ending: "success",
    promise:
      "the destination refuses, so the query ends as success with its result, and an export that is linked to it as error",
  },
  {
    name: "bad-destination",
    source: trades,
    statement: select,
    output: { kind: "invalid", url: "mysql://user:hunter2secret@destination.test/only_a_database" },
    ending: "refused",
    promise: "the API refuses the destination when the job is issued",
  },
  {
    name: "empty-web",
    source: noTrades,
    statement: select,
    output: { kind: "web", isPlain: true },
    ending: "success",
    promise:
      "an empty result is delivered as an empty result, by the method and without the login that its URL leaves out",
  },
  {
    name: "empty-replace",
    source: noTrades,
    statement: select,
    output: { kind: "mysql", mode: "replace", before },
    ending: "success",
    promise: "an empty result replaces what was there before by nothing",
  },
  {
    name: "many-rows-web",
    source: manyTrades,
    statement: select,
    output: { kind: "web" },
    ending: "success",
    promise: "10,000 rows arrive in one delivery",
  },
  {
    name: "many-rows-append",
    source: manyTrades,
    statement: select,
    output: { kind: "mysql", mode: "append" },
    ending: "success",
    promise: "10,000 rows arrive in a table that did not exist",
  },
  {
    name: "characters-web",
    source: texts,
    statement: select,
    output: { kind: "web" },
    ending: "success",
    promise: "text with every kind of character arrives to the letter",
  },
  {
    name: "characters-append",
    source: texts,
    statement: select,
    output: { kind: "mysql", mode: "append" },
    ending: "success",
    promise: "text with every kind of character arrives to the letter",
  },
  {
    name: "killed",
    source: trades,
    statement: { kind: "endless" },
    output: { kind: "web" },
    ending: "killed",
    promise: "a job that its customer kills ends as killed and delivers nothing",
  },
  {
    name: "killed-insert",
    source: trades,
    statement: { kind: "endless-insert" },
    output: null,
    // One of each generation.
    engines: ["presto", "hive-hdp2"],
    ending: "killed",
    promise: "a job that its customer kills while it adds rows ends as killed and has added none",
  },
  {
    name: "insert-into",
    source: trades,
    statement: { kind: "insert-into" },
    output: null,
    ending: "success",
    promise: "the rows are in the table, once",
  },
  {
    name: "create-table",
    source: trades,
    statement: { kind: "create-table" },
    output: null,
    ending: "success",
    promise: "the table exists and holds the rows, once",
  },
  {
    name: "numbers-web",
    source: measures,
    statement: select,
    output: { kind: "web", isPlain: true },
    ending: "success",
    promise: "numbers arrive to their last digit, and equal rows as often as they are there",
  },
  {
    name: "numbers-append",
    source: measures,
    statement: select,
    output: { kind: "mysql", mode: "append" },
    ending: "success",
    promise: "numbers arrive to their last digit, and equal rows as often as they are there",
  },
  {
    name: "numbers-insert",
    source: measures,
    statement: { kind: "insert-into" },
    output: null,
    ending: "success",
    promise: "numbers are in the table to their last digit, and equal rows as often as they are read",
  },
  {
    name: "query-fails",
    source: trades,
    statement: { kind: "failing" },
    output: { kind: "web" },
    retryLimit: 2,
    ending: "error",
    promise:
      "the query reads a table that is not there, so the job ends as error after three tries, with nothing delivered",
  },
  {
    name: "insert-fails",
    source: trades,
    statement: { kind: "failing-insert" },
    output: null,
    retryLimit: 1,
    ending: "error",
    promise:
      "the statement reads a table that is not there, so the job ends as error after two tries, with nothing added",
  },

  ...otherOrders,
  ...tellingApart,
  {
    name: "streaming-import",
    source: readings,
    statement: { kind: "streaming-import" },
    output: null,
    ending: "success",
    promise: "what was streamed is in its table once, with its count and columns, and a job reads all of it",
  },
  {
    name: "td-append",
    source: fewReadings,
    statement: select,
    output: { kind: "td" },
    twice: true,
    ending: "success",
    promise: "the rows come into a table of the customer's by streaming import, once",
  },
];
