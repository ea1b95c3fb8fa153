import { isDeepStrictEqual } from "node:util";
import type { Millis } from "../../values.ts";
import { type Fields, type ModelCall, otherThan, parsed, show, wrong } from "../call.ts";
import { changesWithRows } from "../free.ts";
import { isEarlier, isTimeIn, printSpan, type Span } from "../span.ts";

/** What databases and tables are shown as beside their names: when they were made, and what stays as it was shown. */

export interface CatalogLook {
  call: ModelCall;
  /** The database or table in its reply. */
  row: Fields;
  /** Nothing that was answered before has changed it since. */
  at: Millis;
  /** The call that has moved it since. */
  by?: ModelCall;
}

/** What is known of it besides who made it. */
interface Seen {
  /** The last look at it. */
  before: CatalogLook | undefined;
  /** It may have been made under another name, at any time. */
  isMoved: boolean;
  /** When it was surely changed last; -Infinity where that is not known. */
  changedAt: Millis;
  errorMs: Millis;
}

/** What changes with rows, or is judged by itself. */
const changing: ReadonlySet<string> = new Set([...changesWithRows, "name", "updated_at", "schema"]);

/**
 * Why it cannot be shown so; null where it can.
 * @param makers calls that made it, or may have
 */
export function rowProblem(
  { call, row }: CatalogLook,
  makers: readonly ModelCall[],
  { before, isMoved, changedAt, errorMs }: Seen,
): string | null {
  const made = makers.filter(({ sent }) => sent <= call.returned);
  const span = spanOf(isMoved ? [] : made, call.returned);
  const mayBeAnother =
    before === undefined || made.some((maker) => maker !== before.by && maker.returned >= before.at);
  return (
    (mayBeAnother
      ? null
      : (otherThan(lasting(before.row), row) ?? wentBack(before, { call, row }, errorMs))) ??
    timeProblem("created_at", row, span, errorMs) ??
    timeProblem("updated_at", row, { from: Math.max(span.from, changedAt), to: call.returned }, errorMs)
  );
}

const isRegistration = ({ operation }: ModelCall): boolean => operation === "worker.register_table";

/** When it was made: what a customer makes was not there before, and a job's table is made by one of its registrations. */
function spanOf(made: readonly ModelCall[], now: Millis): Span {
  // Whoever was not heard to have made it may have found it there.
  const isKnown = made.length > 0 && made.every((maker) => isRegistration(maker) || maker.status === 200);
  if (!isKnown) return { from: Number.NEGATIVE_INFINITY, to: now };
  const last = Math.max(...made.map(({ returned }) => returned));
  return { from: Math.min(...made.map(({ sent }) => sent)), to: Math.min(now, last) };
}

function timeProblem(name: string, row: Fields, span: Span, errorMs: Millis): string | null {
  const text = row[name];
  // What has not the form of a database or table is told by the schema.
  if (text === undefined || isTimeIn(text, span, errorMs)) return null;
  const { from, to } = span;
  const expected = Number.isFinite(from) ? printSpan(span) : `at most ${printSpan({ from: to, to })}`;
  return `${name}: expected ${expected}, got ${show(text)}`;
}

const lasting = (row: Fields): Fields =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !changing.has(name)));

/** Of two looks that overlap either may be the later one. */
function wentBack(
  before: Pick<CatalogLook, "call" | "row">,
  now: Pick<CatalogLook, "call" | "row">,
  errorMs: Millis,
): string | null {
  if (before.call.returned >= now.call.sent) return null;
  const [was, is] = [before.row["updated_at"], now.row["updated_at"]];
  return isEarlier(is, was, errorMs) ? `updated_at: expected at least ${show(was)}, got ${show(is)}` : null;
}

/** The columns of a job's table are those of the latest registration; of several that overlap, any. */
export function columnsProblem(
  { call, row }: CatalogLook,
  makers: readonly ModelCall[],
  keeper: ModelCall | undefined,
): string | null {
  if (keeper === undefined || !isRegistration(keeper)) return null;
  const isReplaced = (one: ModelCall) =>
    makers.some(
      ({ status, sent, returned }) => status === 200 && sent > one.returned && returned < call.sent,
    );
  const possible = makers.filter((one) => one.sent <= call.returned && !isReplaced(one));
  const text = row["schema"];
  // What has not the form of a table is told by the schema.
  if (text === undefined) return null;
  const shown = typeof text === "string" ? parsed(text) : text;
  return possible.some(({ request }) => isDeepStrictEqual(request["columns"], shown))
    ? null
    : wrong("schema", keeper.request["columns"], shown);
}
