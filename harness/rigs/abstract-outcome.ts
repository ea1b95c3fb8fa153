import type { HistoryEvent } from "../history/event.ts";

/** What became of one job, as far as it is the same on every rig; plain data. */
export interface Outcome {
  /** From 1. */
  readonly number: number;
  readonly [what: string]: unknown;
}

/** What a schedule came to, without times, ids and order: the same on every rig, or one of the rigs is wrong. */
export const abstractOutcome = (events: readonly HistoryEvent[]): Outcome[] =>
  events.flatMap((event) => {
    if (event.kind !== "final") return [];
    const { number, stored, leased, table = null, destination = null, result = null } = event;
    const { registered, residue, unsent } = event;
    const left = { leased, residue: residue.length, unsent };
    return [{ number, stored, table, destination, result, registered, ...left }];
  });
