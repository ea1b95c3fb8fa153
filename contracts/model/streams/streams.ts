import { columnsAsked } from "../../operations/catalog.ts";
import { mostColumns, visibleWithinMs } from "../../operations/streaming-import.ts";
import { columnsIn, formatTimestamp, type Millis } from "../../values.ts";
import {
  type CountedRows,
  type Departure,
  type Fields,
  fieldsIn,
  type ModelCall,
  show,
  wrong,
} from "../call.ts";
import { isTimeIn } from "../span.ts";
import { chunkIn, type Kind, widest } from "./chunk.ts";
import { isStream, type Look, livesIn, type Said, type Taken } from "./lives.ts";
import { rowsDepartures } from "./rows.ts";

/**
 * Streaming imports: what each is answered, and what tables are shown to hold of them, where all that they hold comes by
 * chunks.
 */

interface Limits {
  clockErrorMs: Millis;
  counted?: readonly CountedRows[];
}

export function streamDepartures(calls: readonly ModelCall[], limits: Limits): Departure[] {
  const streams = calls.filter(isStream);
  if (streams.length === 0) return [];
  const departures = streams.flatMap((call) => told(call, answerProblem(call)));
  const isCalm = calls.every(({ excused, status }) => !excused && status !== null && status < 500);
  const lives = livesIn(calls);
  for (const { chunks, looks } of lives)
    if (chunks.length > 0) departures.push(...lookDepartures(looks, chunks, { ...limits, isCalm }));
  return [...departures, ...rowsDepartures(lives, limits.counted ?? [])];
}

const told = (call: ModelCall, problem: string | null): Departure[] =>
  problem === null ? [] : [{ call, job: null, problem }];

/** Whether a chunk can be imported; what is no chunk is told by the schema. */
export const isImportable = ({ request }: ModelCall): boolean =>
  typeof request["content"] !== "string" || chunkIn(request["content"]).content !== null;

/**
 * Whether the table of a chunk may have too many columns with it: where all columns that anybody has named in a database of
 * that name by then are too many. No table leaves its database. Tables that were there before have few.
 */
export function tooWideIn(calls: readonly ModelCall[]): (chunk: ModelCall) => boolean {
  let naming: { call: ModelCall; names: readonly string[] }[] | undefined;
  return (chunk) => {
    if (!isStream(chunk)) return false;
    naming ??= calls
      .map((call) => ({ call, names: columnsNamed(call) }))
      .filter(({ names }) => names.length > 0);
    const database = chunk.request["database"];
    const others = naming.filter(
      ({ call: { sent, request } }) => sent <= chunk.returned && request["database"] === database,
    );
    return new Set(others.flatMap(({ names }) => names)).size > mostColumns;
  };
}

function columnsNamed(call: ModelCall): string[] {
  const { operation, request } = call;
  if (isStream(call)) return [...(chunkIn(String(request["content"])).content?.columns.keys() ?? [])];
  if (operation === "table.update_schema")
    return (columnsAsked(request["schema"]) ?? []).map(([name]) => String(name));
  return operation === "worker.register_table" ? columnsIn(request["columns"]).map(([name]) => name) : [];
}

function answerProblem(call: ModelCall): string | null {
  if (call.status !== 200) return null;
  const { content, database, table, unique_id: id } = call.request;
  if (typeof content !== "string") return null;
  const { md5, content: read } = chunkIn(content);
  if (read === null) return "it was taken although it cannot be imported";
  const right: Fields = { database, table, md5_hex: md5, unique_id: id ?? md5 };
  const reply = fieldsIn(call.reply);
  const other = Object.keys(right).find((field) => right[field] !== reply[field]);
  return other === undefined ? null : wrong(other, right[other], reply[other]);
}

interface Knowing extends Limits {
  isCalm: boolean;
}

function lookDepartures(looks: readonly Look[], chunks: readonly Taken[], knowing: Knowing): Departure[] {
  let least = 0;
  return looks.flatMap(({ call, row, said }, i) => {
    const count = Number(row["count"]);
    for (const before of looks.slice(0, i))
      if (before.call.returned < call.sent) least = Math.max(least, Number(before.row["count"]));
    return told(
      call,
      countProblem(count, least, call, chunks, knowing) ?? rowProblem({ call, row, said }, chunks, knowing),
    );
  });
}

const total = (chunks: readonly Taken[]): number =>
  chunks.reduce((sum, { content }) => sum + content.records, 0);

function countProblem(
  count: number,
  least: number,
  call: ModelCall,
  chunks: readonly Taken[],
  { clockErrorMs, isCalm }: Knowing,
): string | null {
  const most = total(chunks.filter(({ sent }) => sent <= call.returned));
  if (count > most) return `count: expected at most the ${most} records that were sent, got ${count}`;
  if (count < least) return `count: expected at least ${least} as before, got ${count}`;
  const due = chunks.filter(({ acknowledged }) => acknowledged + visibleWithinMs + clockErrorMs < call.sent);
  return isCalm && count < total(due)
    ? `count: expected at least the ${total(due)} records that were taken a minute before, got ${count}`
    : null;
}

/** What else is shown follows from the chunks that are counted: which those are is known where it is all or none. */
function rowProblem(
  { row, call, said }: Look,
  chunks: readonly Taken[],
  { clockErrorMs }: Knowing,
): string | null {
  const possible = chunks.filter(({ sent, content }) => sent <= call.returned && content.records > 0);
  const count = Number(row["count"]);
  const isAll = count === total(possible);
  const [counted, last] = [row["counter_updated_at"], row["last_log_timestamp"]];
  if (count === 0 && possible.length > 0 && last !== null) return wrong("last_log_timestamp", null, last);
  if (count > 0) {
    const span = { from: Math.min(...possible.map(({ sent }) => sent)), to: call.returned };
    if (!isTimeIn(counted, span, clockErrorMs))
      return `counter_updated_at: expected a time since the first chunk, got ${show(counted)}`;
    const times = possible.map(({ content }) => content.last ?? 0);
    const all = (isAll ? [Math.max(...times)] : times).map((at) => formatTimestamp(at * 1000));
    if (!all.includes(String(last))) return wrong("last_log_timestamp", all[0], last);
  }
  return said === null ? schemaProblem(row, possible, isAll) : saidProblem(row, possible, said);
}

function schemaProblem(row: Fields, possible: readonly Taken[], isAll: boolean): string | null {
  if (columnsIn(row["schema"]).length > mostColumns)
    return wrong("columns of its schema", mostColumns, columnsIn(row["schema"]).length);
  const columns = new Map<string, Kind>();
  for (const { content } of possible)
    for (const [name, kind] of content.columns) columns.set(name, widest(columns.get(name) ?? "none", kind));
  const shown = columnsIn(row["schema"]);
  const names = new Set(shown.map(([name]) => name));
  if (names.size < shown.length) return "schema: a column is shown twice";
  const strange = shown.find(([name]) => !columns.has(name));
  if (strange !== undefined) return `schema: no chunk has a column ${strange[0]}`;
  if (!isAll) return null;
  const wanted = [...columns].filter(([, kind]) => kind !== "none");
  const lost = wanted.find(([name]) => !names.has(name));
  if (lost !== undefined) return `schema: the column ${lost[0]} of its records is not shown`;
  const other = shown.find(([name, type]) => columns.get(name) !== type);
  return other === undefined ? null : wrong(`type of ${other[0]}`, columns.get(other[0]), other[1]);
}

/** What was said is shown as it was said, in its order, but for a type that would not hold what came; the rest is of chunks. */
function saidProblem(row: Fields, possible: readonly Taken[], { columns }: Said): string | null {
  const shown = (columnsAsked(row["schema"]) ?? []) as readonly (readonly string[])[];
  const come = (name: string): Kind[] => possible.flatMap(({ content }) => content.columns.get(name) ?? []);
  for (const [i, [name, type, ...alias]] of columns.entries()) {
    const [itsName, itsType, ...its] = shown[i] ?? [];
    if (itsName !== name || its.join() !== alias.join())
      return wrong(`column ${i + 1}`, columns[i], shown[i]);
    if (itsType !== type && !come(name).some((kind) => kind === itsType))
      return wrong(`type of ${name}`, type, itsType);
  }
  const strange = shown.slice(columns.length).find(([name]) => come(String(name)).length === 0);
  return strange === undefined ? null : `schema: no chunk has a column ${strange[0]}`;
}
