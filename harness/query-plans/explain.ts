import { type Plan, readPlan } from "./plan.ts";
import { refusal, type Session } from "./session.ts";
import { type Executed, filled, wordsOf } from "./statement.ts";

/** What EXPLAIN says of a statement, or why it says nothing. */
export type Answer = { plan: Plan; note: string; warnings: readonly string[] } | { why: string };

/** How strings and names may be written; the server tells which of them a statement was written in. */
const modes = [
  "",
  "ANSI_QUOTES",
  "NO_BACKSLASH_ESCAPES",
  "ANSI_QUOTES,NO_BACKSLASH_ESCAPES",
  "PIPES_AS_CONCAT",
  "ANSI",
];
const usualMode = "STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION";

/** Stand-ins for values that are not known: a column of any type can be compared with one of them. */
const values = ["'1'", "'2026-01-01 00:00:00'", "1", "'{}'"];

/** Prepares a session for `explain`. */
export async function prepareToExplain(session: Session): Promise<void> {
  // Servers before 8.3 have this format alone, and no such variable.
  await session.query("SET SESSION explain_json_format_version = 1").catch(refusal);
  await session.query("SET SESSION innodb_lock_wait_timeout = 2, max_execution_time = 10000").catch(refusal);
}

export async function explain(session: Session, executed: Executed, isPrepared: boolean): Promise<Answer> {
  const { sample, schema } = executed;
  try {
    if (schema !== null) await session.query("USE ??", [schema]);
    const samples = isPrepared ? [...new Set(values.map((value) => filled(sample, value)))] : [sample];
    const mode = await modeOf(session, executed, samples[0] as string, isPrepared);
    if (mode === null)
      return { why: "the server kept only a part of the statement, or kept it in an unknown SQL mode" };
    await session.query("SET SESSION sql_mode = ?", [`${usualMode},${mode}`.replace(/,$/, "")]);
    let answer: Answer = { why: "" };
    for (const one of samples) {
      const tried = await explained(session, one, mode.includes("ANSI"));
      if ("plan" in tried && tried.plan.messages.length === 0) return tried;
      if ("plan" in tried || !("plan" in answer)) answer = tried;
    }
    return answer;
  } catch (error) {
    return { why: refusal(error) };
  } finally {
    await session.query("SET SESSION sql_mode = ?", [usualMode]);
  }
}

/** In a transaction that is rolled back: EXPLAIN may call functions of the statement. */
async function explained(session: Session, statement: string, isAnsi: boolean): Promise<Answer> {
  await session.query("START TRANSACTION");
  try {
    const [row] = await session.query(`EXPLAIN FORMAT=JSON ${statement}`);
    const messages = (await session.query("SHOW WARNINGS")).map(
      (one) => [Number(one["Code"]), String(one["Message"])] as const,
    );
    // In ANSI mode the server, too, quotes names with double quotes.
    const usual = (text: string) => (isAnsi ? withBackticks(text) : text);
    return {
      plan: readPlan(String(row?.["EXPLAIN"]), usual),
      note: usual(messages.find(([code]) => code === rewrittenNote)?.[1] ?? ""),
      warnings: messages.filter(([code]) => code !== rewrittenNote).map(([, text]) => text),
    };
  } catch (error) {
    return { why: refusal(error) };
  } finally {
    await session.query("ROLLBACK");
  }
}

const rewrittenNote = 1003;

const withBackticks = (text: string): string =>
  text.replaceAll(/'(?:[^'\\]|\\.|'')*'|"((?:[^"]|"")*)"/g, (whole, name?: string) =>
    name === undefined ? whole : `\`${name.replaceAll('""', '"').replaceAll("`", "``")}\``,
  );

/** The mode in which a statement reads as it was counted; null where it does so in none. */
async function modeOf(
  session: Session,
  executed: Executed,
  sample: string,
  isPrepared: boolean,
): Promise<string | null> {
  const parsed: string[] = [];
  for (const mode of modes) {
    await session.query("SET SESSION sql_mode = ?", [mode]);
    try {
      // As bytes: the driver escapes texts by backslashes, which is wrong in a mode without them.
      const [row] = await session.query("SELECT STATEMENT_DIGEST_TEXT(CONVERT(? USING utf8mb4)) AS text", [
        Buffer.from(sample),
      ]);
      if (isSame(String(row?.["text"]), wordsOf(executed.text))) return mode;
      parsed.push(mode);
    } catch (error) {
      refusal(error);
    }
  }
  // Lists of ? are counted in another way than lists of values.
  return isPrepared ? (parsed[0] ?? null) : null;
}

/** The server tells no more than its limits allow of a statement. */
function isSame(read: string, counted: string): boolean {
  const cut = (text: string) => text.replace(/\s*\.\.\.$/, "");
  const [a, b] = [cut(read), cut(counted)];
  return a.startsWith(b) || b.startsWith(a);
}
