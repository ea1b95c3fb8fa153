import { resolve } from "node:path";

/** What the checks of a MySQL server cannot use. */

export const shipped = resolve("interlock.config.ts");

export interface Bad {
  what: string;
  /** Written before the command runs, by file name. */
  files: () => Promise<Record<string, unknown>> | Record<string, unknown>;
  argv: string[];
  exit: 3 | 64;
  /** The place, and what to do. */
  says: string[];
}

/** The shipped config but for this change of what it gives. */
export const config = (what: string, change: string, argv: string[], ...says: string[]): Bad => ({
  what,
  files: () => ({
    "mine.config.ts": `import base from ${JSON.stringify(shipped)};
export default (context) => {
  const config = base(context);
  ${change};
  return config;
};
`,
  }),
  argv: [...argv, "--config", "mine.config.ts"],
  exit: 64,
  says,
});

const plans = (what: string, argv: string[], sizes: unknown, ...says: string[]): Bad => ({
  what: `query plans: ${what}`,
  files: () => ({ "sizes.json": sizes }),
  argv: ["query-plans", ...argv],
  exit: 64,
  says,
});
const server = ["--server", "mysql://me:secret@127.0.0.1:1/"];

const sessions = (what: string, argv: string[], pins: unknown, ...says: string[]): Bad => ({
  what: `sessions: ${what}`,
  files: () => ({ "pins.json": pins }),
  argv: ["sessions", ...argv],
  exit: 64,
  says,
});
const watching = [...server, "--pins", "pins.json"];

export const serverChecks: Bad[] = [
  sessions("a server without pins", server, {}, "--server needs --pins"),
  sessions("pins without a server", ["--pins", "pins.json"], {}, "--pins is for --server"),
  sessions("pins of nobody", watching, { pinned: {} }, "pins.json:\n  pinned: expected at least one account"),
  sessions("pins of nothing", watching, { pinned: { app: {} } }, "pinned.app: pins nothing"),
  sessions(
    "a setting that is none",
    watching,
    { pinned: { app: { ssl: "off" } } },
    'pins.json:\n  pinned.app: Unrecognized key: "ssl"',
  ),
  sessions(
    "a value that a setting does not have",
    watching,
    { pinned: { app: { tls: "DISABLED" } } },
    "pinned.app.tls: expected off, TLSv1.2, TLSv1.3, or a list of those",
  ),
  sessions(
    "a rate below nothing",
    watching,
    { pinned: { app: { connectionsPerSecond: -1 } } },
    "pinned.app.connectionsPerSecond:",
  ),
  sessions(
    "a server that is no MySQL",
    ["--server", "http://here", "--pins", "pins.json"],
    {},
    "is no mysql://",
  ),
  {
    ...sessions(
      "a server that is not there",
      watching,
      { pinned: { app: { tls: "off" } } },
      "MySQL at 127.0.0.1:1: expected the account me to log in",
    ),
    exit: 3,
  },
  config(
    "sessions of a config that pins nothing",
    "delete config.sessions",
    ["sessions"],
    "the config has no `sessions`",
  ),
  config(
    "sessions of a config with a pin that is none",
    'config.sessions.pinned.api.isolation = "SNAPSHOT"',
    ["sessions"],
    'sessions.pinned.api.isolation: Invalid option: expected one of "READ-UNCOMMITTED"|"READ-COMMITTED"|',
  ),
  plans("a server without sizes", server, {}, "--server needs --sizes"),
  plans("sizes without a server", ["--sizes", "sizes.json"], {}, "--sizes is for --server"),
  plans(
    "sizes of nothing",
    [...server, "--sizes", "sizes.json"],
    { rows: {} },
    "sizes.json:\n  rows: expected at least one schema",
  ),
  plans(
    "a table with half a row",
    [...server, "--sizes", "sizes.json"],
    { rows: { shop: { orders: 1.5 } } },
    "sizes.json:\n  rows.shop.orders:",
  ),
  plans(
    "a server that is no MySQL",
    ["--server", "http://here", "--sizes", "sizes.json"],
    {},
    "is no mysql://",
  ),
  {
    ...plans(
      "a server that is not there",
      [...server, "--sizes", "sizes.json"],
      { rows: { shop: { orders: 1 } } },
      "MySQL at 127.0.0.1:1: expected the account me to log in",
      "next: see whether it runs there",
    ),
    exit: 3,
  },
  config(
    "query plans of a config without table sizes",
    "delete config.queryPlans",
    ["query-plans"],
    "the config has no `queryPlans`",
  ),
];
