import type { CellFacts } from "../checks/check.ts";
import type { ExchangeEvent, HistoryEvent } from "../history/event.ts";
import { exchangesOf } from "./observe.ts";

/** The most lines of one story; what is left out is counted. */
const storyLines = 12;

/** Who saw what, in order: the exchanges that moved the job, then what was found in the end. */
export function tellStory(job: string | null, facts: CellFacts, events: readonly HistoryEvent[]): string[] {
  const told: string[] = [];
  for (const event of events) {
    if (event.kind !== "exchange" || !exchangesOf(job, [event]).length) continue;
    if (event.operation === "job.show" || event.operation === "job.list") continue;
    told.push(`${seconds(event.at)} ${event.link}  ${exchangeLine(event)}`);
    for (const mismatch of event.mismatches) told.push(`         contract: ${mismatch}`);
  }
  const shown =
    told.length > storyLines
      ? [...told.slice(0, storyLines), `… ${told.length - storyLines} more in history.jsonl`]
      : told;
  return [...shown, ...foundLines(facts)];
}

const seconds = (at: number): string => `${(at / 1000).toFixed(2).padStart(6)} s`;

function exchangeLine({ operation, status, request, reply, path, method }: ExchangeEvent): string {
  const answer =
    status === null ? "no reply" : status === 200 ? "" : `${status} ${reasonIn(reply)}`.trimEnd();
  return [operation ?? `${method} ${path}`, said(operation, request, reply), answer && `-> ${answer}`]
    .filter(Boolean)
    .join(" ");
}

/** The few words of an exchange that matter to a reader, by operation. */
function said(operation: ExchangeEvent["operation"], request: unknown, reply: unknown): string {
  const sent = (name: string) => brief(field(request, name));
  const got = (name: string) => brief(field(reply, name));
  switch (operation) {
    case "worker.claim": {
      const job = field(reply, "job");
      const output = ["result_url", "result_settings"].filter((key) => field(job, key) !== undefined);
      const named = output.map((key) => `${key} ${brief(field(job, key))}`);
      return `attempt ${brief(field(job, "attempt"))}, ${named.join(", ") || "no output named"}`;
    }
    case "worker.receipt":
      return `${sent("rows")} rows delivered`;
    case "worker.finish": {
      const why = field(request, "message") === null ? "" : ` (${sent("message")})`;
      return `attempt ${sent("attempt")} says ${sent("status")}${why}`;
    }
    case "job.issue":
      return field(request, "result") === undefined ? "without output" : `with ${sent("result")}`;
    case "job.kill":
      return `former status ${got("former_status")}`;
    default:
      return "";
  }
}

const field = (of: unknown, name: string): unknown =>
  typeof of === "object" && of !== null && name in of ? (of as Record<string, unknown>)[name] : undefined;

const brief = (value: unknown): string => {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
};

const reasonIn = (reply: unknown): string => {
  const text = field(reply, "text");
  return typeof text === "string" ? brief(text) : "";
};

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
