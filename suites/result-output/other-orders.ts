import type { Scenario } from "../../harness/schedule/scenario.ts";
import { events, loads, manyEvents, trades, visits } from "./sources.ts";
import { freshValues } from "./telling-sources.ts";

/** Jobs that are ordered by another call than `job.issue`. */

export const otherOrders: readonly Scenario[] = [
  {
    name: "partial-delete",
    source: visits,
    statement: { kind: "partial-delete" },
    output: null,
    engines: ["hive-cdh4", "hive-hdp2"],
    ending: "success",
    promise: "the records of the range are out of the table, and all others are in it",
  },
  {
    name: "export",
    source: events,
    statement: { kind: "export" },
    output: { kind: "s3" },
    engines: ["hive-cdh4", "hive-hdp2"],
    ending: "success",
    promise: "the records of the range are in one object of the bucket, and the table has them still",
  },
  {
    name: "export-tsv",
    source: manyEvents,
    statement: { kind: "export" },
    output: { kind: "s3", format: "tsv.gz" },
    engines: ["hive-cdh4", "hive-hdp2"],
    ending: "success",
    promise:
      "the records of the range are in one object of the bucket, to the letter in its other format too",
  },
  {
    name: "export-refused",
    source: events,
    statement: { kind: "export" },
    output: { kind: "s3", refuses: true },
    engines: ["hive-cdh4", "hive-hdp2"],
    ending: "error",
    promise: "the bucket refuses, so the export ends as error",
  },
  {
    name: "data-connector",
    source: events,
    statement: { kind: "data-connector" },
    output: { kind: "s3", holds: "records" },
    engines: ["hive-cdh4", "hive-hdp2"],
    ending: "success",
    promise:
      "the records of all objects whose keys begin with the prefix are in the table once, beside those of before",
  },
  {
    name: "data-connector-replace",
    source: events,
    statement: { kind: "data-connector-replace" },
    output: { kind: "s3", holds: "records", isNamed: true },
    engines: ["hive-cdh4", "hive-hdp2"],
    ending: "success",
    promise: "the records of all objects whose keys begin with the prefix are in the table, and no other",
  },
  {
    name: "data-connector-broken",
    source: events,
    statement: { kind: "data-connector" },
    output: { kind: "s3", holds: "broken" },
    engines: ["hive-cdh4", "hive-hdp2"],
    ending: "error",
    promise: "one object is cut off, so the load ends as error, and the table is as it was",
  },
  {
    name: "data-connector-refused",
    source: events,
    statement: { kind: "data-connector-replace" },
    output: { kind: "s3", holds: "records", refuses: true },
    engines: ["hive-cdh4", "hive-hdp2"],
    ending: "error",
    promise: "the bucket refuses to be read, so the load ends as error, and the table is as it was",
  },
  {
    name: "result-export",
    source: freshValues,
    statement: { kind: "result-export" },
    output: { kind: "web" },
    ending: "success",
    promise:
      "the stored result of a query is delivered to the letter by a job of its own, to which it is linked",
  },
  {
    name: "result-export-refused",
    source: trades,
    statement: { kind: "result-export" },
    output: { kind: "web", refuses: true },
    ending: "error",
    promise: "the destination refuses, so the export ends as error, and the query stays a success",
  },
  {
    name: "scheduled-query",
    source: trades,
    statement: { kind: "scheduled-query" },
    output: { kind: "web" },
    ending: "success",
    promise: "a query that is kept at the service is run when its customer asks, and delivers its rows once",
  },
  {
    name: "scheduled-query-due",
    source: trades,
    statement: { kind: "scheduled-query" },
    output: null,
    due: true,
    engines: ["presto", "hive-hdp2"],
    ending: "success",
    promise:
      "each due time of a query that is kept at the service has its job, once, whatever was away meanwhile",
  },
  {
    name: "bulk-import",
    source: loads,
    statement: { kind: "bulk-import" },
    output: null,
    engines: ["hive-cdh4", "hive-hdp2"],
    ending: "success",
    promise: "the valid records of the session's parts are in the table once, and the others are counted",
  },
];
