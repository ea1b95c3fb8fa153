import type { Millis } from "../../contracts/values.ts";
import type { Schedule } from "../schedule/schedule.ts";
import type { HistoryEvent } from "./event.ts";

/**
 * By how much the API's clock may have been wrong at any moment: the sum of all its jumps that took hold. Only the API's
 * clock is one that others see: it counts the leases, and its times are what customers are shown.
 */
export const clockErrorOf = (events: readonly HistoryEvent[], { faults }: Pick<Schedule, "faults">): Millis =>
  events.reduce((sum, event) => {
    const fault = event.kind === "fault" ? faults[event.index]?.fault : undefined;
    return fault?.kind === "clock" && fault.process === "api" ? sum + Math.abs(fault.ms) : sum;
  }, 0);
