import { z } from "zod";
import { type DestinationForm, readUrl } from "./form.ts";

export const mysqlModes = ["append", "replace", "truncate", "update"] as const;
export type MysqlMode = (typeof mysqlModes)[number];

const settings = z.strictObject({
  type: z.literal("mysql"),
  host: z.string().min(1),
  port: z.int().min(1).max(65535),
  user: z.string().min(1),
  password: z.string(),
  database: z.string().min(1),
  table: z.string().min(1),
  mode: z.enum(mysqlModes),
  /** Columns that identify a row in mode `update`; empty otherwise. */
  unique: z.array(z.string().min(1)),
});
export type MysqlSettings = z.infer<typeof settings>;

/** A result as rows of a table: `mysql://user:password@host/database/table?mode=update&unique=id`. */
export const mysql: DestinationForm<typeof settings> = {
  settings,
  schemes: ["mysql"],
  examples: [
    "mysql://writer@destination.test/mart/daily_rows",
    "mysql://w%40rehouse:p%3Aw%2Fd@destination.test:3307/mart/daily_rows?mode=replace",
    "mysql://writer@[::1]/mart/daily_rows?mode=update&unique=id,day",
    "mysql://writer@destination.test/mart/daily_rows?mode=update",
    "mysql://writer@destination.test/mart/daily_rows?mode=upsert",
    "mysql://destination.test/mart/daily_rows",
  ],
  parse,
};

const identifier = /^[A-Za-z0-9_$]{1,64}$/;

function parse(text: string, scheme: string): MysqlSettings | string {
  const parts = readUrl(text, scheme);
  if (typeof parts === "string") return parts;
  const { url, user, password, port } = parts;
  const [database, table, ...rest] = url.pathname.split("/").slice(1);
  if (!database || !table || rest.length > 0) return "mysql:// needs exactly /database/table as its path";
  if (!identifier.test(database) || !identifier.test(table)) {
    return "mysql:// database and table are letters, digits, _ and $";
  }
  if (user === "") return "mysql:// needs a user";
  // Its name is not repeated: behind a password that nobody escaped, it may be part of the password.
  if ([...url.searchParams.keys()].some((name) => name !== "mode" && name !== "unique")) {
    return "mysql:// knows the parameters mode and unique, and no other";
  }
  const written = url.searchParams.get("mode") ?? "append";
  const mode = mysqlModes.find((known) => known === written);
  if (mode === undefined) return `mysql:// parameter mode is one of ${mysqlModes.join(", ")}`;
  const unique = (url.searchParams.get("unique") ?? "").split(",").filter((name) => name !== "");
  if (mode === "update" && unique.length === 0) return "mysql:// mode=update needs unique=column[,column…]";
  return {
    type: "mysql",
    // An IPv6 address stands in brackets in a URL alone; a MySQL client takes it bare.
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: port ?? 3306,
    user,
    password,
    database,
    table,
    mode,
    unique: mode === "update" ? unique : [],
  };
}
