import { settingNames } from "../config/session-pins.ts";
import { isMariadb } from "../oracle/servers.ts";
import { refusal } from "../query-plans/session.ts";
import type { Look } from "./judge.ts";
import { countOf, type Kept, settings } from "./settings.ts";

/** What is asked of a session. */
interface Asked {
  query(sql: string, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** What comes of a look at a connection: `busy` while it logs in or executes something, `guest` while nobody is logged in on it. */
export type LookedAt = { kind: "seen"; look: Look } | { kind: "busy" } | { kind: "guest" } | { kind: "gone" };

const variables = [
  "character_set_client",
  "collation_connection",
  "sql_mode",
  "transaction_isolation",
  "time_zone",
  "autocommit",
];
const statuses = ["Ssl_version", "Compression", "Compression_algorithm"];

const threadsWith = (table: string): string =>
  `performance_schema.threads t JOIN performance_schema.${table} v USING (THREAD_ID) WHERE t.PROCESSLIST_ID = ?`;

const lookQuery = `SELECT 'thread' AS kind, PROCESSLIST_USER AS name, PROCESSLIST_COMMAND AS value
    FROM performance_schema.threads WHERE PROCESSLIST_ID = ?
  UNION ALL SELECT 'variables', v.VARIABLE_NAME, v.VARIABLE_VALUE FROM ${threadsWith("variables_by_thread")} AND v.VARIABLE_NAME IN (?)
  UNION ALL SELECT 'status', v.VARIABLE_NAME, v.VARIABLE_VALUE FROM ${threadsWith("status_by_thread")} AND v.VARIABLE_NAME IN (?)
  UNION ALL SELECT 'attributes', ATTR_NAME, ATTR_VALUE FROM performance_schema.session_connect_attrs
    WHERE PROCESSLIST_ID = ? AND ATTR_NAME IN ('_client_name', '_client_version')
  UNION ALL SELECT 'events', v.EVENT_NAME, v.COUNT_STAR FROM ${threadsWith("events_statements_summary_by_thread_by_event_name")} AND v.COUNT_STAR > 0
  UNION ALL SELECT 'running', v.EVENT_NAME, v.EVENT_ID FROM ${threadsWith("events_statements_current")} AND v.END_EVENT_ID IS NULL AND v.EVENT_NAME <> 'statement/abstract/new_packet'
  UNION ALL SELECT 'uncounted', 'thread', THREAD_ID FROM performance_schema.threads WHERE PROCESSLIST_ID = ? AND INSTRUMENTED = 'NO'`;

/** Each of these must be on, or statements are not counted. */
const switchedOff = `SELECT NAME FROM performance_schema.setup_consumers
    WHERE NAME IN ('global_instrumentation', 'thread_instrumentation') AND ENABLED = 'NO'
  UNION ALL SELECT NAME FROM performance_schema.setup_instruments
    WHERE ENABLED = 'NO' AND NAME REGEXP '^statement/(sql/.*|com/Execute)$'`;

/** Looks at the connections of a server, by the ids that it gave them. */
export class Looker {
  readonly #asked: Asked;
  readonly #areCounted: boolean;

  private constructor(asked: Asked, areCounted: boolean) {
    this.#asked = asked;
    this.#areCounted = areCounted;
  }

  /** @returns why the server tells nothing, where it does not */
  static async open(asked: Asked): Promise<Looker | string> {
    const [said] = await asked.query("SELECT VERSION() AS version");
    if (isMariadb(String(said?.["version"])))
      return "MariaDB does not tell what other sessions have set (performance_schema.variables_by_thread)";
    const [row] = await asked.query("SHOW GLOBAL VARIABLES LIKE 'performance_schema'");
    if (row?.["Value"] !== "ON")
      return "performance_schema is off in the server: start it with --performance-schema=ON";
    try {
      const off = await asked.query(switchedOff);
      const looker = new Looker(asked, off.length === 0);
      await looker.look(0);
      return looker;
    } catch (error) {
      return `performance_schema cannot be read by this account: ${refusal(error)}`;
    }
  }

  async look(connection: number): Promise<LookedAt> {
    const id = connection;
    const rows = await this.#asked.query(lookQuery, [id, id, variables, id, statuses, id, id, id, id]);
    const thread = rows.find((row) => row["kind"] === "thread");
    if (thread === undefined) return { kind: "gone" };
    const user = thread["name"];
    if (typeof user !== "string") return { kind: "guest" };
    // The server is at rest ("Sleep") a moment after its answer is sent, to a login as to a statement. What a statement has
    // done is counted a moment later still.
    if (thread["value"] !== "Sleep" || rows.some((row) => row["kind"] === "running")) return { kind: "busy" };
    const of = (kind: string) =>
      Object.fromEntries(
        rows.filter((row) => row["kind"] === kind).map((row) => [String(row["name"]), String(row["value"])]),
      );
    const areCounted = this.#areCounted && !rows.some((row) => row["kind"] === "uncounted");
    const events = Object.fromEntries(Object.entries(of("events")).map(([name, n]) => [name, Number(n)]));
    const kept = { variables: of("variables"), status: of("status"), attributes: of("attributes") };
    return {
      kind: "seen",
      look: lookOf(user, { ...kept, events: areCounted ? events : null }),
    };
  }
}

/** What is known of a connection by what the server keeps of it. */
export function lookOf(user: string, kept: Kept): Look {
  const values = Object.fromEntries(settingNames.map((name) => [name, settings[name].of(kept)]));
  if (kept.events === null) return { user, values: values as Look["values"], statements: null };
  const { asText, prepared } = countOf(kept.events);
  return { user, values: values as Look["values"], statements: asText + prepared };
}
