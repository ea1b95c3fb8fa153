import { isUnanswered, type ModelCall } from "../call.ts";
import { isAlone } from "./carry.ts";
import { databaseIn, isJobs, jobOf, type Known, keysOf, type Part, parts } from "./names.ts";

/** Which table has a name: its way back to whoever made it, by sure renames and swaps alone. */

export interface Origin {
  /** The call that made it; the name that it had at first, where it was there before. */
  of: ModelCall | string;
  /** All that it has been called, the newest first. */
  keys: readonly string[];
  /** What gave it the newest name; null where it had it before. */
  by: ModelCall | null;
}

/** A call that may have given names to other rows, and those names. */
interface Move {
  call: ModelCall;
  keys: readonly string[];
}

export const movesIn = (asked: readonly ModelCall[], { jobs }: Known): Move[] =>
  asked.filter(mayMove).map((call) => ({ call, keys: keysOf(call, jobs) }));

/**
 * Null where it is not sure which table it is, or there is none.
 * @param moves of all calls, in the order in which they were sent
 */
export function originOf(
  key: string,
  { sent, returned }: Pick<ModelCall, "sent" | "returned">,
  moves: readonly Move[],
  known: Known,
): Origin | null {
  const touching = moves
    .filter((move) => move.call.sent <= returned && isTouched(key, move))
    .map(({ call }) => call);
  const last = touching.at(-1);
  if (last === undefined) return { of: key, keys: [key], by: null };
  if (touching.some((call) => call.status !== 200 || call.returned >= sent)) return null;
  if (!isAlone(key, known, last)) return null;
  if (parts[last.operation] === "make") return { of: last, keys: [key], by: last };
  const from = movedFrom(key, last, known);
  if (from === null) return null;
  const earlier = moves.filter(({ call }) => call !== last);
  const before = originOf(from, last, earlier, known);
  return before && { ...before, keys: [key, ...before.keys], by: last };
}

/** The name that the table had before a move; null where that has left none under this one. */
function movedFrom(key: string, call: ModelCall, known: Known): string | null {
  const [from, to] = keysOf(call, known.jobs);
  if (from === undefined || to === undefined) return null;
  if (parts[call.operation] === "rename") return to === key ? from : null;
  return parts[call.operation] === "swap" ? (key === to ? from : to) : null;
}

export const hasOneTable = (job: string, asked: readonly ModelCall[]): boolean =>
  new Set(asked.filter((call) => isJobs(call) && jobOf(call) === job).map(({ request }) => request["table"]))
    .size === 1;

function mayMove(call: ModelCall): boolean {
  const part = parts[call.operation];
  return part !== undefined && moving.includes(part) && (call.status === 200 || isUnanswered(call));
}

const moving: readonly Part[] = ["make", "delete", "rename", "swap"];

/** Whether the call may have given the name to other rows. */
const isTouched = (key: string, { call, keys }: Move): boolean =>
  keys.includes(key) || (parts[call.operation] === "delete" && keys.includes(databaseIn(key) ?? ""));
