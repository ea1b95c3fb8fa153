import { z } from "zod";
import { json, operation } from "../operation.ts";
import { objectName, timestamp } from "../values.ts";

/** Customer side, databases and tables. */

const databaseRow = z
  .strictObject({
    name: objectName,
    count: z.int().nonnegative(),
    created_at: timestamp,
    updated_at: timestamp,
    organization: z.null(),
    permission: z.literal("administrator"),
    delete_protected: z.boolean(),
  })
  .meta({ id: "Database" });

const tableRow = z
  .strictObject({
    id: z.int().positive(),
    name: objectName,
    type: z.literal("log"),
    count: z.int().nonnegative(),
    created_at: timestamp,
    updated_at: timestamp,
    counter_updated_at: timestamp.nullable(),
    last_log_timestamp: timestamp.nullable(),
    delete_protected: z.boolean(),
    estimated_storage_size: z.int().nonnegative(),
    /** JSON inside a string: [[name, type], …]; never null, "[]" when nothing is known. */
    schema: z.string(),
    expire_days: z.int().nullable(),
    primary_key: z.string().nullable(),
    primary_key_type: z.string().nullable(),
    include_v: z.boolean(),
  })
  .meta({ id: "Table" });

const byDatabase = z.object({ database: objectName });
const byTable = z.object({ database: objectName, table: objectName });

export const createDatabase = operation({
  id: "database.create",
  summary: "Create a database",
  method: "POST",
  path: "/v3/database/create/:database",
  audience: "customer",
  again: { is: "refused", by: ["database"] },
  input: byDatabase,
  reply: json(z.strictObject({ database: objectName }).meta({ id: "CreatedDatabase" })),
  reasons: ["already_exists"],
});

export const listDatabases = operation({
  id: "database.list",
  summary: "The caller's databases",
  method: "GET",
  path: "/v3/database/list",
  audience: "customer",
  again: "reads",
  input: z.object({}),
  reply: json(z.strictObject({ databases: z.array(databaseRow) }).meta({ id: "DatabaseList" })),
  reasons: [],
});

export const showDatabase = operation({
  id: "database.show",
  summary: "One database",
  method: "GET",
  path: "/v3/database/show/:database",
  audience: "customer",
  again: "reads",
  input: byDatabase,
  reply: json(databaseRow),
  reasons: ["not_found"],
});

export const createTable = operation({
  id: "table.create",
  summary: "Create an empty table",
  method: "POST",
  path: "/v3/table/create/:database/:table/:type",
  audience: "customer",
  again: { is: "refused", by: ["database", "table"] },
  input: byTable.extend({ type: z.literal("log") }),
  reply: json(
    z
      .strictObject({ database: objectName, table: objectName, type: z.literal("log") })
      .meta({ id: "CreatedTable" }),
  ),
  reasons: ["not_found", "already_exists"],
});

export const listTables = operation({
  id: "table.list",
  summary: "The tables of a database",
  method: "GET",
  path: "/v3/table/list/:database",
  audience: "customer",
  again: "reads",
  input: byDatabase,
  reply: json(z.strictObject({ database: objectName, tables: z.array(tableRow) }).meta({ id: "TableList" })),
  reasons: ["not_found"],
});

export const showTable = operation({
  id: "table.show",
  summary: "One table with its schema",
  method: "GET",
  path: "/v3/table/show/:database/:table",
  audience: "customer",
  again: "reads",
  input: byTable,
  reply: json(tableRow),
  reasons: ["not_found"],
});
