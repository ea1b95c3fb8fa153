/** A statement as MySQL has rewritten it for its optimizer: the note 1003 of EXPLAIN, with all names in full. */
export interface Rewritten {
  /** Of a row's values that hold quotes nobody knows where they end: what looks like a table or a LIMIT may be a part of them. */
  isClear: boolean;
  /** The tables that each select names, by its number. */
  selects: ReadonlyMap<number, Select>;
}

interface Select {
  /** By the statement's own name for it, `schema.table`. */
  tables: ReadonlyMap<string, string>;
  /** Rows after which it may end. */
  limit: number | null;
  /** Columns by which it sorts. */
  order: readonly ColumnName[];
}

interface ColumnName {
  alias: string;
  column: string;
}

const name = "`((?:[^`]|``)+)`";
/** A name of three parts is a column; of two, behind these words, a table. */
const tablePattern = new RegExp(
  `(?:\\bfrom|\\bjoin|\\bupdate|\\binto|,|\\()\\s*\\(*${name}\\.${name}(?!\\.)(?:\\s+(?:partition \\([^)]*\\)\\s*)?${name})?(?=[\\s,)]|$)`,
  "gi",
);
const columnPattern = new RegExp(`(?:${name}\\.)?${name}\\.${name}`, "g");

/** A row that was read while the statement was planned stands there with its values, as they are. */
const strings = /'(?:[^'\\]|\\.|'')*'/g;
const wellQuoted = /(?:^|[\s(,=<>])''(?=$|[\s),])/;

export function readRewritten(note: string): Rewritten {
  const selects = new Map<number, Select>();
  const text = note.replaceAll(strings, "''");
  const isClear = !text.replaceAll(new RegExp(wellQuoted, "g"), " ").includes("'");
  for (const [number, { all, flat, isMember }] of textsOf(text)) {
    const limit = isMember || !isClear ? null : /\blimit (\d+)(?:,(\d+))?/i.exec(flat);
    const order = isMember ? null : /\border by (.*?)(?:\blimit\b|$)/is.exec(flat);
    selects.set(number, {
      tables: new Map(
        [...all.matchAll(tablePattern)].map(([, schema, table, alias]) => [
          plain(alias ?? (table as string)),
          `${plain(schema as string)}.${plain(table as string)}`,
        ]),
      ),
      limit: limit === null ? null : Number(limit[1]) + Number(limit[2] ?? 0),
      order: [...(order?.[1] ?? "").matchAll(columnPattern)].map(([, , alias, column]) => ({
        alias: plain(alias as string),
        column: plain(column as string),
      })),
    });
  }
  return { selects, isClear };
}

const plain = (quoted: string): string => quoted.replaceAll("``", "`");

/** `schema.table` of a name within a select; null where it is not known, or may be one of several. */
export function tableOf({ selects }: Rewritten, select: number, alias: string): string | null {
  const own = selects.get(select)?.tables.get(alias);
  if (own !== undefined) return own;
  // A subquery that became a part of another select, or a view.
  const all = new Set([...selects.values()].flatMap(({ tables }) => tables.get(alias) ?? []));
  return all.size === 1 ? ([...all][0] as string) : null;
}

interface Texts {
  /** Without those of its subqueries. */
  all: string;
  /** Outside of all its parentheses. */
  flat: string;
  /** Whether it stands beside others in a union, without parentheses: what follows it may belong to all. */
  isMember: boolean;
}

const marks = /\/\* select#(\d+) \*\/|`(?:[^`]|``)*`|[()]|[^`()/]+|\//g;

/** What each select says itself. An UPDATE or DELETE has no mark of its own, and is number 1. */
function textsOf(text: string): Map<number, Texts> {
  const texts = new Map<number, Texts>();
  const open = [{ number: 0, depth: 0 }];
  let depth = 0;
  const of = (number: number): Texts => {
    const known = texts.get(number) ?? { all: "", flat: "", isMember: false };
    texts.set(number, known);
    return known;
  };
  for (const [part, number] of text.matchAll(marks)) {
    const top = open.at(-1) as (typeof open)[number];
    if (number !== undefined) {
      if (top.depth < depth) open.push({ number: Number(number), depth });
      else {
        if (top.number > 0) for (const one of [top.number, Number(number)]) of(one).isMember = true;
        top.number = Number(number);
      }
      continue;
    }
    if (part === ")") depth -= 1;
    if (part === ")" && depth < top.depth) open.pop();
    const now = open.at(-1) as (typeof open)[number];
    of(now.number).all += part;
    if (depth === now.depth && part !== ")") of(now.number).flat += part;
    if (part === "(") depth += 1;
  }
  const unmarked = texts.get(0);
  texts.delete(0);
  if (unmarked !== undefined && !texts.has(1)) texts.set(1, unmarked);
  return texts;
}
