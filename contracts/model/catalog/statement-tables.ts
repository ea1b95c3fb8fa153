import { readWorded } from "../../worded-jobs.ts";

/** Which tables a statement is about, where its text leaves no doubt. Names are as customers give them: in small letters. */
export interface StatementTables {
  /** Each must be there for the statement to succeed. */
  needs: readonly string[];
  /** The one of which it gives all rows; null where it is no such query. */
  whole: string | null;
  /** Whether it surely adds no rows to a table that is there. */
  addsNone: boolean;
}

const comment = /\/\*(?![!+])(?:(?!\*\/)[^'"`])*\*\//g;
const reading = /^SELECT\s+(?<columns>[\w\s,.*]+?)\s+FROM\s+`?(?<from>[a-z0-9_]+)`?$/i;
const making = /^CREATE\s+TABLE\s+`?[a-z0-9_]+`?\s+AS\s+(?<query>SELECT\s[\s\S]*)$/i;
const adding = /^INSERT\s+INTO\s+(?:TABLE\s+)?`?(?<into>[a-z0-9_]+)`?\s/i;
const deleting = /^DELETE\s+FROM\s+`?(?<out>[a-z0-9_]+)`?\s/i;
/** Words that make it more, or less, than all rows of one table. */
const more = /\b(?:FROM|DISTINCT|UNION|INTERSECT|EXCEPT)\b/i;

const plain = (text: string): string => text.replaceAll(comment, " ").replace(/;\s*$/, "").trim();

export function tablesIn(text: string): StatementTables {
  const sql = plain(text);
  const made = making.exec(sql)?.groups?.["query"];
  const { columns = "", from } = reading.exec(made ?? sql)?.groups ?? {};
  const into = adding.exec(sql)?.groups?.["into"];
  const out = deleting.exec(sql)?.groups?.["out"];
  const isPlain = from !== undefined && isName(from) && !more.test(columns);
  return {
    needs: [isPlain ? from : undefined, into, out].filter(
      (one) => one !== undefined && isName(one),
    ) as string[],
    whole: isPlain ? from : null,
    addsNone: /^(?:SELECT|CREATE)\b/i.test(sql),
  };
}

const isName = (word: string): boolean => word === word.toLowerCase();

/** What a statement does to the rows of a table that is there. */
export interface TableChange {
  table: string;
  way: "adds" | "takes";
}

/** Null where its text leaves a doubt. */
export function changeIn(query: string): TableChange | null {
  const worded = readWorded(query);
  if (worded === null) {
    const table = adding.exec(plain(query))?.groups?.["into"];
    return table === undefined || !isName(table) ? null : { table, way: "adds" };
  }
  const { type, values } = worded;
  if (type === "partialdelete") return { table: values.table, way: "takes" };
  const isAdding = type === "bulk_import_commit" || (type === "bulkload" && values.mode === "append");
  return isAdding ? { table: values.table, way: "adds" } : null;
}
