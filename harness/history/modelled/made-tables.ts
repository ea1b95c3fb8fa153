import type { Cluster } from "../../../contracts/job.ts";
import { textField } from "../../../contracts/step.ts";
import type { HistoryEvent } from "../event.ts";

/** A table that a customer has asked for, and that the API may have made. */
export interface MadeTable {
  customer: Cluster;
  database: string;
  table: string;
}

/** All of them in a history, whether or not they were there before. */
export const madeTables = (events: readonly HistoryEvent[]): MadeTable[] =>
  events.flatMap((event) => {
    if (event.kind !== "exchange" || event.operation !== "table.create") return [];
    const { customer } = event;
    const [database, table] = [textField(event.request, "database"), textField(event.request, "table")];
    const isRefused = event.status !== null && event.status >= 400 && event.status < 500;
    if (isRefused || customer === undefined || database === undefined || table === undefined) return [];
    return [{ customer, database, table }];
  });
