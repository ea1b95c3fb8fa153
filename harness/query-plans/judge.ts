import { missingIndex } from "./missing-index.ts";
import { commonTables, type NamedTable } from "./named-tables.ts";
import type { Plan, Step } from "./plan.ts";
import { type Rewritten, tableOf } from "./rewritten.ts";
import type { Executed } from "./statement.ts";
import type { Table } from "./table.ts";

export interface Finding {
  /** `schema.table` */
  table: string;
  /** As MySQL calls it: ALL, index, range, ... */
  access: string;
  key: string | null;
  rows: number;
  next: string;
}

/** Why a plan is not known, or does not say enough. */
export interface Lack {
  /** `schema.table`; null where it is about the statement as a whole. */
  table: string | null;
  why: string;
}

export interface Judged {
  findings: readonly Finding[];
  lacks: readonly Lack[];
}

/** A table with fewer rows does not tell which part of it a range takes. */
const tellingRows = 50;
/** A part of a table that is most of it, where it is read for each call. */
const large = 0.2;

export interface Explained {
  executed: Executed;
  isPrepared: boolean;
  plan: Plan;
  rewritten: Rewritten;
  named: readonly NamedTable[];
  /** Indices that a comparison of unlike types or collations makes useless. */
  unusable: readonly string[];
}

/** `schema.table` of a step; null where nothing tells it. */
export function nameOf(
  { executed, rewritten, named }: Explained,
  { select, alias }: Step,
  tables: ReadonlyMap<string, Table>,
): string | null {
  const rewrittenName = tableOf(rewritten, select, alias);
  if (rewrittenName !== null) return rewrittenName;
  const of = named.find((one) => one.alias === alias);
  const name = `${of?.schema ?? executed.schema}.${of?.table ?? alias}`;
  return tables.has(name) ? name : null;
}

/** By which a statement itself says which indices are used. */
const hints = /\b(?:IGNORE|USE|FORCE) (?:INDEX|KEY)\b|\bNO_(?:JOIN_)?INDEX\b/;

/** Whether it is none of the database's own tables; a recursive table looks like one of those in a plan. */
const isDerived = ({ executed, named }: Explained, { alias, isDerived: isTold }: Step): boolean =>
  isTold || commonTables(executed.text).includes(named.find((one) => one.alias === alias)?.table ?? alias);

/** @param scanRows rows of the largest table that may be gone through */
export function judge(explained: Explained, tables: ReadonlyMap<string, Table>, scanRows: number): Judged {
  const { plan, rewritten, unusable } = explained;
  const lacks: Lack[] = plan.messages.flatMap((message) => {
    const why = unplannedBecause(message, explained, tables);
    return why === null ? [] : [{ table: null, why }];
  });
  const findings: Finding[] = [];
  for (const step of plan.steps) {
    const name = nameOf(explained, step, tables);
    const table = tables.get(name ?? "") ?? null;
    if (table === null && !isDerived(explained, step)) {
      if (name === null)
        lacks.push({ table: null, why: `nothing tells in which schema its table ${step.alias} is` });
      // Else it is of another schema than those that are checked.
      continue;
    }
    const verdict = judgeStep(step, table, explained, scanRows);
    if (typeof verdict === "string") lacks.push({ table: name, why: verdict });
    if (verdict === null || typeof verdict === "string") continue;
    const { access, key } = step;
    const next = missingIndex({
      step,
      table,
      rewritten,
      unusable,
      isHinted: hints.test(explained.executed.text),
    });
    findings.push({ table: name ?? step.alias, access, key, rows: verdict.rows, next });
  }
  return { findings: findings.length > 0 ? findings : measured(explained, scanRows, tables), lacks };
}

/** A plan that looks harmless, and yet a large part of a table was read for a few rows. */
function measured(explained: Explained, scanRows: number, tables: ReadonlyMap<string, Table>): Finding[] {
  const { rowsExamined, rowsUsed } = explained.executed;
  if (rowsExamined <= scanRows || rowsExamined < 10 * Math.max(1, rowsUsed)) return [];
  const step = explained.plan.steps.find((one) => {
    const rows = tables.get(nameOf(explained, one, tables) ?? "")?.declared ?? 0;
    return rows > scanRows && rowsExamined >= rows * large;
  });
  if (step === undefined) return [];
  const { access, key } = step;
  const rows = Math.round(rowsExamined);
  const next = `it examined ${rows} rows each time and used ${Math.round(rowsUsed)}: let an index lead to those`;
  return [{ table: nameOf(explained, step, tables) ?? step.alias, access, key, rows, next }];
}

/** Messages of selects that read no row, whatever the values are. */
const nothingToRead = /^(?:No tables used|Select tables optimized away|No matching min\/max row)/i;
/** A row that a whole unique key names is not there, or is not as it should be. */
const byUniqueKey =
  /^(?:no matching row in const table|Impossible WHERE noticed after reading const tables)/i;

/** What object mappers write for a list of nothing: it holds for no values of the others. */
const impossible = /\b(?:WHERE|AND) (?:\( )*(?:\? = \?|FALSE)(?: |$)/;

function unplannedBecause(
  { text, select }: Plan["messages"][number],
  { executed, rewritten, named }: Explained,
  tables: ReadonlyMap<string, Table>,
): string | null {
  if (nothingToRead.test(text)) return null;
  const told = rewritten.isClear ? (rewritten.selects.get(select)?.tables.size ?? 0) : 0;
  const asWritten = named.flatMap(
    ({ schema, table }) => tables.get(`${schema ?? executed.schema}.${table}`) ?? [],
  );
  // A table of which MySQL knows that it has no row is taken for one that was named by a key, too.
  const areBelieved = asWritten.every(({ declared, believed }) => believed >= (declared ?? 0) / 2);
  if (byUniqueKey.test(text) && (told || asWritten.length) === 1 && areBelieved) return null;
  if (text === "Impossible WHERE" && impossible.test(executed.text)) return null;
  return `MySQL planned no further with the values of the sample: ${text}; run it where its rows are`;
}

type Sized = Table & { declared: number };
type Told = { rows: number } | string | null;

/** Rows that are too many, why it cannot be told, or null. */
function judgeStep(step: Step, table: Table | null, explained: Explained, scanRows: number): Told {
  if (table === null)
    return step.access === "ALL" && step.rows > scanRows && !step.isFirst ? { rows: step.rows } : null;
  const { declared, believed, partitions } = table;
  if (declared === null) return "nobody declared how many rows it has";
  if (declared <= scanRows) return null;
  if (believed < declared / 2)
    return `MySQL takes it to have ${believed} rows, declared ${declared}, and its statistics could not be set`;
  const scanned = step.partitions.length < partitions && step.partitions.length > 0 ? step.rows : declared;
  switch (step.access) {
    case "ALL":
    case "index":
      if (scanned <= scanRows || endsEarly(step, table, explained, scanRows)) return null;
      // With other values than those that were tried it may be led by an index.
      return explained.isPrepared && step.possibleKeys.length > 0
        ? judgeShare(explained.executed.rowsExamined, { ...table, declared }, scanRows)
        : { rows: scanned };
    case "system":
    case "const":
    case "eq_ref":
    case "unique_subquery":
    case "fulltext":
      return null;
    case "range":
    case "ref":
    case "ref_or_null":
    case "index_merge":
    case "index_subquery":
      return judgePart(step, { ...table, declared }, explained, scanRows);
    default:
      return `an access of the kind ${step.access}, which is not known`;
  }
}

/** A part of a table that an index leads to. */
function judgePart(step: Step, table: Sized, explained: Explained, scanRows: number): Told {
  if (endsEarly(step, table, explained, scanRows)) return null;
  const limit = step.conditions.length === 0 ? limitOf(step, explained) : null;
  const rows = Math.min(step.rows, limit ?? step.rows);
  const isWide = step.access === "range" && isOpen(step);
  if (!isWide || step.isSkipping) return isLarge(rows, table, scanRows) ? { rows } : null;
  // Of a sample without values the width of a range is not known: what was measured tells.
  return judgeShare(explained.isPrepared ? explained.executed.rowsExamined : rows, table, scanRows);
}

/** @param taken of the rows that the table holds */
function judgeShare(taken: number, table: Sized, scanRows: number): Told {
  const { held, declared } = table;
  if (held < tellingRows) return `it holds ${held} rows, too few to tell how many a range of them takes`;
  const rows =
    held < declared / 2 ? Math.round((Math.min(taken, held) / held) * declared) : Math.round(taken);
  return isLarge(rows, table, scanRows) ? { rows } : null;
}

const isLarge = (rows: number, { declared }: Sized, scanRows: number): boolean =>
  rows > scanRows && rows >= declared * large;

/** Whether the first column of its key is compared by less or more, not by equality. */
function isOpen({ conditions, keyColumns: [column] }: Step): boolean {
  const quoted = (column ?? "").replaceAll("`", "``").replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  const open = new RegExp(`\`${quoted}\`\\)? (?:<|>|between|like|is not null)`, "i");
  return conditions.length === 0 || conditions.some((one) => open.test(one));
}

/**
 * A LIMIT ends it after some rows: nothing is collected before, and of the rows that the filter, if any, is for MySQL knows by
 * one index how many there are. Of two columns in two indices it takes it that their values meet as often as not.
 */
function endsEarly(step: Step, { indices }: Table, explained: Explained, scanRows: number): boolean {
  const limit = limitOf(step, explained);
  if (limit === null) return false;
  if (step.conditions.length === 0) return limit <= scanRows || step.rows <= scanRows;
  const filter = filterOf(step);
  const isKnown =
    filter.every((column) => step.keyColumns.includes(column)) ||
    Object.values(indices).some((columns) =>
      filter.every((column) => columns.slice(0, filter.length).includes(column)),
    );
  return step.possibleKeys.length > 0 && isKnown && step.rows <= 10 * scanRows;
}

/** Of its rows that meet its conditions, how many its select takes and then ends; null where it needs all of them. */
function limitOf(step: Step, { plan, rewritten }: Explained): number | null {
  if (step.isCollected || !step.isFirst) return null;
  const others = plan.steps.filter((one) => one !== step && one.select === step.select);
  if (others.some(({ conditions }) => conditions.length > 0)) return null;
  return rewritten.selects.get(step.select)?.limit ?? null;
}

/** The columns in a step's conditions. */
const filterOf = ({ conditions }: Step): string[] => [
  ...new Set(
    conditions.flatMap((one) =>
      [...one.matchAll(/`\.`((?:[^`]|``)+)`(?![.`])/g)].map(([, name]) =>
        (name as string).replaceAll("``", "`"),
      ),
    ),
  ),
];
