import type { ExchangeEvent } from "./event.ts";
import { field } from "./job-history.ts";

/** A moment of a run, aligned. */
export const seconds = (at: number): string => `${(at / 1000).toFixed(2).padStart(6)} s`;

/** An exchange in the few words that matter to a reader: what was asked, and what its caller was left with. */
export function exchangeInWords(exchange: ExchangeEvent): string {
  const { operation, status, request, reply, path, method } = exchange;
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
      const why = (field(request, "message") ?? null) === null ? "" : ` (${sent("message")})`;
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

const brief = (value: unknown): string => {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
};

const reasonIn = (reply: unknown): string => {
  const text = field(reply, "text");
  return typeof text === "string" ? brief(text) : "";
};
