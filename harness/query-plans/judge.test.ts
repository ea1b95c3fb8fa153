import { expect, test } from "vitest";
import { type Explained, type Finding, judge } from "./judge.ts";
import { namedTables } from "./named-tables.ts";
import { readPlan } from "./plan.ts";
import { readRewritten } from "./rewritten.ts";
import type { Table } from "./table.ts";

const jobs: Table = {
  place: ["s", "jobs"],
  declared: 100_000,
  believed: 100_000,
  held: 100_000,
  partitions: 1,
  indices: { PRIMARY: ["id"], by_account: ["account", "id"], by_status: ["status", "engine"] },
};

interface Walk {
  where?: string;
  rows?: number;
  end?: string;
  isSorted?: boolean;
  indices?: Table["indices"];
  access?: string;
  measured?: number;
  isPrepared?: boolean;
  held?: number;
}

/** What is found of a walk through the primary key of `jobs`. */
function found(walk: Walk): readonly Finding[] {
  const { where = "", rows = 400, end = "", isSorted = false, access = "index", measured = 0 } = walk;
  const { indices = jobs.indices, isPrepared = false, held = jobs.held } = walk;
  const table = {
    table_name: "jobs",
    access_type: access,
    possible_keys: ["by_account"],
    key: "PRIMARY",
    used_key_parts: ["id"],
    rows_examined_per_scan: rows,
    ...(where === "" ? {} : { attached_condition: where }),
  };
  const ordering = { ordering_operation: { using_filesort: isSorted, table } };
  const text = "SELECT * FROM `jobs`";
  const explained: Explained = {
    executed: {
      schema: "s",
      text,
      sample: text,
      times: 1,
      rowsExamined: measured,
      rowsUsed: 1,
      failed: false,
    },
    isPrepared,
    plan: readPlan(JSON.stringify({ query_block: { select_id: 1, ...ordering } }), (one) => one),
    rewritten: readRewritten(
      `/* select#1 */ select 1 from \`s\`.\`jobs\`${where && ` where ${where}`}${end}`,
    ),
    named: namedTables(text),
    unusable: [],
  };
  const tables = new Map([["s.jobs", { ...jobs, indices, held }]]);
  return judge(explained, tables, 1_000).findings;
}

const account = "(`s`.`jobs`.`account` = 1)";
const both = "((`s`.`jobs`.`status` = 'killed') and (`s`.`jobs`.`account` = 1))";
const order = " order by `s`.`jobs`.`id` desc limit 20";

test("a walk without a LIMIT goes through all", () => {
  expect(found({ where: account })).toMatchObject([{ table: "s.jobs", access: "index", rows: 100_000 }]);
});

test("a LIMIT ends a walk for rows of which MySQL knows how many there are", () => {
  expect(found({ where: account, end: order })).toEqual([]);
  expect(found({ end: order })).toEqual([]);
});

test("it does not where rows are sorted first, where it comes late, or where no index leads to the filter", () => {
  expect(found({ where: account, end: order, isSorted: true })).toHaveLength(1);
  expect(found({ end: " limit 50000,20", rows: 50_020 })).toHaveLength(1);
  expect(found({ where: account, end: order, rows: 20_000 })).toHaveLength(1);
  expect(found({ where: "(`s`.`jobs`.`message` = 'x')", end: order })).toHaveLength(1);
});

test("of what an index finds for a value a LIMIT takes so many rows, which may be more than a walk may take", () => {
  const of = (end: string, isSorted = false) => found({ access: "ref", rows: 50_000, end, isSorted });
  expect(of(" limit 1010")).toEqual([]);
  expect(of(" limit 30000")).toMatchObject([{ rows: 30_000 }]);
  expect(of(" limit 30000,30000")).toMatchObject([{ rows: 50_000 }]);
  expect(of("")).toMatchObject([{ rows: 50_000 }]);
  expect(of(" limit 1010", true)).toMatchObject([{ rows: 50_000 }]);
});

test("it does not where two values must meet that each has its own index; one index for both is the mend", () => {
  expect(found({ where: both, end: order })).toMatchObject([
    { next: "no index leads to its rows: CREATE INDEX ... ON `s`.`jobs` (`status`, `account`, `id`)" },
  ]);
  const indices = { ...jobs.indices, both: ["account", "status", "id"] };
  expect(found({ where: both, end: order, indices })).toEqual([]);
});

test("many rows that were examined for few are told, whatever the plan says", () => {
  expect(found({ access: "eq_ref", measured: 30_000 })).toMatchObject([{ rows: 30_000 }]);
  expect(found({ access: "eq_ref", measured: 900 })).toEqual([]);
});

test("of a prepared statement the part of a range is what was measured", () => {
  const range = { access: "range", where: "(`s`.`jobs`.`id` > '1')", isPrepared: true };
  expect(found({ ...range, rows: 99_000, measured: 5 })).toEqual([]);
  expect(found({ ...range, rows: 99_000, measured: 150, held: 200 })).toMatchObject([{ rows: 75_000 }]);
});
