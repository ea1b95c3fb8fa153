import { statusAgreesWithEffect } from "./i3-status-agrees.ts";
import { calm, finish, grant, issue, refused } from "./testing/calls.ts";
import { judges } from "./testing/laws.ts";
import { badDestination, createTable, endless, partialDelete, select, source } from "./testing/scenarios.ts";

const rows = source.rows;
const one = [1, "a"];
const ordered = { ...select, source: { ...source, reads: `id, name FROM ${source.name} ORDER BY id` } };

judges(statusAgreesWithEffect, [
  { name: "the job has not ended", story: { final: { stored: "running" } }, says: null },
  { name: "there is no job", story: { final: { stored: null, table: null } }, says: null },
  { name: "the job was refused", story: { scenario: badDestination }, says: null },
  { name: "a query without effect whose result nobody asked for", story: { scenario: select }, says: null },
  {
    name: "a result in the order of the query",
    story: { scenario: ordered, final: { result: rows } },
    says: [],
  },
  {
    name: "a result in another order than that of the query",
    story: { scenario: ordered, final: { result: rows.toReversed() } },
    says: ["the job ended as success; its result has the rows in another order than its query"],
  },
  {
    name: "a query that was killed",
    story: { scenario: endless, final: { result: null } },
    says: null,
  },
  {
    name: "a query that failed",
    story: { scenario: select, final: { stored: "error", result: null } },
    says: null,
  },
  {
    name: "rows that were there when success was reported",
    story: { calls: calm, held: [{ at: 695, phase: "before", table: rows }] },
    says: [],
  },
  {
    name: "rows that came after success was reported",
    story: { calls: calm, held: [{ at: 695, phase: "before", table: [] }] },
    says: [
      "worker-v5-1 reported success at 0.69 s; the table then holds 0 rows where 2 belong: 2 lost",
      'lost: [1,"a"]',
    ],
  },
  {
    name: "a deletion that left one of the records of its range",
    story: { scenario: partialDelete, final: { table: partialDelete.source.rows.toSpliced(1, 1) } },
    says: [
      "the job ended as success; the table holds 3 rows where 2 belong: 1 unexpected",
      'unexpected: [1602143999,"b"]',
    ],
  },
  {
    name: "a deletion that deletes the record at the end of its range as well",
    story: { scenario: partialDelete, final: { table: partialDelete.source.rows.slice(0, 1) } },
    says: [
      "the job ended as success; the table holds 1 rows where 2 belong: 1 lost",
      'lost: [1602144000,"c"]',
    ],
  },
  {
    name: "a deletion that comes after success was reported",
    story: {
      scenario: partialDelete,
      calls: calm,
      held: [{ at: 695, phase: "before", table: partialDelete.source.rows }],
    },
    says: [
      "worker-v5-1 reported success at 0.69 s; the table then holds 4 rows where 2 belong: 2 unexpected",
      'unexpected: [1567576800,"b"]',
    ],
  },
  {
    name: "a deletion that was killed and left the table as it was",
    story: { scenario: partialDelete, final: { stored: "killed", table: partialDelete.source.rows } },
    says: [],
  },
  {
    name: "a deletion that was killed and has deleted",
    story: { scenario: partialDelete, final: { stored: "killed" } },
    says: [
      "the job ended as killed; the table holds 2 rows where 4 belong: 2 lost",
      'lost: [1567576800,"b"]',
    ],
  },
  {
    name: "a table as its customer is shown it",
    story: { scenario: createTable, final: { shown: source.columns } },
    says: [],
  },
  {
    name: "a table that its customer is not shown",
    story: { scenario: createTable, final: { shown: null } },
    says: ["the job ended as success and its customer is not shown its table"],
  },
  {
    name: "a table that its customer is shown without columns",
    story: { scenario: createTable, final: { shown: [] } },
    says: [
      `its customer is shown a table with the columns [], and ${JSON.stringify(source.columns)} are right`,
    ],
  },
  {
    name: "a table that its customer is shown although the job failed",
    story: {
      scenario: createTable,
      final: { stored: "error", table: null, registered: false, shown: source.columns },
    },
    says: ["the job ended as error and its customer is shown its table"],
  },
  {
    name: "a table that came after success was reported",
    story: { scenario: createTable, calls: calm, held: [{ at: 695, phase: "before", table: null }] },
    says: ["worker-v5-1 reported success at 0.69 s; the table then does not exist"],
  },
  {
    name: "what was seen at a report that was refused",
    story: {
      calls: [
        issue(100),
        grant(200, 1),
        finish(700, 1, "success", refused("stale_attempt")),
        finish(900, 2, "success", { by: "worker-v5-2" }),
      ],
      held: [{ at: 695, phase: "before", table: [] }],
    },
    says: [],
  },
  { name: "a query and its result", story: { scenario: select, final: { result: rows } }, says: [] },
  {
    name: "a query whose result cannot be read",
    story: { scenario: select, final: { result: null } },
    says: ["the job ended as success, yet its result cannot be read"],
  },
  {
    name: "a query and half of its result",
    story: { scenario: select, final: { result: [one] } },
    says: ["the job ended as success; its result holds 1 rows where 2 belong: 1 lost", 'lost: [2,"b"]'],
  },
  {
    name: "a query and its result twice",
    story: { scenario: select, final: { result: [...rows, ...rows] } },
    says: [
      "the job ended as success; its result holds 4 rows where 2 belong: 2 duplicated",
      'duplicated: [1,"a"]',
    ],
  },
  { name: "success and its rows", story: {}, says: [] },
  { name: "success and its rows in another order", story: { final: { table: rows.toReversed() } }, says: [] },
  {
    name: "success without the table that it should fill",
    story: { final: { table: null } },
    says: ["the job ended as success; the table does not exist"],
  },
  {
    name: "success and no rows",
    story: { final: { table: [] } },
    says: ["the job ended as success; the table holds 0 rows where 2 belong: 2 lost", 'lost: [1,"a"]'],
  },
  {
    name: "killed and a part of its rows",
    story: { final: { stored: "killed", table: [one] } },
    says: ["the job ended as killed and its effect is in the warehouse: 1 rows"],
  },
  { name: "success and its table", story: { scenario: createTable }, says: [] },
  { name: "error and nothing done", story: { final: { stored: "error", table: [] } }, says: [] },
  {
    name: "killed and no table",
    story: { scenario: createTable, final: { stored: "killed", table: null, registered: false } },
    says: [],
  },
  {
    name: "success without a table",
    story: { scenario: createTable, final: { table: null } },
    says: ["the job ended as success; the table does not exist"],
  },
  {
    name: "success of a table that the API does not know",
    story: { scenario: createTable, final: { registered: false } },
    says: ["the job ended as success and the API does not know its table"],
  },
  {
    name: "success and half of its rows",
    story: { final: { table: [[1, "a"]] } },
    says: ["the job ended as success; the table holds 1 rows where 2 belong: 1 lost", 'lost: [2,"b"]'],
  },
  {
    name: "error and its rows",
    story: { final: { stored: "error" } },
    says: ["the job ended as error and its effect is in the warehouse: 2 rows"],
  },
  {
    name: "killed, with an empty table that the API knows",
    story: { scenario: createTable, final: { stored: "killed", table: [] } },
    says: [
      "the job ended as killed and its effect is in the warehouse: 0 rows",
      "the job ended as killed and the API knows its table",
    ],
  },
]);
