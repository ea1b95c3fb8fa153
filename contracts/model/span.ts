import { formatTimestamp, type Millis } from "../values.ts";

/** A moment that is known to lie between two others, both inclusive. */
export interface Span {
  from: Millis;
  to: Millis;
}

const known = new Map<string, Millis>();

/** A timestamp of the contract in milliseconds; NaN where it is none. Polls show the same few again and again. */
function read(text: string): Millis {
  const before = known.get(text);
  if (before !== undefined) return before;
  const at = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/.test(text)
    ? Date.parse(`${text.slice(0, 10)}T${text.slice(11, 19)}Z`)
    : Number.NaN;
  if (known.size >= 256) known.clear();
  known.set(text, at);
  return at;
}

/** Whether a shown time, in whole seconds, can be of a moment in the span. */
export function isTimeIn(text: unknown, { from, to }: Span, errorMs: Millis): boolean {
  if (typeof text !== "string") return false;
  const second = read(text);
  return second + 999 >= from - errorMs && second <= to + errorMs;
}

/** Whether a shown time comes before another one, by more than clocks can be wrong. */
export const isEarlier = (text: unknown, other: unknown, errorMs: Millis): boolean =>
  typeof text === "string" && typeof other === "string" && read(text) + errorMs < read(other);

/** Whole seconds between two shown times, as far as they tell: the smallest and the largest number. */
export function secondsBetween(start: string, end: string): Span {
  const seconds = (read(end) - read(start)) / 1000;
  return { from: Math.max(0, seconds - 1), to: Math.max(0, seconds) };
}

export const printSpan = ({ from, to }: Span): string => {
  const [first, last] = [formatTimestamp(from), formatTimestamp(to)];
  return first === last ? first : `${first} to ${last}`;
};
