import { z } from "zod";

/** Result Output targets in both forms: the URL the customer wrote and the structured settings. */

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
  const written = readUrl(text);
  if (written === undefined) return problem(`the ${scheme}:// destination is not a well-formed URL`);
  if (written.port === 0) return problem(`the port of a ${scheme}:// destination is 1 to 65535`);
  if (scheme === "web" || scheme === "webs") return webDestination(written, scheme === "webs");
  if (scheme === "mysql") return mysqlDestination(written);
  return problem(`destination scheme ${scheme}:// is not supported; use web://, webs:// or mysql://`);
}

interface WrittenUrl {
  url: URL;
  user: string;
  password: string;
  /** Undefined where none is written. */
  port: number | undefined;
}

/** Unknown schemes are parsed loosely by WHATWG rules (no default port, host not checked): use those of http and ftp. */
function readUrl(text: string): WrittenUrl | undefined {
  try {
    const url = new URL(text.replace(/^[a-z]+:/, "http:"));
    // The parser drops the default port of a scheme, and no port is the default of both.
    const port = url.port || new URL(text.replace(/^[a-z]+:/, "ftp:")).port;
    return {
      url,
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      port: port === "" ? undefined : Number(port),
    };
  } catch {
    return undefined;
  }
}

function webDestination({ url, user, password, port }: WrittenUrl, tls: boolean): ParsedDestination {
  const method = (url.searchParams.get("method") ?? "put").toUpperCase();
  if (method !== "PUT" && method !== "POST") return problem("web:// parameter method is put or post");
  const settings: WebSettings = {
    type: "web",
    tls,
    host: url.hostname,
    port: port ?? (tls ? 443 : 80),
    path: url.pathname + withoutMethod(url.search),
    method,
    user: user === "" ? null : user,
    password: user === "" ? null : password,
  };
  return { ok: true, settings };
}

/** The query without `method`, the rest to the letter: URLSearchParams would escape it anew. */
function withoutMethod(search: string): string {
  const kept = search
    .slice(1)
    .split("&")
    .filter((part) => !new URLSearchParams(part).has("method"))
    .join("&");
  return kept === "" ? "" : `?${kept}`;
}

function mysqlDestination({ url, user, password, port }: WrittenUrl): ParsedDestination {
  const [database, table, ...rest] = url.pathname.split("/").slice(1);
  if (!database || !table || rest.length > 0)
    return problem("mysql:// needs exactly /database/table as its path");
  if (!identifier.test(database) || !identifier.test(table)) {
    return problem("mysql:// database and table are letters, digits, _ and $");
  }
  if (user === "") return problem("mysql:// needs a user");
  // Its name is not repeated: behind a password that nobody escaped, it may be part of the password.
  if ([...url.searchParams.keys()].some((name) => name !== "mode" && name !== "unique")) {
    return problem("mysql:// knows the parameters mode and unique, and no other");
  }
  const mode = url.searchParams.get("mode") ?? "append";
  if (!(mysqlModes as readonly string[]).includes(mode)) {
    return problem(`mysql:// parameter mode is one of ${mysqlModes.join(", ")}`);
  }
  const unique = (url.searchParams.get("unique") ?? "").split(",").filter((name) => name !== "");
  if (mode === "update" && unique.length === 0) {
    return problem("mysql:// mode=update needs unique=column[,column…]");
  }
  const settings: MysqlSettings = {
    type: "mysql",
    // An IPv6 address stands in brackets in a URL alone; a MySQL client takes it bare.
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: port ?? 3306,
    user,
    password,
    database,
    table,
    mode: mode as MysqlMode,
    unique: mode === "update" ? unique : [],
  };
  return { ok: true, settings };
}

const problem = (text: string): ParsedDestination => ({ ok: false, problem: text });

/**
 * A destination URL with everything before its last `@` hidden: the form that may be shown and logged. A password may
 * hold anything when nobody escaped it, line breaks and `@` included.
 */
export const redactDestination = (text: string): string =>
  text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, "$1***@");
