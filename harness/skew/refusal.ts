import { statusOf } from "../../contracts/errors.ts";
import { field, textField } from "../../contracts/step.ts";
import { stepOf } from "../../contracts/steps.ts";
import type { HistoryEvent } from "../history/event.ts";

/**
 * What is wrong with how an API refused workers that it must not work with: each claim is refused as
 * `unsupported_protocol`, in words that name the worker, and no job gets into its hands or to an end. Empty where nothing is.
 *
 * @param events of a schedule whose workers are all to be refused
 */
export function refusalProblems(events: readonly HistoryEvent[]): string[] {
  const claims = events.flatMap((event) =>
    event.kind === "exchange" && stepOf(event.operation) === "grant" && event.status !== null ? [event] : [],
  );
  if (claims.length === 0) return ["no worker asked for work, so nothing was refused"];
  const asked = claims.flatMap(({ by, status, reply }) => {
    const text = textField(reply, "text") ?? "";
    const reason = textField(field(reply, "details"), "reason");
    if (status !== statusOf.unsupported_protocol || reason !== "unsupported_protocol")
      return [`a claim of ${by} was answered ${status} (${reason ?? "without a reason"})`];
    return text.includes(by) ? [] : [`the refusal does not name ${by}: ${text}`];
  });
  const ended = events.flatMap((event) =>
    event.kind === "final" && event.stored !== "queued" && event.stored !== null
      ? [`job ${event.number} is ${event.stored} although nobody may work on it`]
      : [],
  );
  return [...new Set([...asked, ...ended])];
}
