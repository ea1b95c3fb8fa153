/** A table as a statement names it. */
export interface NamedTable {
  schema: string | null;
  table: string;
  alias: string;
}

const name = "(?:`([^`]+)`|([A-Z_]+))";
/** In the text of a digest all words stand apart; names that are words of the language have no quotes. */
const pattern = new RegExp(
  `(?:\\b(?:FROM|JOIN|UPDATE|INTO)|,)(?: \\()* ${name}(?: \\. ${name})?(?: (?:AS )?\`([^\`]+)\`)?(?= (?!\\.)|$)`,
  "g",
);

/** The tables in the text of a digest. Columns may be among them: what is none of the tables that are there is nothing. */
export const namedTables = (text: string): NamedTable[] =>
  [...text.matchAll(pattern)].map(([, a, A, b, B, alias]) => {
    const first = a ?? (A as string).toLowerCase();
    const second = b ?? B?.toLowerCase();
    const table = second ?? first;
    return { schema: second === undefined ? null : first, table, alias: alias ?? table };
  });

const common = /(?:\bWITH(?: RECURSIVE)?|,) `([^`]+)`(?: \( [^()]* \))? AS \(/g;

/** The common table expressions in the text of a digest. */
export const commonTables = (text: string): string[] =>
  [...text.matchAll(common)].map(([, table]) => table as string);
