import type { HistoryEvent } from "../history/event.ts";

/** What a schedule came to, without times, ids and order: the same on every rig, or one of the rigs is wrong. */
export const abstractOutcome = (events: readonly HistoryEvent[]): object[] =>
  events.flatMap((event) => {
    if (event.kind !== "final") return [];
    const { number, stored, leased, rows, delivered = null, registered, residue, unsent } = event;
    return [{ number, stored, leased, rows, delivered, registered, residue: residue.length, unsent }];
  });
