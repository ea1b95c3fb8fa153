import { atMostOneEffect } from "./i2-at-most-one-effect.ts";
import { judges } from "./testing/laws.ts";

const [a, b] = [
  [1, "a"],
  [2, "b"],
];

judges(atMostOneEffect, [
  { name: "there is no table", story: { final: { rows: null } }, says: null },
  { name: "the table is empty", story: { final: { rows: [] } }, says: null },
  { name: "once", story: {}, says: [] },
  { name: "in part is not twice", story: { final: { rows: [a] } }, says: [] },
  {
    name: "twice",
    story: { final: { rows: [a, b, b, a] } },
    says: ["the table holds 4 rows where the statement yields 2"],
  },
  {
    name: "one row of it twice, whatever the job's end",
    story: { final: { rows: [a, b, a], stored: "error" } },
    says: ["the table holds 3 rows where the statement yields 2"],
  },
]);
