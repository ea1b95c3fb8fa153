import { columnsAsked } from "../../operations/catalog.ts";
import { mostColumns, visibleWithinMs } from "../../operations/streaming-import.ts";
import { columnsIn, formatTimestamp, type Millis } from "../../values.ts";
import { type Departure, type Fields, fieldsIn, isUnanswered, type ModelCall, show, wrong } from "../call.ts";
import { tablesIn } from "../catalog/statement-tables.ts";
import { isTimeIn } from "../span.ts";
import { chunkIn, type Kind, type ReadChunk, widest } from "./chunk.ts";

/**
 * Streaming imports: what each is answered, and what tables are shown to hold of them. A table is followed where all that
 * it holds comes by chunks: its customer makes it here, and nobody moves it, says its columns or makes it anew.
 */

interface Limits {
  clockErrorMs: Millis;
}

/** A chunk that may have been taken, by all calls that sent it. */
interface Taken {
  content: NonNullable<ReadChunk["content"]>;
  /** When it was first sent. */
  sent: Millis;
  /** When it was first answered 200; infinity where it was not. */
  acknowledged: Millis;
}

export const isStream = ({ operation }: ModelCall): boolean =>
  operation === "table.import" || operation === "table.import_with_id";

export function streamDepartures(calls: readonly ModelCall[], limits: Limits): Departure[] {
  const streams = calls.filter(isStream);
  if (streams.length === 0) return [];
  const departures = streams.flatMap((call) => told(call, answerProblem(call)));
  const byTable = Map.groupBy(streams, keyOf);
  const followed = [...byTable].filter(([key]) => isFollowed(key, calls));
  const tables = followed.map(([key, sent]) => ({ key, chunks: takenOf(sent) }));
  const isCalm = calls.every(({ excused, status }) => !excused && status !== null && status < 500);
  for (const { key, chunks } of tables)
    departures.push(...lookDepartures(looksAt(key, calls), chunks, { ...limits, isCalm }));
  return departures;
}

const told = (call: ModelCall, problem: string | null): Departure[] =>
  problem === null ? [] : [{ call, job: null, problem }];

/** Whether a chunk can be imported; what is no chunk is told by the schema. */
export const isImportable = ({ request }: ModelCall): boolean =>
  typeof request["content"] !== "string" || chunkIn(request["content"]).content !== null;

/**
 * Whether the table of a chunk may have too many columns with it: where all columns that anybody has named by then are too
 * many. Tables that were there before have few.
 */
export function mayBeTooWide(call: ModelCall, calls: readonly ModelCall[]): boolean {
  if (!isStream(call)) return false;
  const names = new Set(calls.filter(({ sent }) => sent <= call.returned).flatMap(columnsNamed));
  return names.size > mostColumns;
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

/** Customer, database and table. */
const keyOf = ({ account, request }: ModelCall): string =>
  [account?.name ?? "?", String(request["database"]), String(request["table"])].join("/");

const mayBeTaken = (call: ModelCall): boolean => call.status === 200 || isUnanswered(call);

const makes = "table.create";

/** Whether its customer made it here, once, and nothing else than chunks can have changed it. */
function isFollowed(key: string, calls: readonly ModelCall[]): boolean {
  const [account, database, table] = key.split("/");
  const about = calls.filter(
    (call) =>
      (call.account === null || call.account.name === account) &&
      call.request["database"] === database &&
      changesOf(call, String(table)).includes(table),
  );
  const [made, ...others] = about.filter(mayBeTaken);
  return made?.operation === makes && made.status === 200 && others.length === 0 && account !== "?";
}

/** The tables that a call may make, move, fill or alter, but by streaming. */
function changesOf({ operation, request }: ModelCall, table: string): unknown[] {
  switch (operation) {
    case "database.delete":
      return [table];
    case "job.issue": {
      const query = String(request["query"]);
      return query.includes(table) && !tablesIn(query).addsNone ? [table] : [];
    }
    case makes:
    case "table.delete":
    case "table.update_schema":
    case "table.partial_delete":
    case "worker.register_table":
    case "bulk_import.create":
      return [request["table"]];
    case "table.rename":
      return [request["table"], request["new_name"]];
    case "table.swap":
      return [request["first"], request["second"]];
    default:
      return [];
  }
}

function takenOf(streams: readonly ModelCall[]): Taken[] {
  const taken = new Map<unknown, Taken>();
  const sorted = streams.filter(mayBeTaken).toSorted((a, b) => a.sent - b.sent);
  for (const call of sorted) {
    const { content, unique_id: id } = call.request;
    const read = typeof content === "string" ? chunkIn(content).content : null;
    if (read === null) continue;
    const key = id ?? call;
    const acknowledged = call.status === 200 ? call.returned : Number.POSITIVE_INFINITY;
    const known = taken.get(key);
    if (known === undefined) taken.set(key, { content: read, sent: call.sent, acknowledged });
    else known.acknowledged = Math.min(known.acknowledged, acknowledged);
  }
  return [...taken.values()];
}

interface Look {
  call: ModelCall;
  row: Fields;
}

function looksAt(key: string, calls: readonly ModelCall[]): Look[] {
  const [account, database, table] = key.split("/");
  return calls
    .filter(
      ({ operation, status, request, account: whose }) =>
        status === 200 &&
        whose?.name === account &&
        request["database"] === database &&
        (operation === "table.list" || (operation === "table.show" && request["table"] === table)),
    )
    .flatMap((call) => {
      const { tables } = fieldsIn(call.reply);
      const rows = call.operation === "table.show" ? [call.reply] : Array.isArray(tables) ? tables : [];
      const row = rows.map(fieldsIn).find(({ name }) => name === table);
      return row === undefined ? [] : [{ call, row }];
    })
    .toSorted((a, b) => a.call.sent - b.call.sent);
}

interface Knowing extends Limits {
  isCalm: boolean;
}

function lookDepartures(looks: readonly Look[], chunks: readonly Taken[], knowing: Knowing): Departure[] {
  let least = 0;
  return looks.flatMap(({ call, row }, i) => {
    const count = Number(row["count"]);
    for (const before of looks.slice(0, i))
      if (before.call.returned < call.sent) least = Math.max(least, Number(before.row["count"]));
    return told(
      call,
      countProblem(count, least, call, chunks, knowing) ?? rowProblem(row, call, chunks, knowing),
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
  row: Fields,
  call: ModelCall,
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
  return schemaProblem(row, possible, isAll);
}

function schemaProblem(row: Fields, possible: readonly Taken[], isAll: boolean): string | null {
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
