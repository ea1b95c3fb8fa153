import { z } from "zod";
import { json, operation } from "../operation.ts";
import { objectName, optional, timestamp } from "../values.ts";

/**
 * Customer side, databases and tables. A table belongs to the job that has registered it until that job has ended: before,
 * nobody else deletes, renames, swaps or alters it, nor deletes its database (`wrong_state`).
 *
 * Rows are where their table is. A job finds under a name what has it when its statement begins; a move waits for statements
 * that are at work, and one whose answer is 200 is over. A statement that names a table which is gone ends in error.
 */

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

/** A column as [name, type], or with the name that queries use for it behind; what was said is shown. */
const writtenColumns = z
  .array(
    z.union([
      z.tuple([z.string().min(1), z.string().min(1)]),
      z.tuple([z.string().min(1), z.string().min(1), z.string().min(1)]),
    ]),
  )
  .max(4096);
export type WrittenColumn = z.output<typeof writtenColumns>[number];

/** Most clients send the list as JSON in a text, Java as JSON. */
const schemaInput = z.union([writtenColumns, z.string().transform(parsedText).pipe(writtenColumns)]);

/** What is no JSON is no list either. */
function parsedText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

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

const namedTable = { database: objectName, table: objectName, type: z.literal("log") };

export const deleteDatabase = operation({
  id: "database.delete",
  summary: "Delete a database with its tables",
  method: "POST",
  path: "/v3/database/delete/:database",
  audience: "customer",
  again: { is: "refused", by: ["database"] },
  input: byDatabase,
  reply: json(z.strictObject({ database: objectName }).meta({ id: "DeletedDatabase" })),
  reasons: ["not_found", "wrong_state"],
});

export const deleteTable = operation({
  id: "table.delete",
  summary: "Delete a table",
  method: "POST",
  path: "/v3/table/delete/:database/:table",
  audience: "customer",
  again: { is: "refused", by: ["database", "table"] },
  input: byTable,
  reply: json(z.strictObject(namedTable).meta({ id: "DeletedTable" })),
  reasons: ["not_found", "wrong_state"],
});

export const renameTable = operation({
  id: "table.rename",
  summary: "Give a table another name in its database; with `overwrite` in the place of the one that has it",
  method: "POST",
  path: "/v3/table/rename/:database/:table/:new_name",
  audience: "customer",
  again: { is: "refused", by: ["database", "table"] },
  input: byTable.extend({
    new_name: objectName,
    overwrite: optional(z.union([z.boolean(), z.enum(["true", "false"])]), false),
  }),
  /** `table` is the new name. */
  reply: json(z.strictObject(namedTable).meta({ id: "RenamedTable" })),
  reasons: ["not_found", "already_exists", "wrong_state"],
});

export const swapTables = operation({
  id: "table.swap",
  summary: "Exchange the names of two tables of a database; all else that a table is goes with it",
  method: "POST",
  path: "/v3/table/swap/:database/:first/:second",
  audience: "customer",
  again: "another",
  input: z.object({ database: objectName, first: objectName, second: objectName }),
  reply: json(
    z
      .strictObject({ database: objectName, table1: objectName, table2: objectName })
      .meta({ id: "SwappedTables" }),
  ),
  reasons: ["not_found", "wrong_state"],
});

export const updateSchema = operation({
  id: "table.update_schema",
  summary:
    "Say which columns a table has, in the place of those that were said before; its rows stay as they are",
  method: "POST",
  path: "/v3/table/update-schema/:database/:table",
  audience: "customer",
  again: { is: "same", by: ["database", "table", "schema"] },
  input: byTable.extend({
    schema: schemaInput,
    /** Java says with each that it does not want that. */
    ignore_duplicate_schema: optional(z.literal([false, "false"])).optional(),
  }),
  reply: json(z.strictObject(namedTable).meta({ id: "AlteredTable" })),
  reasons: ["not_found", "wrong_state"],
});

/** The columns that a request says a table has; null where it says none that can be. */
export const columnsAsked = (schema: unknown): WrittenColumn[] | null =>
  schemaInput.safeParse(schema).data ?? null;
