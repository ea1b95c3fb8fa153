import { atMostOneEffect } from "./i2-at-most-one-effect.ts";
import { judges } from "./testing/laws.ts";
import { insertInto, select } from "./testing/scenarios.ts";

const [a, b] = [
  [1, "a"],
  [2, "b"],
];

judges(atMostOneEffect, [
  { name: "a query without effect", story: { scenario: select }, says: null },
  { name: "there is no table", story: { final: { table: null } }, says: null },
  { name: "the table is empty", story: { final: { table: [] } }, says: null },
  { name: "once", story: {}, says: [] },
  { name: "in part is not twice", story: { final: { table: [a] } }, says: [] },
  {
    name: "twice",
    story: { final: { table: [a, b, b, a] } },
    says: ["the table holds 4 rows where the statement yields 2"],
  },
  {
    name: "rows that the source has twice",
    story: {
      scenario: { ...insertInto, source: { ...insertInto.source, rows: [a, a] } },
    },
    says: [],
  },
  {
    name: "one row of it twice, whatever the job's end",
    story: { final: { table: [a, b, a], stored: "error" } },
    says: ["the table holds 3 rows where the statement yields 2"],
  },
]);
