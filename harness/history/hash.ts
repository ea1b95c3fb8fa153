import { sha256 } from "../secrets.ts";
import type { HistoryEvent } from "./event.ts";

/** SHA-256 of a history in its canonical form: JSON with sorted keys. The same for a history that was written and read again. */
export const historyHash = (events: readonly HistoryEvent[]): string => sha256(canonical(events));

/** JSON with sorted keys: equal values have equal texts. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => sorted(inner));

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
