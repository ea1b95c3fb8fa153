import { isDeepStrictEqual } from "node:util";
import { stepOf } from "../../contracts/steps.ts";
import type { Landed } from "../destinations/destination.ts";
import { departuresOf } from "./departures.ts";
import type { ExchangeEvent, HistoryEvent } from "./event.ts";
import { workInWords } from "./holds.ts";
import { exchangeInWords, seconds, stateRead } from "./in-words.ts";
import { type JobHistory, jobHistories, lastRead } from "./job-history.ts";

/** The most lines that are told before the end; what is left out is counted. */
const mostLines = 60;
/** The most jobs of which the end is told. */
const mostEnds = 20;

/** One thing that happened, before it is known how often in a row. */
interface Told {
  at: number;
  what: string;
  /** Departures from the contract. */
  departures: readonly string[];
}

/**
 * A history in words, a line each, in the order in which things began: who asked for what and what came of it, what was
 * broken, and what was found in the end. Claims that brought no job and looks that showed nothing new are left out; what
 * happens again and again is told once.
 */
export function historyStory(events: readonly HistoryEvent[], lines = mostLines): string[] {
  const histories = jobHistories(events);
  const more = histories.length - mostEnds;
  return [
    ...shortened(linesOf(toldOf(events)), lines),
    ...histories.slice(0, mostEnds).flatMap((history) => foundLines(history, `job ${history.number}: `)),
    ...(more > 0 ? [`… ${more} jobs more`] : []),
  ];
}

/** The same of one job alone: the exchanges about it, what was broken meanwhile, and who had it or kept it waiting. */
export const jobStory = (events: readonly HistoryEvent[], number: number, lines = mostLines): string[] =>
  jobStories(events)(number, lines);

/** The stories of several jobs of one history, by number. */
export function jobStories(events: readonly HistoryEvent[]): (number: number, lines?: number) => string[] {
  const histories = new Map(jobHistories(events).map((history) => [history.number, history]));
  const others = events.filter(({ kind }) => kind !== "exchange");
  return (number, lines = mostLines) => {
    const history = histories.get(number);
    if (history === undefined) return [];
    const { calls } = history;
    const from = Math.min(...calls.map(({ sent }) => sent));
    const to = Math.max(...calls.map(({ at }) => at));
    const meanwhile = others.filter(({ at }) => at >= from && at <= to);
    return [
      ...shortened(linesOf(toldOf([...meanwhile, ...calls.map(({ exchange }) => exchange)])), lines),
      ...(history.id === null ? [] : [`   found: ${workInWords(history, [...histories.values()])}`]),
      ...foundLines(history),
    ];
  };
}

const shortened = (lines: readonly string[], most: number): string[] =>
  lines.length <= most ? [...lines] : [...lines.slice(0, most), `… ${lines.length - most} lines more`];

function toldOf(events: readonly HistoryEvent[]): Told[] {
  const read = new Map<string | null, string>();
  const told = events.flatMap((event): Told | [] => {
    switch (event.kind) {
      case "fault":
        return { at: event.at, what: `FAULT ${event.what}`, departures: [] };
      case "component": {
        const what = `${event.component} ${event.what} ${event.detail}`.trimEnd();
        return { at: event.at, what, departures: [] };
      }
      case "exchange": {
        const departures = departuresOf(event);
        if (isNoNews(event, read) && departures.length === 0) return [];
        return { at: event.sent, what: `${event.by}  ${whatCame(event)}`, departures };
      }
      default:
        return [];
    }
  });
  return told.sort((a, b) => a.at - b.at);
}

/** Notes what its customer reads of a job. */
function isNoNews(event: ExchangeEvent, read: Map<string | null, string>): boolean {
  const step = stepOf(event.operation);
  if (step === "grant" && event.job === null) return true;
  if (event.status !== 200) return false;
  if (step === "list") return true;
  const state = stateRead(event);
  if (state === undefined) return false;
  const known = read.get(event.job) === state;
  read.set(event.job, state);
  return known;
}

/** With what the service did where its caller learned something else. */
function whatCame(event: ExchangeEvent): string {
  const words = exchangeInWords(event);
  const state = stateRead(event);
  const reads = state === undefined ? "" : ` reads ${state}`;
  const { served } = event;
  const inTruth = served === undefined || served === null ? "" : `, though the API had answered ${served}`;
  return `${words}${reads}${inTruth}`;
}

function linesOf(told: readonly Told[]): string[] {
  const lines: string[] = [];
  for (let i = 0; i < told.length; ) {
    const { at, what, departures } = told[i] as Told;
    let next = i + 1;
    while (told[next]?.what === what && isDeepStrictEqual(told[next]?.departures, departures)) next += 1;
    const last = told[next - 1] as Told;
    const times = next - i === 1 ? "" : ` (${next - i} times, until ${seconds(last.at).trimStart()})`;
    lines.push(`${seconds(at)} ${what}${times}`, ...departures.map((text) => `         contract: ${text}`));
    i = next;
  }
  return lines;
}

/** What the oracle found of one job. */
function foundLines(history: JobHistory, which = ""): string[] {
  const { final } = history;
  const { stored, registered, leased, residue, unsent, destination, table, result } = final;
  const state = [
    `the customer read ${lastRead(history) ?? "nothing"}`,
    `the database holds ${stored ?? "no job"}`,
    ...(registered ? ["the API knows the table"] : []),
    ...(leased ? ["it still has a lease"] : []),
    ...residue,
    ...(unsent > 0 ? [`${unsent} reports unsent`] : []),
  ];
  const effects = [
    ...(destination === undefined ? [] : [destinationInWords(destination)]),
    ...(table === undefined
      ? []
      : [table === null ? "no table of its own" : `${table.length} rows in its table`]),
    ...(result === undefined
      ? []
      : [result === null ? "no result to be read" : `${result.length} rows in its result`]),
  ];
  return [state, effects]
    .filter((parts) => parts.length > 0)
    .map((parts) => `   found: ${which}${parts.join("; ")}`);
}

function destinationInWords({ rows, deliveries }: Landed): string {
  const times =
    deliveries === null ? "" : ` in ${deliveries} ${deliveries === 1 ? "delivery" : "deliveries"}`;
  return `${rows.length} rows at the destination${times}`;
}
