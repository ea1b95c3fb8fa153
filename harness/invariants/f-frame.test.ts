import type { Change, Content } from "../world/world.ts";
import { nothingElseChanged } from "./f-frame.ts";
import { keptStory, trouble } from "./testing/history.ts";
import { judges } from "./testing/laws.ts";
import {
  all,
  append,
  createTable,
  insertInto,
  intoTable,
  load,
  select,
  source,
  web,
} from "./testing/scenarios.ts";

const { columns } = source;
const full: Content = { columns, keys: [], rows: 2 };
const empty: Content = { columns, keys: [], rows: 0 };

const table: Change = {
  place: "warehouse of account 1: effect_1",
  what: "table",
  job: 1,
  before: null,
  after: full,
};
const filled: Change = { ...table, before: empty };
const delivered: Change = { ...table, place: "destination-web POST /sink/effect_1", what: "destination" };
const registered: Change = { ...table, place: "table known to the API: effect_1", what: "registration" };

/** A change that no job's order names. */
const stray = (place: string, before: Content | null, after: Content | null): Change => ({
  place,
  what: "other",
  job: null,
  before,
  after,
});

const renamed: Content = { ...full, columns: [["ID", "bigint"], columns[1] as [string, string]] };
const retyped: Content = { ...full, columns: [["id", "string"], columns[1] as [string, string]] };

const turned: Content = { ...full, columns: columns.toReversed() };

const noJob = "no job was to change it";

judges(nothingElseChanged, [
  { name: "nobody compared the world", story: { ...keptStory(web), changes: null }, says: null },
  ...all.map((scenario) => ({ name: `as promised: ${scenario.name}`, story: keptStory(scenario), says: [] })),

  { name: "an INSERT fills its table", story: { changes: [filled] }, says: [] },
  {
    name: "a CREATE makes its table, which the API knows then",
    story: { scenario: createTable, changes: [table, registered] },
    says: [],
  },
  { name: "a delivery that came to its path", story: { scenario: web, changes: [delivered] }, says: [] },
  {
    name: "a table that is replaced",
    story: { scenario: append, changes: [{ ...delivered, before: full }] },
    says: [],
  },

  {
    name: "a result whose rows came into a table of the service in another order, and its columns with them",
    story: {
      scenario: intoTable,
      changes: [{ ...registered, before: { ...empty, columns: [] }, after: turned }],
    },
    says: [],
  },
  {
    name: "one of another column",
    story: {
      scenario: intoTable,
      changes: [{ ...registered, before: { ...empty, columns: [] }, after: renamed }],
    },
    says: [
      'table known to the API: effect_1: its columns are [["ID","bigint"],["name","string"]], promised are [["id","bigint"],["name","string"]]',
    ],
  },
  {
    name: "a table that nobody asked for",
    story: { changes: [filled, stray("warehouse of account 1: $stage_7_1", null, full)] },
    says: [
      `warehouse of account 1: $stage_7_1: no job was to make it; it has 2 rows, columns [["id","bigint"],["name","string"]]`,
    ],
  },
  {
    name: "rows in another tenant's table",
    story: { changes: [stray("warehouse of account 2: trades", { rows: 3 }, { rows: 5 })] },
    says: [`warehouse of account 2: trades: ${noJob}; it had 3 rows, and has 5 rows`],
  },
  {
    name: "what a load reads, and something comes to it",
    story: {
      scenario: load,
      changes: [{ place: "destination-s3 PUT /rows/a/", what: "destination", job: 1, before: {}, after: {} }],
    },
    says: ["destination-s3 PUT /rows/a/: no job was to change it; what it holds is otherwise than before"],
  },
  {
    name: "a source that is gone",
    story: { changes: [stray("warehouse of account 1: source_rows", { rows: 2 }, null)] },
    says: [`warehouse of account 1: source_rows: no job was to take it away; it had 2 rows`],
  },
  {
    name: "a key that a source has got",
    story: {
      changes: [stray("warehouse of account 1: source_rows", { keys: [] }, { keys: ["id", "name"] })],
    },
    says: [
      `warehouse of account 1: source_rows: ${noJob}; it had nothing that can be described, and has keys id; name`,
    ],
  },
  {
    name: "a user that nobody had before",
    story: { changes: [stray("users of mysql", {}, {})] },
    says: [`users of mysql: ${noJob}; what it holds is otherwise than before`],
  },
  {
    name: "a lock that is still held",
    story: { changes: [stray("lock job:1 of mysql", null, {})] },
    says: [`lock job:1 of mysql: no job was to make it; it has nothing that can be described`],
  },
  {
    name: "a delivery to a path of nobody",
    story: {
      scenario: web,
      changes: [delivered, { ...delivered, place: "destination-web PUT /sink/effect_1", job: null }],
    },
    says: [
      `destination-web PUT /sink/effect_1: no job was to make it; it has 2 rows, columns [["id","bigint"],["name","string"]]`,
    ],
  },
  {
    name: "a table registered under another name",
    story: { scenario: createTable, changes: [table, { ...registered, job: null }] },
    says: [
      `table known to the API: effect_1: no job was to make it; it has 2 rows, columns [["id","bigint"],["name","string"]]`,
    ],
  },
  {
    name: "a query that makes a table",
    story: { scenario: select, changes: [table] },
    says: [
      `warehouse of account 1: effect_1: no job was to make it; it has 2 rows, columns [["id","bigint"],["name","string"]]`,
    ],
  },
  {
    name: "an INSERT whose table is made known",
    story: { scenario: insertInto, changes: [registered] },
    says: [
      `table known to the API: effect_1: no job was to make it; it has 2 rows, columns [["id","bigint"],["name","string"]]`,
    ],
  },
  {
    name: "an empty table at the destination of a job that failed",
    story: {
      scenario: { ...append, ending: "error" },
      changes: [{ ...delivered, place: "destination-mysql mart/effect_1", after: { rows: 0 } }],
    },
    says: [`destination-mysql mart/effect_1: no job was to make it; it has 0 rows`],
  },
  {
    name: "the same after a fault, which may have come between",
    story: {
      scenario: append,
      faults: trouble,
      final: { stored: "error" },
      changes: [{ ...delivered, after: { rows: 0 } }],
    },
    says: [],
  },

  {
    name: "columns of a delivery under other names",
    story: { scenario: web, changes: [{ ...delivered, after: renamed }] },
    says: [
      'destination-web POST /sink/effect_1: its columns are [["ID","bigint"],["name","string"]], promised are [["id","bigint"],["name","string"]]',
    ],
  },
  {
    name: "columns of a delivery of other types",
    story: { scenario: web, changes: [{ ...delivered, after: retyped }] },
    says: [
      'destination-web POST /sink/effect_1: its columns are [["id","string"],["name","string"]], promised are [["id","bigint"],["name","string"]]',
    ],
  },
  {
    name: "columns in another order in a table that was made",
    story: {
      scenario: createTable,
      changes: [{ ...table, after: { ...full, columns: columns.toReversed() } }],
    },
    says: [
      'warehouse of account 1: effect_1: its columns are [["name","string"],["id","bigint"]], promised are [["id","bigint"],["name","string"]]',
    ],
  },
  {
    name: "a table that the API knows without columns",
    story: { scenario: createTable, changes: [{ ...registered, after: { columns: [] } }] },
    says: [
      'table known to the API: effect_1: its columns are [], promised are [["id","bigint"],["name","string"]]',
    ],
  },
  {
    name: "a result in a table of the service, which its customer has made",
    story: { scenario: intoTable, changes: [filled, registered] },
    says: [],
  },
  {
    name: "a success whose table is shown without columns",
    story: { scenario: intoTable, changes: [filled, { ...registered, after: { columns: [] } }] },
    says: [
      'table known to the API: effect_1: its columns are [], promised are [["id","bigint"],["name","string"]]',
    ],
  },
  {
    name: "a table of the service into which a job that failed has brought nothing",
    story: {
      scenario: intoTable,
      final: { stored: "error" },
      changes: [{ ...registered, after: { columns: [] } }],
    },
    says: [],
  },
  {
    name: "other columns in such a table",
    story: {
      scenario: intoTable,
      final: { stored: "error" },
      changes: [{ ...registered, after: { columns: [["x", "bigint"]] } }],
    },
    says: [
      'table known to the API: effect_1: its columns are [["x","bigint"]], promised are [["id","bigint"],["name","string"]]',
    ],
  },
  {
    name: "a column more in the table that was filled",
    story: { changes: [{ ...filled, after: { ...full, columns: [...columns, ["at", "datetime"]] } }] },
    says: [
      'warehouse of account 1: effect_1: its columns are [["id","bigint"],["name","string"],["at","datetime"]], promised are [["id","bigint"],["name","string"]]',
    ],
  },
  {
    name: "a key lost at the destination",
    story: { scenario: append, changes: [{ ...delivered, before: { ...full, keys: ["id"] } }] },
    says: ['destination-web POST /sink/effect_1: its keys are [], promised are ["id"]'],
  },
  {
    name: "a table that is gone, as its rows tell",
    story: { changes: [{ ...filled, after: null }] },
    says: [],
  },

  {
    name: "a table that a process left which died",
    story: { gone: ["worker-v5-1"], changes: [{ ...table, job: null }] },
    says: [],
  },
  {
    name: "another's table that is otherwise, though a process died",
    story: { gone: ["worker-v5-1"], changes: [{ ...filled, job: null, place: "warehouse of account 2: x" }] },
    says: [
      `warehouse of account 2: x: ${noJob}; it had 0 rows, columns [["id","bigint"],["name","string"]], and has 2 rows, columns [["id","bigint"],["name","string"]]`,
    ],
  },
]);
