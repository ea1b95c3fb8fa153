import { describe, expect, test } from "vitest";
import { settingsDiffer, settingsOf } from "./settings.ts";

/** How a database is set, as a server tells it. */

const asked: string[] = [];
const server = (variables: Record<string, unknown>) => ({
  query: async (sql: string) => {
    asked.push(sql);
    return Object.entries(variables).map(([Variable_name, Value]) => ({ Variable_name, Value })) as never;
  },
});
const usual = { sql_mode: "STRICT_TRANS_TABLES", innodb_flush_log_at_trx_commit: "1", tx_isolation: null };

test("all global variables are read, in the order of their names, an empty one as such", async () => {
  const settings = await settingsOf(server(usual));
  expect(asked).toEqual(["SHOW GLOBAL VARIABLES"]);
  expect(Object.entries(settings ?? {})).toEqual([
    ["innodb_flush_log_at_trx_commit", "1"],
    ["sql_mode", "STRICT_TRANS_TABLES"],
    ["tx_isolation", ""],
  ]);
});

describe("what is another in each container says nothing of how it is set", () => {
  test.each([
    "hostname",
    "server_uuid",
    "port",
    "report_port",
    "pid_file",
    "general_log_file",
    "slow_query_log_file",
    "relay_log_index",
    "gtid_executed",
    "gtid_binlog_state",
    "init_file",
    "temptable_max_ram",
  ])("%s", async (name) => {
    const [one, other] = [
      await settingsOf(server({ ...usual, [name]: "a" })),
      await settingsOf(server(usual)),
    ];
    expect(one).toEqual(other);
  });
});

test.each([
  "sql_mode",
  "innodb_flush_log_at_trx_commit",
  "transaction_isolation",
  "lower_case_table_names",
  "max_connections",
  "wait_timeout",
  "character_set_server",
  "collation_server",
  "binlog_format",
  "time_zone",
  "innodb_buffer_pool_size",
  "require_secure_transport",
])("%s does, and is told with both values", async (name) => {
  const [one, other] = [
    await settingsOf(server({ ...usual, [name]: "one" })),
    await settingsOf(server({ ...usual, [name]: "other" })),
  ];
  expect(settingsDiffer(one ?? {}, other ?? {})).toBe(`${name} "one" and "other"`);
});

test("a variable that one of them lacks is told, and no more than a few of many", () => {
  expect(settingsDiffer({ a: "1" }, {})).toBe('a "1" and is not there');
  expect(settingsDiffer({ a: "1" }, { a: "1" })).toBeNull();
  const many = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`v${i}`, "x".repeat(500)]));
  expect(settingsDiffer(many, {})).toMatch(/^v0 "x{60}…" and is not there, .*, 4 more$/);
});

test.each<[string, unknown]>([
  ["nothing", []],
  ["OK and no rows", { affectedRows: 0 }],
  ["rows of another kind", [{ none: 1 }]],
])("a server that answers with %s has not told it", async (_, answer) => {
  expect(await settingsOf({ query: async () => answer as never })).toBeNull();
});
