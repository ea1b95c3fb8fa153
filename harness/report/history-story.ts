import type { ExchangeEvent, FinalEvent, HistoryEvent } from "../history/event.ts";
import { exchangeInWords, seconds } from "../history/in-words.ts";
import { field } from "../history/job-history.ts";

/** The most lines that are told before the end; what is left out is counted. */
const mostLines = 60;

/** One thing that happened, before it is known how often in a row. */
interface Told {
  at: number;
  what: string;
}

/**
 * The history of a schedule in words, a line each, in the order in which things began: who asked for what and what came
 * of it, what was broken, and what was found in the end. Claims that brought no job and looks that showed nothing new
 * are left out; what happens again and again is told once.
 */
export function historyStory(events: readonly HistoryEvent[]): string[] {
  const told = toldOf(events).sort((a, b) => a.at - b.at);
  const lines = repeatsTogether(told);
  const left = lines.length - mostLines;
  return [
    ...lines.slice(0, mostLines),
    ...(left > 0 ? [`… ${left} lines more`] : []),
    ...events.flatMap((event) => (event.kind === "final" ? [foundLine(event)] : [])),
  ];
}

function toldOf(events: readonly HistoryEvent[]): Told[] {
  const read = new Map<string | null, string>();
  return events.flatMap((event) => {
    switch (event.kind) {
      case "fault":
        return { at: event.at, what: `FAULT ${event.what}` };
      case "component":
        return { at: event.at, what: `${event.component} ${event.what} ${event.detail}`.trimEnd() };
      case "exchange": {
        if (event.operation === "worker.claim" && event.job === null) return [];
        const status = event.operation === "job.show" ? field(event.reply, "status") : undefined;
        if (event.status === 200 && typeof status === "string") {
          if (read.get(event.job) === status) return [];
          read.set(event.job, status);
        }
        const who = event.by ?? event.link;
        return { at: event.sent ?? event.at, what: `${who}  ${whatCame(event, status)}` };
      }
      default:
        return [];
    }
  });
}

/** With what the service did where its caller learned something else. */
function whatCame(event: ExchangeEvent, read: unknown): string {
  const words = exchangeInWords(event);
  const reads = event.status === 200 && typeof read === "string" ? ` reads ${read}` : "";
  const { served } = event;
  const inTruth = served === undefined || served === null ? "" : `, though the API had answered ${served}`;
  return `${words}${reads}${inTruth}`;
}

function repeatsTogether(told: readonly Told[]): string[] {
  const lines: string[] = [];
  for (let i = 0; i < told.length; ) {
    const { at, what } = told[i] as Told;
    let next = i + 1;
    while (told[next]?.what === what) next += 1;
    const last = told[next - 1] as Told;
    const times = next - i === 1 ? "" : ` (${next - i} times, until ${seconds(last.at).trimStart()})`;
    lines.push(`${seconds(at)} ${what}${times}`);
    i = next;
  }
  return lines;
}

function foundLine({ number, stored, rows, delivered, expected, registered, ...left }: FinalEvent): string {
  const effect =
    delivered != null
      ? `${delivered.length} rows at its destination`
      : rows !== null
        ? `${rows.length} rows in its table`
        : "no table of its own";
  const parts = [
    `the database holds ${stored ?? "no job"}`,
    `${effect}, ${expected.length} expected`,
    ...(registered ? ["the API knows the table"] : []),
    ...(left.leased ? ["it still has a lease"] : []),
    ...left.residue,
    ...(left.unsent > 0 ? [`${left.unsent} reports unsent`] : []),
  ];
  return `   found: job ${number}: ${parts.join("; ")}`;
}
