/** A statement as performance_schema counted it. */
export interface Executed {
  /** The schema that its connection was in; null where it was in none. */
  schema: string | null;
  /** Without its values: all of it that is ever told. */
  text: string;
  /** One of the statements with its values; a prepared one has ? in their places. */
  sample: string;
  times: number;
  /** On average. */
  rowsExamined: number;
  /** On average, those that were sent or changed. */
  rowsUsed: number;
  /** Whether every one of them was refused. */
  failed: boolean;
}

/** What is done about a statement: nothing where it can go through no table, or why no plan can be had. */
export type Form =
  | { kind: "plan"; isPrepared: boolean }
  | { kind: "none" }
  | { kind: "unknown"; why: string };

/** Statements with a plan. */
const planned = /^(?:\( ?)*(?:SELECT|INSERT|REPLACE|UPDATE|DELETE|WITH|TABLE)\b/i;
/** Statements about sessions, transactions and definitions. */
const unplanned =
  /^(?:SET|SHOW|USE|BEGIN|START|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PREPARE|DEALLOCATE|EXPLAIN|DESC|DESCRIBE|CREATE|ALTER|DROP|RENAME|TRUNCATE|ANALYZE|OPTIMIZE|CHECK|FLUSH|GRANT|REVOKE|LOCK|UNLOCK|KILL|XA|DO|SIGNAL|RESIGNAL|GET|RESET|PURGE|INSTALL|UNINSTALL|VALUES)\b/i;
/** One of those that reads rows on its way. */
const reading = /\bSELECT\b.*\bFROM\b|\bAS TABLE\b/is;
const definition =
  /^(?:CREATE|ALTER)\b.*\b(?:VIEW|PROCEDURE|FUNCTION|TRIGGER|EVENT)\b|^(?:EXPLAIN|DESC|DESCRIBE|PREPARE)\b/is;

const preparedMark = "EXECUTE ";

/** A statement's text whether it was prepared or not. */
export const wordsOf = (text: string): string =>
  text.startsWith(preparedMark) ? text.slice(preparedMark.length) : text;

/** @param longest bytes of a statement that the server keeps */
export function formOf({ text, sample }: Executed, longest: number): Form {
  const words = wordsOf(text);
  if (unplanned.test(words) && (definition.test(words) || !reading.test(words))) return { kind: "none" };
  if (/^CALL\b/i.test(words))
    return { kind: "unknown", why: "MySQL counts no statement of a procedure: look at those by hand" };
  if (!planned.test(words)) return { kind: "unknown", why: "MySQL explains no statement of this kind" };
  // New rows alone are looked up nowhere. Of a text that was cut it is not known how it goes on.
  if (
    /^(?:INSERT|REPLACE)\b/i.test(words) &&
    !words.endsWith("...") &&
    !/\b(?:SELECT|TABLE|WITH)\b/i.test(words)
  )
    return { kind: "none" };
  if (sample === "") return { kind: "unknown", why: "the server keeps no sample of a statement" };
  if (Buffer.byteLength(sample) >= longest)
    return {
      kind: "unknown",
      why: `the server kept its first ${longest} bytes alone: start it with a larger --performance-schema-max-sql-text-length`,
    };
  return { kind: "plan", isPrepared: text.startsWith(preparedMark) };
}

/** Strings, names, comments, and the words between them. */
const token =
  /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`]|``)*`|\/\*.*?\*\/|(?:--\s|#)[^\n]*|[\w$]+|[^\s]/gs;

/** A prepared statement with a value in each place; after LIMIT it must be a number. */
export function filled(sample: string, value: string): string {
  let isLimit = false;
  return sample.replaceAll(token, (one) => {
    if (/^\w+$/.test(one)) isLimit = /^(?:LIMIT|OFFSET)$/i.test(one) || (isLimit && /^\d+$/.test(one));
    else if (one !== "?" && one !== "," && !one.startsWith("/*")) isLimit = false;
    return one === "?" ? (isLimit ? "10" : value) : one;
  });
}
