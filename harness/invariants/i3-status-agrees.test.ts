import { statusAgreesWithEffect } from "./i3-status-agrees.ts";
import { judges } from "./testing/laws.ts";

const create = "create-table" as const;

judges(statusAgreesWithEffect, [
  { name: "the job has not ended", story: { final: { stored: "running" } }, says: null },
  { name: "there is no job", story: { final: { stored: null, rows: null } }, says: null },
  { name: "a query has no effect in the warehouse", story: { statement: "select" }, says: null },
  { name: "success and its rows", story: {}, says: [] },
  { name: "success and its table", story: { statement: create }, says: [] },
  { name: "error and nothing done", story: { final: { stored: "error", rows: [] } }, says: [] },
  {
    name: "killed and no table",
    story: { statement: create, final: { stored: "killed", rows: null, registered: false } },
    says: [],
  },
  {
    name: "success without a table",
    story: { statement: create, final: { rows: null } },
    says: ["the job ended as success and its table does not exist"],
  },
  {
    name: "success of a table that the API does not know",
    story: { statement: create, final: { registered: false } },
    says: ["the job ended as success and the API does not know its table"],
  },
  {
    name: "success and half of its rows",
    story: { final: { rows: [[1, "a"]] } },
    says: ["the job ended as success; the table holds 1 rows where 2 belong: 1 lost", 'lost: [2,"b"]'],
  },
  {
    name: "error and its rows",
    story: { final: { stored: "error" } },
    says: ["the job ended as error and its effect is in the warehouse: 2 rows"],
  },
  {
    name: "killed, with an empty table that the API knows",
    story: { statement: create, final: { stored: "killed", rows: [] } },
    says: [
      "the job ended as killed and its effect is in the warehouse: 0 rows",
      "the job ended as killed and the API knows its table",
    ],
  },
]);
