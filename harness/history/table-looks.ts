import { field } from "../../contracts/step.ts";
import { columnsIn, type Millis } from "../../contracts/values.ts";
import { targetOf } from "../schedule/targets.ts";
import type { TimedExchange } from "./calls.ts";

/** A customer's look at the table of its job, as it was answered. */
export interface TableLook {
  /** Its place in the history. */
  seq: number;
  sent: Millis;
  /** When the customer had its answer. */
  at: Millis;
  count: number;
  /** Their names. */
  columns: readonly string[];
}

/** By the number of the job whose table it is, in the order in which they were begun. */
export function tableLooksIn(exchanges: readonly TimedExchange[]): ReadonlyMap<number, TableLook[]> {
  const looks = new Map<number, TableLook[]>();
  for (const exchange of exchanges.toSorted((a, b) => a.sent - b.sent)) {
    const { link, status, probe, seq, sent, at } = exchange;
    if (link !== "customer->api" || status !== 200 || probe !== undefined) continue;
    for (const row of tablesIn(exchange)) {
      const number = targetOf(field(row, "name"))?.number;
      if (number === undefined) continue;
      const columns = columnsIn(field(row, "schema")).map(([name]) => name);
      const look = { seq, sent, at, count: Number(field(row, "count")), columns };
      looks.set(number, [...(looks.get(number) ?? []), look]);
    }
  }
  return looks;
}

function tablesIn({ operation, reply }: TimedExchange): readonly unknown[] {
  if (operation === "table.show") return [reply];
  const tables = operation === "table.list" ? field(reply, "tables") : [];
  return Array.isArray(tables) ? tables : [];
}
