import { z } from "zod";

/** Result Output targets in both forms: the URL the customer wrote and the structured settings (domain.md §3.6). */

export const mysqlModes = ["append", "replace", "truncate", "update"] as const;
export type MysqlMode = (typeof mysqlModes)[number];

const webSettings = z.strictObject({
  type: z.literal("web"),
  tls: z.boolean(),
  host: z.string().min(1),
  port: z.int().min(1).max(65535),
  path: z.string().startsWith("/"),
  method: z.enum(["PUT", "POST"]),
  user: z.string().nullable(),
  password: z.string().nullable(),
});

const mysqlSettings = z.strictObject({
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

export const destinationSettings = z
  .discriminatedUnion("type", [webSettings, mysqlSettings])
  .meta({ id: "DestinationSettings" });
export type DestinationSettings = z.infer<typeof destinationSettings>;
export type WebSettings = z.infer<typeof webSettings>;
export type MysqlSettings = z.infer<typeof mysqlSettings>;

/** `web://` sends at most this many rows; the real service drops the rest in silence, ours must refuse. */
export const webRowLimit = 100_000;

export type ParsedDestination = { ok: true; settings: DestinationSettings } | { ok: false; problem: string };

const identifier = /^[A-Za-z0-9_$]{1,64}$/;

/** Reads a destination URL. A problem never repeats the URL: it may hold a password. */
export function parseDestination(text: string): ParsedDestination {
  const scheme = /^([a-z]+):\/\//.exec(text)?.[1];
  if (scheme === undefined)
    return problem("a destination is a URL such as mysql://user:password@host/db/table");
  let url: URL;
  let user: string;
  let password: string;
  try {
    // Unknown schemes are parsed loosely by WHATWG rules (no default port, host not checked): use http's rules.
    url = new URL(text.replace(/^[a-z]+:/, "http:"));
    user = decodeURIComponent(url.username);
    password = decodeURIComponent(url.password);
  } catch {
    return problem(`the ${scheme}:// destination is not a well-formed URL`);
  }
  if (scheme === "web" || scheme === "webs") return webDestination(url, scheme === "webs", user, password);
  if (scheme === "mysql") return mysqlDestination(url, text, user, password);
  return problem(`destination scheme ${scheme}:// is not supported; use web://, webs:// or mysql://`);
}

function webDestination(url: URL, tls: boolean, user: string, password: string): ParsedDestination {
  const method = (url.searchParams.get("method") ?? "put").toUpperCase();
  if (method !== "PUT" && method !== "POST") return problem("web:// parameter method is put or post");
  url.searchParams.delete("method");
  const settings: WebSettings = {
    type: "web",
    tls,
    host: url.hostname,
    port: url.port === "" ? (tls ? 443 : 80) : Number(url.port),
    path: url.pathname + url.search,
    method,
    user: user === "" ? null : user,
    password: user === "" ? null : password,
  };
  return { ok: true, settings };
}

function mysqlDestination(url: URL, text: string, user: string, password: string): ParsedDestination {
  const [database, table, ...rest] = url.pathname.split("/").slice(1);
  if (!database || !table || rest.length > 0)
    return problem("mysql:// needs exactly /database/table as its path");
  if (!identifier.test(database) || !identifier.test(table)) {
    return problem("mysql:// database and table are letters, digits, _ and $");
  }
  if (user === "") return problem("mysql:// needs a user");
  for (const name of url.searchParams.keys()) {
    if (name !== "mode" && name !== "unique") return problem(`mysql:// does not know the parameter ${name}`);
  }
  const mode = url.searchParams.get("mode") ?? "append";
  if (!(mysqlModes as readonly string[]).includes(mode)) {
    return problem(`mysql:// parameter mode is one of ${mysqlModes.join(", ")}`);
  }
  const unique = (url.searchParams.get("unique") ?? "").split(",").filter((name) => name !== "");
  if (mode === "update" && unique.length === 0) {
    return problem("mysql:// mode=update needs unique=column[,column…]");
  }
  // http's default port is dropped by the parser, so `:80` must be read from the text.
  const port = url.port !== "" ? Number(url.port) : /^mysql:\/\/[^/]*:80\//.test(text) ? 80 : 3306;
  const settings: MysqlSettings = {
    type: "mysql",
    host: url.hostname,
    port,
    user,
    password,
    database,
    table,
    mode: mode as MysqlMode,
    unique,
  };
  return { ok: true, settings };
}

const problem = (text: string): ParsedDestination => ({ ok: false, problem: text });

/** A destination URL with everything before the host hidden: the form that may be shown and logged. */
export const redactDestination = (text: string): string => text.replace(/^([a-z]+:\/\/).*@/i, "$1***@");
