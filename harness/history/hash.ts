import { sha256 } from "../secrets.ts";
import type { HistoryEvent } from "./event.ts";

/** SHA-256 of a history in its canonical form: JSON with sorted keys. The same for a history that was written and read again. */
export const historyHash = (events: readonly HistoryEvent[]): string => sha256(canonical(events));

/** JSON with sorted keys: equal values have equal texts. */
export const canonical = (value: unknown): string => JSON.stringify(sorted(value));

/** What is in order is taken as it is: tables have rows by the hundred thousand. */
function sorted(given: unknown): unknown {
  const value = written(given);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(sorted);
    return items.every((item, i) => item === value[i]) ? value : items;
  }
  const entries = Object.entries(value).map(([name, inner]) => [name, sorted(inner)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** As JSON has it, where a value says that itself, as dates do. */
function written(value: unknown): unknown {
  const isOfItsOwn = typeof value === "object" && value !== null && "toJSON" in value;
  return isOfItsOwn && typeof value.toJSON === "function" ? value.toJSON() : value;
}
