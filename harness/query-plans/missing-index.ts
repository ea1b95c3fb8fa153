import { quote } from "../oracle/mysql.ts";
import type { Step } from "./plan.ts";
import type { Rewritten } from "./rewritten.ts";
import type { Table } from "./table.ts";

interface Asked {
  step: Step;
  /** Null for a temporary table. */
  table: Table | null;
  rewritten: Rewritten;
  /** Indices that a comparison of unlike types or collations makes useless. */
  unusable: readonly string[];
  /** Whether the statement says which indices are used. */
  isHinted: boolean;
}

/** What to do about a table that is gone through: the index that its conditions and its order ask for. */
export function missingIndex({ step, table, rewritten, unusable, isHinted }: Asked): string {
  if (step.isDerived || table === null)
    return "its rows are kept in a temporary table and gone through: join what it is made from";
  const [useless] = unusable;
  if (useless !== undefined)
    return `the index ${useless} is of no use, since unlike types or collations are compared: compare with a value of the column's own`;
  const conditions = step.conditions.filter((one) => !notNull.test(one));
  const text = conditions.join(" and ");
  const columns = columnsOf({ ...step, conditions }, rewritten.selects.get(step.select)?.order ?? []);
  if (columns.length === 0)
    return conditions.length === 0
      ? "it has no condition: ask for fewer rows, by a key"
      : "its condition is an expression: compare the column itself, or index the expression";
  if (/ or /.test(text))
    return `one of several conditions may hold, and an index leads to all of them where each has its own: (${columns.map(quote).join("), (")}); or make it a UNION`;
  const there = Object.entries(table.indices).find(([, own]) =>
    columns.every((column, i) => own[i] === column),
  );
  if (there !== undefined && isHinted)
    return `the index ${there[0]} begins with ${columns.join(", ")}, and the statement says which to use: take that out`;
  if (there !== undefined && / like '[%_]/.test(text))
    return `the index ${there[0]} is of no use for a pattern that begins with a wildcard: keep what is searched in a column of its own`;
  if (there !== undefined)
    return there[0] === step.key
      ? `the index ${there[0]} leads to all these rows: narrow the condition`
      : `the index ${there[0]} begins with ${columns.join(", ")} and leads to too many rows: narrow the condition`;
  return `no index leads to its rows: CREATE INDEX ... ON ${table.place.map(quote).join(".")} (${columns.map(quote).join(", ")})`;
}

/** MySQL adds it where a column is looked up in another table. */
const notNull = /^\([^()]* is not null\)$/;

/** A column of a table as a condition names it, for a pattern. */
const columnOf = (alias: string): string =>
  `${quote(alias).replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)}\\.\`((?:[^\`]|\`\`)+)\``;

/** Columns compared by equality first, then those of the order, then one that is compared by less or more. */
function columnsOf(
  { alias, conditions }: Step,
  order: readonly { alias: string; column: string }[],
): string[] {
  const text = conditions.join(" and ");
  const own = columnOf(alias);
  const found = (pattern: string) =>
    [...text.matchAll(new RegExp(pattern, "gi"))].map((match) => (match[1] as string).replaceAll("``", "`"));
  const equal = [
    ...found(`(?<!\\w\\()${own} (?:=|<=>|in|is null)`),
    ...found(`= (?:\`[^\`]+\`\\.)*${own}\\)`),
  ];
  const sorted = order.flatMap((one) => (one.alias === alias ? [one.column] : []));
  const wide = found(`(?<!\\w\\()${own} (?:<|>|between|like)`).slice(0, 1);
  return [...new Set([...equal, ...(sorted.length > 0 ? sorted : wide)])];
}
