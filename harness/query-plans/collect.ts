import { isMariadb } from "../oracle/servers.ts";
import { refusal, type Session } from "./session.ts";
import type { Executed } from "./statement.ts";

type Asked = Pick<Session, "query">;

/** What a server has counted, and why it may not have counted all. */
export interface Collected {
  statements: readonly (Executed & { key: string })[];
  /** Of the server: why statements may be missing. */
  lacks: readonly string[];
  /** Bytes of a statement that the server keeps. */
  longest: number;
}

/**
 * The statements that a server executed, each once with how often.
 *
 * @param before what it had executed when the run began: of that nothing is told again
 */
export async function collect(session: Asked, before?: Collected): Promise<Collected> {
  const none = (lack: string): Collected => ({ statements: [], lacks: [lack], longest: 0 });
  const [said] = await session.query("SELECT VERSION() AS version");
  if (isMariadb(String(said?.["version"])))
    return none("MariaDB keeps no sample of a statement (QUERY_SAMPLE_TEXT): there is nothing to explain");
  const [settings] = await session.query("SHOW GLOBAL VARIABLES LIKE 'performance_schema'");
  if (settings?.["Value"] !== "ON")
    return none("performance_schema is off in the server: start it with --performance-schema=ON");
  try {
    const longest = await longestOf(session);
    const rows = await session.query(digests);
    const lost = rows.find((row) => row["digest"] === null);
    const lacks = [
      ...(await uncounted(session)),
      ...(lost === undefined
        ? []
        : [
            `${lost["times"]} statements found no place among the digests: start the server with a larger --performance-schema-digests-size`,
          ]),
    ];
    const was = new Map(before?.statements.map((one) => [one.key, one]));
    const statements = rows.filter((row) => row["digest"] !== null).map(executedOf);
    return { statements: statements.flatMap((one) => since(one, was.get(one.key))), lacks, longest };
  } catch (error) {
    return none(`performance_schema cannot be read by this account: ${refusal(error)}`);
  }
}

const digests = `SELECT SCHEMA_NAME AS \`schema\`, DIGEST AS digest, DIGEST_TEXT AS text, QUERY_SAMPLE_TEXT AS sample,
    COUNT_STAR AS times, SUM_ERRORS AS errors, SUM_ROWS_EXAMINED AS examined,
    SUM_ROWS_SENT + SUM_ROWS_AFFECTED AS used
  FROM performance_schema.events_statements_summary_by_digest WHERE COUNT_STAR > 0 ORDER BY SCHEMA_NAME, DIGEST_TEXT`;

type Counted = Collected["statements"][number];

function executedOf(row: Awaited<ReturnType<Session["query"]>>[number]): Counted {
  const { schema, digest, text, sample } = row;
  const times = Number(row["times"]);
  return {
    key: JSON.stringify([schema, digest]),
    schema: schema === null ? null : String(schema),
    text: String(text),
    sample: String(sample ?? ""),
    times,
    rowsExamined: Number(row["examined"]) / times,
    rowsUsed: Number(row["used"]) / times,
    failed: Number(row["errors"]) >= times,
  };
}

/** What is new of a statement; nothing where it was not executed again. */
function since(now: Counted, was: Counted | undefined): Counted[] {
  if (was === undefined || was.times > now.times) return [now];
  const times = now.times - was.times;
  if (times === 0) return [];
  const grown = (of: "rowsExamined" | "rowsUsed") => (now[of] * now.times - was[of] * was.times) / times;
  return [{ ...now, times, rowsExamined: grown("rowsExamined"), rowsUsed: grown("rowsUsed") }];
}

async function longestOf(session: Asked): Promise<number> {
  const [row] = await session.query("SELECT @@performance_schema_max_sql_text_length AS longest");
  return Number(row?.["longest"]);
}

/** What a server counts can be turned off in many places. Those that are as they should be give no row. */
async function uncounted(session: Asked): Promise<string[]> {
  const off = await session.query(switches);
  const lacks = off.map(({ what, name }) => `the server does not count all statements: ${what} ${name}`);
  const lost = await session.query(
    "SHOW GLOBAL STATUS WHERE Variable_name IN ('Performance_schema_digest_lost', 'Performance_schema_thread_instances_lost', 'Performance_schema_users_lost') AND Value > 0",
  );
  return [
    ...lacks,
    ...lost.map((row) => `the server has lost counts: ${row["Variable_name"]} is ${row["Value"]}`),
  ];
}

/** Instruments of what has no plan are left out. */
const switches = `SELECT 'consumer is off:' AS what, NAME AS name FROM performance_schema.setup_consumers
    WHERE NAME IN ('global_instrumentation', 'thread_instrumentation', 'statements_digest') AND ENABLED = 'NO'
  UNION ALL SELECT 'instrument is off:', NAME FROM performance_schema.setup_instruments
    WHERE ENABLED = 'NO' AND NAME REGEXP '^statement/(sql/((select|insert|replace|update|delete)(_.*)?|execute_sql)|com/(Query|Execute)|abstract/.*)$'
  UNION ALL SELECT 'setup_actors leaves out', CONCAT(USER, '@', HOST) FROM performance_schema.setup_actors WHERE ENABLED = 'NO'
  UNION ALL SELECT 'setup_actors has no row for', 'all users' FROM DUAL WHERE NOT EXISTS
    (SELECT * FROM performance_schema.setup_actors WHERE HOST = '%' AND USER = '%' AND ENABLED = 'YES')
  UNION ALL SELECT 'thread is left out:', CONCAT(PROCESSLIST_ID, ' of ', COALESCE(PROCESSLIST_USER, '')) FROM performance_schema.threads
    WHERE NAME LIKE 'thread/sql/one_connection' AND INSTRUMENTED = 'NO'`;
