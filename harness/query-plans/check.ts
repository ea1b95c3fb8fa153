import type { TableSizes } from "../config/table-sizes.ts";
import { quote } from "../oracle/mysql.ts";
import type { Collected } from "./collect.ts";
import { explain, prepareToExplain } from "./explain.ts";
import { type Finding, type Judged, judge, type Lack, nameOf } from "./judge.ts";
import { namedTables } from "./named-tables.ts";
import { readRewritten } from "./rewritten.ts";
import type { Session } from "./session.ts";
import { type Executed, formOf } from "./statement.ts";
import { pretend, tablesOf } from "./statistics.ts";
import type { Table } from "./table.ts";

/** What is known of one statement. */
interface Checked {
  statement: string;
  times: number;
  findings: readonly Finding[];
  lacks: readonly Lack[];
}

export interface PlanCheck {
  /** Statements that go through a table of the schemas. */
  checked: readonly Checked[];
  /** Findings and lacks that somebody answers for, with the reason. */
  allowed: readonly string[];
  /** Why the check as a whole shows less than it should. */
  lacks: readonly string[];
  /** Tables that are declared and that no statement went through. */
  untouched: readonly string[];
}

/** Judges the plan of each statement as it is when the tables have as many rows as are declared. */
export async function checkPlans(
  session: Session,
  collected: Collected,
  sizes: TableSizes,
  signal?: AbortSignal,
): Promise<PlanCheck> {
  const before = await tablesOf(session, sizes);
  const unknown = Object.entries(sizes.rows).flatMap(([schema, tables]) =>
    Object.keys(tables).flatMap((table) => (before.has(`${schema}.${table}`) ? [] : [`${schema}.${table}`])),
  );
  const { troubles, restore } = await pretend(session, before);
  try {
    const tables = await tablesOf(session, sizes);
    await prepareToExplain(session);
    const touched = new Set<string>();
    const checked: Checked[] = [];
    for (const executed of collected.statements) {
      signal?.throwIfAborted();
      const judged = await judgeStatement(session, executed, { collected, sizes, tables, touched });
      if (judged !== null) checked.push({ statement: executed.text, times: executed.times, ...judged });
    }
    checked.push(...(await triggersOf(session, sizes)));
    const small = checked.length === 0 && collected.lacks.length === 0;
    return {
      ...withAllowed(checked, sizes),
      untouched: [...tables.keys()].filter((name) => !touched.has(name)),
      lacks: [
        ...collected.lacks,
        ...unknown.map((name) => `${name} is declared and not there`),
        ...(checked.some(({ lacks }) => lacks.some(({ why }) => why.includes(unset))) ? troubles : []),
        ...(small ? ["no statement went through a table of these schemas"] : []),
        ...unmatched(checked, sizes),
      ],
    };
  } finally {
    await restore();
  }
}

/** Part of what the judge says of a table whose statistics are not as declared. */
const unset = "its statistics could not be set";

interface Surroundings {
  collected: Collected;
  sizes: TableSizes;
  tables: ReadonlyMap<string, Table>;
  touched: Set<string>;
}

/** Null for a statement that goes through none of the tables. */
async function judgeStatement(
  session: Session,
  executed: Executed,
  { collected, sizes, tables, touched }: Surroundings,
): Promise<Judged | null> {
  const form = formOf(executed, collected.longest);
  const isOurs = isAbout(executed, Object.keys(sizes.rows));
  const unknown = (why: string): Judged => ({ findings: [], lacks: [{ table: null, why }] });
  if (form.kind === "none" || !isOurs) return null;
  if (form.kind === "unknown") return unknown(form.why);
  const answer = await explain(session, executed, form.isPrepared);
  // What was refused each time and is refused now goes through no table.
  if ("why" in answer) return executed.failed ? null : unknown(`it cannot be explained: ${answer.why}`);
  const unusable = answer.warnings.flatMap(
    (text) => /on index '(.+?)' due to type or collation/.exec(text)?.[1] ?? [],
  );
  const { plan } = answer;
  const rewritten = readRewritten(answer.note);
  const named = namedTables(executed.text);
  const explained = { executed, isPrepared: form.isPrepared, plan, rewritten, named, unusable };
  const names = new Set([
    ...[...rewritten.selects.values()].flatMap((select) => [...select.tables.values()]),
    ...plan.steps.flatMap(
      (step) => nameOf(explained, step, tables) ?? (step.isDerived ? [] : [`?.${step.alias}`]),
    ),
    ...named
      .map(({ schema, table }) => `${schema ?? executed.schema}.${table}`)
      .filter((name) => tables.has(name)),
  ]);
  const own = [...names].filter((name) => tables.has(name));
  // What names tables of other schemas alone is of another application, or of the server itself.
  if (
    own.length === 0 &&
    !names.has(unnamed) &&
    (names.size > 0 || plan.messages.every(({ text }) => text === "No tables used"))
  )
    return null;
  for (const name of own) touched.add(name);
  return judge(explained, tables, sizes.scanRows);
}

/** Stands for a table of which nothing tells the schema. */
const unnamed = "";

/** What a trigger does is counted as the work of a statement that fires it, and not by itself. */
async function triggersOf(session: Session, { rows }: TableSizes): Promise<Checked[]> {
  const triggers = await session.query(
    "SELECT TRIGGER_SCHEMA AS s, EVENT_OBJECT_TABLE AS t, TRIGGER_NAME AS n FROM information_schema.triggers WHERE TRIGGER_SCHEMA IN (?)",
    [Object.keys(rows)],
  );
  return triggers.map(({ s, t, n }) => ({
    statement: `TRIGGER \`${n}\``,
    times: 0,
    findings: [],
    lacks: [{ table: `${s}.${t}`, why: "MySQL counts no statement of a trigger: look at those by hand" }],
  }));
}

/** A statement of a connection in one of the schemas, or one that names it. */
const isAbout = ({ schema, text }: Executed, schemas: readonly string[]): boolean =>
  (schema !== null && schemas.includes(schema)) || schemas.some((one) => text.includes(quote(one)));

type Allowed = TableSizes["allowed"][number];

/** A lack that is about no table may be answered for by any entry for the statement. */
const answersFor = (entry: Allowed, { statement }: Checked, table: string | null): boolean =>
  statement.includes(entry.statement) && (table === null || table === entry.table);

/** Takes out what somebody answers for. */
function withAllowed(
  checked: readonly Checked[],
  { allowed }: TableSizes,
): Pick<PlanCheck, "checked" | "allowed"> {
  const answered: string[] = [];
  const without = <T extends { table: string | null }>(
    one: Checked,
    all: readonly T[],
    inWords: (it: T) => string,
  ): T[] =>
    all.filter((it) => {
      const by = allowed.find((entry) => answersFor(entry, one, it.table));
      if (by !== undefined) answered.push(`${inWords(it)}, since ${by.reason}: ${one.statement}`);
      return by === undefined;
    });
  const left = checked.map((one) => ({
    ...one,
    findings: without(one, one.findings, ({ table, access, rows }) => `${table}, ${access} of ${rows} rows`),
    lacks: without(one, one.lacks, ({ why }) => why),
  }));
  return { checked: left, allowed: answered };
}

/** What is allowed and was not needed may hide what comes later. */
const unmatched = (checked: readonly Checked[], { allowed }: TableSizes): string[] =>
  allowed
    .filter(
      (entry) =>
        !checked.some((one) =>
          [...one.findings, ...one.lacks].some(({ table }) => answersFor(entry, one, table)),
        ),
    )
    .map(
      ({ table, statement }) => `what is allowed of ${table} matches nothing: ${JSON.stringify(statement)}`,
    );
