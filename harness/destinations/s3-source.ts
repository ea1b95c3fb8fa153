import { gzipSync } from "node:zlib";
import type { Row, Value } from "../../contracts/values.ts";
import type { HeldObject, Source } from "./destination.ts";

/** What a bucket holds for a load of Data Connector. */

/** A field of a record, as it is read, and the type of its column. */
type Field = readonly [name: string, value: Value, type: string];

/** How records are written: to whoever reads JSON lines it is all the same, but for the order of their fields. */
interface Form {
  /** What stands before the first line. */
  begin: string;
  fields: (own: readonly Field[]) => readonly Field[];
  line: (fields: readonly string[]) => string;
  /** Ends a line. */
  end: string;
  /** Whether the last line has an end. */
  isEnded: boolean;
  /** Whether null is written; else the field is left out. */
  hasNulls: boolean;
}

const plain: Form = {
  begin: "",
  fields: (own) => own,
  line: (fields) => `{${fields.join(",")}}`,
  end: "\n",
  isEnded: true,
  hasNulls: false,
};
const unended: Form = { ...plain, isEnded: false };
/** As on Windows, with fields that no table has a column for, one named as a column but for its case. */
const onWindows: Form = {
  ...plain,
  begin: "\ufeff",
  fields: (own) => [...own, ["nobodys", "value", "string"], [own[0]?.[0].toUpperCase() ?? "", 7, "bigint"]],
  end: "\r\n",
  hasNulls: true,
};
/** In ASCII alone, with blanks wherever they may be, and the fields in another order. */
const spacious: Form = {
  ...plain,
  fields: (own) => own.toReversed(),
  line: (fields) => escaped(`\t{ ${fields.join(" ,\t")} } `),
};

const escaped = (line: string): string =>
  line
    .replaceAll("/", "\\/")
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Names below a prefix: of a folder, or where names begin with it. The second begins as the first one is called. */
const folderNames = ["part_1.jsonl.gz", "part_2.jsonl.gz", "part_3.jsonl.gz"] as const;
const otherNames = ["1.jsonl.gz", "1.jsonl.gz.2", "more/3.gz"] as const;
const emptyName = "more/4.gz";
/** What of a key is none of its prefix. */
export const namesBelow = /(?:(?:part_)?\d+\.jsonl\.gz(?:\.\d+)?|more\/\d+\.gz)$/;

/**
 * The rows in several objects below the prefix, each in another form, and one beside it whose name begins alike. Integers are
 * numbers, however wide. The last object with rows is of two gzip members, as `cat a.gz b.gz` makes one. Of a prefix that is no
 * folder there is an empty one as well.
 *
 * @param isBroken the second object is cut off
 */
export function objectsBelow(
  prefix: string,
  source: Source,
  isBroken: boolean,
): { own: HeldObject[]; beside: HeldObject[] } {
  const isFolder = prefix.endsWith("/");
  const names = isFolder ? folderNames : otherNames;
  const held = (name: string, rows: readonly Row[], body: Buffer): HeldObject => ({
    name: `${prefix}${name}`,
    body: Uint8Array.from(body),
    rows,
  });
  const own = thirds(source).map(({ rows, form, members }, i) => {
    const body = Buffer.concat(members.map((some) => packed(source, some, form)));
    return isBroken && i === 1
      ? held(names[i] ?? "", [], body.subarray(0, -12))
      : held(names[i] ?? "", rows, body);
  });
  const others: Row[] = [source.columns.map(([, type]) => (type === "bigint" ? 7 : null))];
  const alike = {
    ...held("", others, packed(source, others, { ...plain, hasNulls: true })),
    name: `${alikeTo(prefix)}${names[0]}`,
  };
  return { own: isFolder ? own : [...own, held(emptyName, [], gzipSync(""))], beside: [alike] };
}

/** The rows of each object, how they are written, and by which member of gzip: the last row is in the last one, whatever there is. */
function thirds({ rows }: Source): { rows: readonly Row[]; form: Form; members: (readonly Row[])[] }[] {
  const size = Math.ceil(rows.length / folderNames.length);
  return [unended, onWindows, spacious].map((form, i) => {
    const some = rows.slice(i * size, (i + 1) * size);
    const half = Math.floor(some.length / 2);
    return {
      rows: some,
      form,
      members: form === spacious ? [some.slice(0, half), some.slice(half)] : [some],
    };
  });
}

/**
 * The rows as a load reads them: with all columns that any record has, in the order in which these come up, and null where one
 * has none.
 */
export function rowsRead(source: Source): Row[] {
  const records = thirds(source).flatMap(({ rows, form }) => rows.map((row) => fieldsOf(source, row, form)));
  const names = [...new Set(records.flatMap((record) => record.map(([name]) => name)))];
  return records.map((record) => {
    const values = new Map(record.map(([name, value]) => [name, value]));
    return names.map((name) => values.get(name) ?? null);
  });
}

/** A folder whose name begins with that of the prefix, or names that begin in capitals. */
const alikeTo = (prefix: string): string =>
  prefix.endsWith("/")
    ? `${prefix.slice(0, -1)}0/`
    : prefix.replace(/[^/]+$/, (name) => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`);

function packed(source: Source, rows: readonly Row[], form: Form): Buffer {
  const lines = rows.map((row) =>
    form.line(fieldsOf(source, row, form).map((field) => `${JSON.stringify(field[0])}:${written(field)}`)),
  );
  return gzipSync(`${form.begin}${lines.join(form.end)}${form.isEnded && lines.length > 0 ? form.end : ""}`);
}

/** An integer that no number holds stands as its digits. */
const written = ([, value, type]: Field): string =>
  type === "bigint" && typeof value === "string" ? value : JSON.stringify(value);

function fieldsOf({ columns, booleans }: Source, row: Row, form: Form): readonly Field[] {
  const own = columns.map(([name, type], i): Field => {
    const value = row[i] ?? null;
    return [name, value !== null && booleans?.includes(name) ? value === 1 : value, type];
  });
  return form.fields(form.hasNulls ? own : own.filter(([, value]) => value !== null));
}
