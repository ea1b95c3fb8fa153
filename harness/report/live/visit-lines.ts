import { stepOf } from "../../../contracts/steps.ts";
import type { HistoryEvent } from "../../history/event.ts";
import { exchangeInWords, stateRead } from "../../history/in-words.ts";

/** Tells what visitors do, a line for each call that is over; null where it is no news. */
export function visitLines(): (event: HistoryEvent, isOver: boolean) => string | null {
  let last = "";
  return (event, isOver) => {
    if (event.kind !== "exchange" || !isOver) return null;
    const step = stepOf(event.operation);
    if (step === "extend" || (step === "grant" && event.job === null && event.status === 200)) return null;
    const job = event.job === null ? "" : ` (job ${event.job})`;
    const state = stateRead(event);
    const line = `${event.by}  ${exchangeInWords(event)}${job}${state === undefined ? "" : ` reads ${state}`}`;
    if (line === last) return null;
    last = line;
    return line;
  };
}
