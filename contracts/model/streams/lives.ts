import type { WrittenColumn } from "../../operations/catalog.ts";
import { columnsAsked } from "../../operations/catalog.ts";
import { settingsAsked } from "../../operations/table-settings.ts";
import type { Millis } from "../../values.ts";
import { type Fields, fieldsIn, isUnanswered, type ModelCall } from "../call.ts";
import { tablesIn } from "../catalog/statement-tables.ts";
import { chunkIn, type ReadChunk } from "./chunk.ts";
import { outputIn } from "./outputs.ts";

/**
 * Tables that are followed: from the call by which its customer makes one, through renames, swaps and said columns, for as
 * long as nothing but chunks can have filled it and it is sure which of its names it has.
 */

/** A chunk that may have been taken, by all calls that sent it. */
export interface Taken {
  content: NonNullable<ReadChunk["content"]>;
  /** When it was first sent. */
  sent: Millis;
  /** When it was first answered 200; infinity where it was not. */
  acknowledged: Millis;
}

/** What was shown of a table, and what its customer had said of its columns by then, and when. */
export interface Look {
  call: ModelCall;
  row: Fields;
  said: Said | null;
}

export interface Said {
  columns: readonly WrittenColumn[];
  at: Millis;
}

export interface Life {
  chunks: readonly Taken[];
  looks: readonly Look[];
  stays: readonly Stay[];
  /** There was another one of its name before, which had surely gone: rows that stood there then are not its own. */
  isAnew: boolean;
}

export const isStream = ({ operation }: ModelCall): boolean =>
  operation === "table.import" || operation === "table.import_with_id";

/** A call that may make, move, fill or alter tables, but by streaming: by name, in a query, or all of a database. */
interface Change {
  call: ModelCall;
  touched: readonly (string | { query: string })[] | "all";
}

/** A table under one of its names: nothing else was asked of that name between these moments. */
export interface Stay {
  key: string;
  /** What gave it the name. */
  begin: ModelCall;
  from: Millis;
  /** When the next call was sent that may touch the name, and when that one was over. */
  to: Millis;
  until: Millis;
  said: Said | null;
}

export function livesIn(calls: readonly ModelCall[]): Life[] {
  const changes = calls.flatMap((call): Change[] => {
    const touched = mayBeTaken(call) ? touchedBy(call) : null;
    return touched === null ? [] : [{ call, touched }];
  });
  changes.sort((a, b) => a.call.sent - b.call.sent);
  const streams = calls.filter((call) => isStream(call) && mayBeTaken(call));
  streams.sort((a, b) => a.sent - b.sent);
  const shows = calls.filter(isLook);
  const made = changes.filter(
    ({ call: { operation, status, account } }) => operation === makes && status === 200 && account !== null,
  );
  return made.map(({ call }): Life => {
    const stays = staysOf(call, changes);
    return {
      chunks: takenOf(stays, streams, changes),
      looks: stays.flatMap((stay) => looksAt(stay, shows)),
      stays,
      isAnew: isAnew(call, changes),
    };
  });
}

function isAnew(made: ModelCall, changes: readonly Change[]): boolean {
  const key = keyIn(made.account?.name ?? "", made.request, made.request["table"]);
  return changes.some(
    (change) => change.call.returned < made.sent && mayTouch(change, key) && isTaking(change.call, key),
  );
}

/** Whether it surely leaves nothing under the name. */
function isTaking({ operation, status, account, request }: ModelCall, key: string): boolean {
  if (status !== 200 || account === null) return false;
  if (operation === "database.delete" || operation === "table.delete") return true;
  return operation === "table.rename" && keyIn(account.name, request, request["table"]) === key;
}

const mayBeTaken = (call: ModelCall): boolean => call.status === 200 || isUnanswered(call);

const makes = "table.create";
const never = Number.POSITIVE_INFINITY;

/** Customer, database and table. */
const keyIn = (account: string, { database }: Fields, table: unknown): string =>
  [account, String(database), String(table)].join("/");

function staysOf(made: ModelCall, changes: readonly Change[]): Stay[] {
  const account = made.account?.name ?? "";
  const stays: Stay[] = [];
  let begin = made;
  let key: string | null = keyIn(account, made.request, made.request["table"]);
  let said: Said | null = null;
  while (key !== null && isAlone(begin, key, changes)) {
    const [from, at]: [Millis, string] = [begin.returned, key];
    const next = changes.find((change) => change.call.sent >= from && mayTouch(change, at))?.call;
    const { sent: to = never, returned: until = never } = next ?? {};
    stays.push({ key, begin, from, to, until, said });
    if (next === undefined) break;
    key = movedBy(next, account, key);
    if (next.operation === "table.update_schema") said = saidBy(next);
    begin = next;
  }
  return stays;
}

/**
 * Whether nothing else can have happened to the name meanwhile, or can happen to it at any later time. A job may deliver
 * long after it was ordered.
 */
const isAlone = (begin: ModelCall, key: string, changes: readonly Change[]): boolean =>
  changes.every(
    (change) =>
      change.call === begin ||
      change.call.sent >= begin.returned ||
      (!isUnanswered(change.call) && change.call.returned <= begin.sent && !mayFill(change, key)) ||
      !mayTouch(change, key),
  );

/** The name that the table surely has after a call; null where nothing more is known of it. */
function movedBy({ operation, status, request }: ModelCall, account: string, key: string): string | null {
  if (status !== 200) return null;
  const at = (table: unknown) => keyIn(account, request, table);
  const { table, new_name, first, second } = request;
  if (operation === "table.update_schema") return columnsAsked(request["schema"]) === null ? null : key;
  if (operation === "table.rename") return at(table) === key ? at(new_name) : null;
  if (operation === "table.swap") return at(first) === key ? at(second) : at(first);
  return null;
}

const saidBy = ({ request, returned }: ModelCall): Said => ({
  columns: (columnsAsked(request["schema"]) ?? []) as readonly WrittenColumn[],
  at: returned,
});

/** Whether it orders a result into the table. Whose API key stands in the destination nobody can tell. */
function mayFill({ call }: Change, key: string): boolean {
  const output = outputIn(call);
  return output !== null && key.endsWith(`/${output.database}/${output.table}`);
}

function mayTouch(change: Change, key: string): boolean {
  if (mayFill(change, key)) return true;
  const { call, touched } = change;
  const [account, database, ...table] = key.split("/");
  if (call.account !== null && call.account.name !== account) return false;
  if (call.request["database"] !== database) return false;
  return touched === "all" || touched.some((one) => isOf(one, table.join("/")));
}

const isOf = (touched: string | { query: string }, table: string): boolean =>
  typeof touched === "string" ? touched === table : touched.query.includes(table);

/** Null for a call that changes no table. */
function touchedBy(call: ModelCall): Change["touched"] | null {
  const { operation, request } = call;
  switch (operation) {
    case "database.delete":
      return "all";
    case "job.issue": {
      const query = String(request["query"]);
      if (!tablesIn(query).addsNone) return [{ query }];
      return outputIn(call) === null ? null : [];
    }
    case "job.result_export":
      return outputIn(call) === null ? null : [];
    case makes:
    case "table.delete":
    case "table.update_schema":
    case "table.partial_delete":
    case "connector.issue":
    case "worker.register_table":
    case "bulk_import.create":
      return [String(request["table"])];
    case "table.update":
      // From then on a service may take rows away.
      return (settingsAsked(request).expire_days ?? null) === null ? null : [String(request["table"])];
    case "table.rename":
      return [String(request["table"]), String(request["new_name"])];
    case "table.swap":
      return [String(request["first"]), String(request["second"])];
    default:
      return null;
  }
}

/**
 * One whose answer came when the table was already elsewhere is sure to be in it where no other table can have had the name by
 * then; else no more than one without an answer.
 */
function takenOf(stays: readonly Stay[], streams: readonly ModelCall[], changes: readonly Change[]): Taken[] {
  const taken = new Map<unknown, Taken>();
  for (const call of streams) {
    const stay = stays.find((one) => mayGoTo(call, one));
    if (stay === undefined) continue;
    const { content, unique_id: id } = call.request;
    const read = typeof content === "string" ? chunkIn(content).content : null;
    if (read === null) continue;
    const key = id ?? call;
    const isSure =
      call.status === 200 &&
      call.sent >= stay.from &&
      (call.returned <= stay.to || isLeftEmpty(stay, call, changes));
    const acknowledged = isSure ? call.returned : never;
    const known = taken.get(key);
    if (known === undefined) taken.set(key, { content: read, sent: call.sent, acknowledged });
    else known.acknowledged = Math.min(known.acknowledged, acknowledged);
  }
  return [...taken.values()];
}

/** Whether the table was renamed meanwhile, and nothing else was asked of the name that it had. */
function isLeftEmpty({ key, to }: Stay, { returned }: ModelCall, changes: readonly Change[]): boolean {
  const meanwhile = changes.filter(
    (change) => change.call.sent >= to && change.call.sent <= returned && mayTouch(change, key),
  );
  const [only, ...others] = meanwhile.map((change) => change.call);
  return others.length === 0 && only?.operation === "table.rename" && isTaking(only, key);
}

function mayGoTo(call: ModelCall, { key, from, until }: Stay): boolean {
  const { account, request, sent, returned } = call;
  if (keyIn(account?.name ?? "?", request, request["table"]) !== key || sent > until) return false;
  return isUnanswered(call) || returned >= from;
}

const isLook = ({ operation, status }: ModelCall): boolean =>
  status === 200 && (operation === "table.list" || operation === "table.show");

function looksAt({ key, from, to, said }: Stay, looks: readonly ModelCall[]): Look[] {
  return looks
    .filter(({ sent, returned }) => sent >= from && returned <= to)
    .flatMap((call) => {
      const { tables } = fieldsIn(call.reply);
      const rows = call.operation === "table.show" ? [call.reply] : Array.isArray(tables) ? tables : [];
      const row = rows.map(fieldsIn).find(({ name }) => isNamed(call, name, key));
      return row === undefined ? [] : [{ call, row, said }];
    })
    .toSorted((a, b) => a.call.sent - b.call.sent);
}

const isNamed = ({ account, request }: ModelCall, name: unknown, key: string): boolean =>
  account !== null && keyIn(account.name, request, name) === key;
