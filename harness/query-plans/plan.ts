/** What EXPLAIN FORMAT=JSON (version 1 of the format) says of a statement. */

/** How one table is gone through. */
export interface Step {
  /** The statement's own name for the table. */
  alias: string;
  /** ALL, index, range, ref, eq_ref, const, ... */
  access: string;
  key: string | null;
  keyColumns: readonly string[];
  /** For each row of the tables before it. */
  rows: number;
  conditions: readonly string[];
  /** Of which select it is a part. */
  select: number;
  /** All rows are read before the first is given: they are sorted, grouped or kept in a temporary table. */
  isCollected: boolean;
  isFirst: boolean;
  partitions: readonly string[];
  possibleKeys: readonly string[];
  isDerived: boolean;
  /** It reads one row of an index for each group, and leaps over the others. */
  isSkipping: boolean;
}

export interface Plan {
  steps: readonly Step[];
  /** Of selects that were not planned: MySQL found out that there is nothing to do. */
  messages: readonly { text: string; select: number }[];
}

type Json = Record<string, unknown>;

interface Place {
  select: number;
  isCollected: boolean;
}

/** Every table of the plan, in whatever part of it. @param inWords a condition with its names in backticks */
export function readPlan(text: string, inWords: (condition: string) => string): Plan {
  const steps: Step[] = [];
  const messages: { text: string; select: number }[] = [];
  const first = new Set<number>();
  const visit = (value: unknown, place: Place): void => {
    if (Array.isArray(value)) for (const one of value) visit(one, place);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    const node = value as Json;
    if (typeof node["message"] === "string") messages.push({ text: node["message"], select: place.select });
    const here = placeOf(node, place);
    if (typeof node["table_name"] === "string" && isRead(node)) {
      const step = stepOf(node, here, !first.has(here.select));
      steps.push({ ...step, conditions: step.conditions.map(inWords) });
      first.add(here.select);
    }
    for (const [name, inner] of Object.entries(node)) {
      if (name === "query_block") {
        const select = Number((inner as Json)["select_id"] ?? 0);
        visit(inner, { select, isCollected: false });
      } else visit(inner, here);
    }
  };
  visit(JSON.parse(text), { select: 0, isCollected: false });
  return { steps, messages };
}

const placeOf = (node: Json, { select, isCollected }: Place): Place => ({
  select,
  isCollected:
    isCollected ||
    node["using_filesort"] === true ||
    node["using_temporary_table"] === true ||
    "grouping_operation" in node ||
    "windowing" in node,
});

/** New rows are written to a table, and a union's are kept in one: neither is gone through for its rows. */
const isRead = (node: Json): boolean =>
  node["insert"] !== true && node["replace"] !== true && !String(node["table_name"]).startsWith("<union");

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

function stepOf(node: Json, { select, isCollected }: Place, isFirst: boolean): Step {
  return {
    alias: String(node["table_name"]),
    access: typeof node["access_type"] === "string" ? node["access_type"] : "unknown",
    key: typeof node["key"] === "string" ? node["key"] : null,
    keyColumns: texts(node["used_key_parts"]),
    rows: Number(node["rows_examined_per_scan"] ?? 0),
    conditions: [node["attached_condition"], node["index_condition"]].filter(
      (one) => typeof one === "string",
    ),
    select,
    isCollected,
    isFirst,
    partitions: texts(node["partitions"]),
    possibleKeys: texts(node["possible_keys"]),
    isSkipping: node["using_index_for_group_by"] !== undefined || node["using_index_for_skip_scan"] === true,
    isDerived:
      "materialized_from_subquery" in node || /^<(?:derived|subquery)/.test(String(node["table_name"])),
  };
}
