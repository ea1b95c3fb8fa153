import type { CellFacts } from "../checks/check.ts";
import type { HistoryEvent } from "../history/event.ts";
import { exchangeInWords, seconds } from "../history/in-words.ts";
import { exchangesOf } from "./observe.ts";

/** The most lines of one story; what is left out is counted. */
const storyLines = 12;

/** Who saw what, in order: the exchanges that moved the job, then what was found in the end. */
export function tellStory(job: string | null, facts: CellFacts, events: readonly HistoryEvent[]): string[] {
  const told: string[] = [];
  for (const event of events) {
    if (event.kind !== "exchange" || !exchangesOf(job, [event]).length) continue;
    if (event.operation === "job.show" || event.operation === "job.list") continue;
    told.push(`${seconds(event.at)} ${event.link}  ${exchangeInWords(event)}`);
    for (const mismatch of event.mismatches) told.push(`         contract: ${mismatch}`);
  }
  const shown =
    told.length > storyLines
      ? [...told.slice(0, storyLines), `… ${told.length - storyLines} more in history.jsonl`]
      : told;
  return [...shown, ...foundLines(facts)];
}

function foundLines({ reads, stored, atDestination, deliveries, inWarehouse, refusal }: CellFacts): string[] {
  const lines = [
    `   found: the customer read ${reads.at(-1) ?? `nothing (${refusal ?? "no answer"})`}; the database holds ${stored ?? "no job"}`,
  ];
  if (atDestination !== null) {
    const calls = deliveries === null ? "" : ` in ${deliveries} deliveries`;
    lines.push(`   found: ${atDestination.length} rows at the destination${calls}`);
  }
  if (inWarehouse !== null) lines.push(`   found: ${inWarehouse.length} rows in the warehouse table`);
  return lines;
}
