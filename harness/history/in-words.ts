import { field, type Step, type StepFacts } from "../../contracts/step.ts";
import { factsOf, stepOf } from "../../contracts/steps.ts";
import { servedStatus } from "./calls.ts";
import type { ExchangeEvent } from "./event.ts";

/** A moment of a run, aligned. */
export const seconds = (at: number): string => `${(at / 1000).toFixed(2).padStart(6)} s`;

/** An exchange in the few words that matter to a reader: what was asked, and what its caller was left with. */
export function exchangeInWords(exchange: ExchangeEvent): string {
  const { operation, status, request, reply, path, method } = exchange;
  const answer =
    status === null ? "no reply" : status === 200 ? "" : `${status} ${reasonIn(reply)}`.trimEnd();
  const facts = factsOf(operation, { request, status: servedStatus(exchange), reply });
  return [operation ?? `${method} ${path}`, said(stepOf(operation), facts), answer && `-> ${answer}`]
    .filter(Boolean)
    .join(" ");
}

/** What a call says of its job, by its step. */
function said(step: Step | undefined, facts: StepFacts): string {
  switch (step) {
    case "issue": {
      const [destination] = Object.values(facts.output ?? {}).filter(
        (value) => value !== null && value !== "",
      );
      return destination === undefined ? "without output" : `with ${brief(destination)}`;
    }
    case "grant": {
      if (facts.attempt === undefined) return "without a job";
      const named = Object.entries(facts.output ?? {}).map(([name, value]) => `${name} ${brief(value)}`);
      return `attempt ${facts.attempt}, ${named.join(", ") || "no output named"}`;
    }
    case "receipt":
      return `${brief(facts.rows)} rows delivered`;
    case "report": {
      const why = facts.message === undefined ? "" : ` (${brief(facts.message)})`;
      return `attempt ${brief(facts.attempt)} says ${brief(facts.state)}${why}`;
    }
    case "cancel":
      return `former status ${brief(facts.former)}`;
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

/** The state that a customer's look showed it. */
export function stateRead({ operation, status, request, reply }: ExchangeEvent): string | undefined {
  if (stepOf(operation) !== "look" || status !== 200) return undefined;
  return factsOf(operation, { request, status, reply }).state;
}
