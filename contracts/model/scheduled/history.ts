import { isDeepStrictEqual } from "node:util";
import type { Millis } from "../../values.ts";
import { type Fields, fieldsIn, type ModelCall, show, wrong } from "../call.ts";
import { position, roomOf } from "../pages.ts";
import { dueTimes, isDue, type Settings, timeIn } from "./settings.ts";

/** What a history of a scheduled query says: which jobs it has, each at its time, each due time once and none left out. */

/** A job that was asked for. */
export interface Run {
  call: ModelCall;
  id: string;
  /** As it was told. */
  at: string;
}

export interface KnownOfHistory {
  settings: Settings | null;
  since: ModelCall | null;
  runs: readonly Run[];
  hasUnheard: boolean;
  isUnchanged: boolean;
}

/** The jobs of a history, each as a look at it shows it. */
export const rowsOf = ({ status, reply }: ModelCall): Fields[] => {
  const { history } = fieldsIn(reply);
  if (status !== 200 || !Array.isArray(history)) return [];
  return history.map((row) => {
    const { scheduled_at: _, ...job } = fieldsIn(row);
    return job;
  });
};

/** @param clockErrorMs by which the clock of the service may be wrong */
export function historyProblem(call: ModelCall, known: KnownOfHistory, clockErrorMs: Millis): string | null {
  const { history, count, from, to } = fieldsIn(call.reply);
  if (!Array.isArray(history)) return null;
  if (count !== history.length) return wrong("count", history.length, count);
  for (const [name, told] of Object.entries({ from, to }))
    if (told !== position(call.request[name])) return wrong(name, position(call.request[name]), told);
  const room = roomOf(call.request);
  if (room !== null && history.length > room)
    return `history: expected at most ${room}, got ${history.length}`;
  const rows = history.map(fieldsIn);
  return (
    orderProblem(rows) ??
    runsProblem(call, rows, known) ??
    dueProblem(call, rows, known, clockErrorMs) ??
    pageProblem(call, rows, known, clockErrorMs)
  );
}

function orderProblem(rows: readonly Fields[]): string | null {
  const told = rows.map(({ job_id }) => String(job_id));
  // What is no id is a departure from the form of the reply.
  if (!told.every((id) => /^\d+$/.test(id))) return null;
  const ids = told.map(BigInt);
  const isInOrder = ids.every((id, i) => i === 0 || id < (ids[i - 1] as bigint));
  return isInOrder ? null : `history: jobs are not newest first, each once: ${show(ids.map(String))}`;
}

/** Whether a page holds all that there is. */
const isWhole = ({ request }: ModelCall, rows: readonly Fields[]): boolean => {
  const room = roomOf(request);
  return Number(request["from"] ?? 0) === 0 && room !== null && rows.length < room;
};

function runsProblem(
  call: ModelCall,
  rows: readonly Fields[],
  { runs, since }: KnownOfHistory,
): string | null {
  if (since === null) return null;
  for (const run of runs) {
    const row = rows.find(({ job_id }) => job_id === run.id);
    if (row === undefined && run.call.returned < call.sent && isWhole(call, rows))
      return `history: job ${run.id} is left out`;
    if (row !== undefined && row["scheduled_at"] !== run.at)
      return wrong(`scheduled_at of job ${run.id}`, run.at, row["scheduled_at"]);
  }
  return null;
}

/** A page that is asked to be wider may be cut. */
const widestPage = 1000;

/**
 * Where no job has come by itself, all are known, and each has its place. Of a query whose creation was not answered nobody knows
 * since when it is there: an earlier try may have made it.
 */
function pageProblem(
  call: ModelCall,
  rows: readonly Fields[],
  { settings, since, runs, hasUnheard, isUnchanged }: KnownOfHistory,
  clockErrorMs: Millis,
): string | null {
  const room = roomOf(call.request);
  if (settings === null || since?.status !== 200 || hasUnheard || !isUnchanged) return null;
  if (room === null || room > widestPage || runs.some((run) => run.call.returned >= call.sent)) return null;
  const due = dueTimes(settings, since.sent - clockErrorMs, call.returned + clockErrorMs);
  if (due === null || due.length > 0) return null;
  const first = position(call.request["from"]) ?? 0;
  const ids = runs.map(({ id }) => BigInt(id)).sort((a, b) => (a < b ? 1 : -1));
  const expected = ids.slice(first, first + room).map(String);
  const told = rows.map(({ job_id }) => String(job_id));
  return isDeepStrictEqual(told, expected) ? null : wrong("jobs of the page", expected, told);
}

/** The jobs that nobody has asked for: their times are due ones, in order, without a gap. */
function dueProblem(
  call: ModelCall,
  rows: readonly Fields[],
  { settings, since, runs, hasUnheard, isUnchanged }: KnownOfHistory,
  clockErrorMs: Millis,
): string | null {
  if (settings === null || since === null || hasUnheard || !isUnchanged) return null;
  const asked = new Set(runs.map(({ id }) => id));
  const due = rows.filter(({ job_id }) => !asked.has(String(job_id))).toReversed();
  const times = due.map(({ scheduled_at }) => timeIn(scheduled_at));
  const other = times.findIndex((at) => !isDue(settings, at));
  if (other >= 0)
    return `history: job ${show(due[other]?.["job_id"])} is at no due time, and nobody has asked for it`;
  const early = times.findIndex((at) => at + Number(settings.delay) * 1000 > call.returned + clockErrorMs);
  if (early >= 0) return `history: job ${show(due[early]?.["job_id"])} came before its time`;
  const [first] = times;
  const last = times.at(-1);
  if (first === undefined || last === undefined) return null;
  const from = isWhole(call, rows) ? since.returned + clockErrorMs : first - 1;
  return gapProblem(times, dueTimes(settings, Math.min(from, first - 1), last));
}

function gapProblem(times: readonly Millis[], expected: readonly Millis[] | null): string | null {
  if (expected === null) return null;
  const i = expected.findIndex((at, place) => times[place] !== at);
  if (i < 0 && times.length === expected.length) return null;
  const told = (at: Millis | undefined) => (at === undefined ? "no more" : new Date(at).toISOString());
  const place = i < 0 ? expected.length : i;
  return `history: the due times are not each there once, in order: expected ${told(expected[place])}, got ${told(times[place])}`;
}
