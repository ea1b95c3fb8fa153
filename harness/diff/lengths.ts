import type { ChangeId } from "./severity.ts";

/** Null is a length without an end. */
const lengthIn = (value: unknown): number | null =>
  value === null ? Number.POSITIVE_INFINITY : typeof value === "number" ? value : null;

/** What a change of a lease, a time-out or a back-off is. */
export function lengthChange(before: unknown, after: unknown): ChangeId {
  const [old, now] = [lengthIn(before), lengthIn(after)];
  if (old === null || now === null) return "limit-changed";
  return now < old ? "limit-shortened" : "limit-lengthened";
}
