import type { Millis } from "../values.ts";

/** A moment that is known to lie between two others, both inclusive. */
export interface Span {
  from: Millis;
  to: Millis;
}

const lastRead = new Map<string, Millis>();

/** A timestamp of the contract in milliseconds; NaN where it is none. Polls show the same few again and again. */
function read(text: string): Millis {
  const known = lastRead.get(text);
  if (known !== undefined) return known;
  const at = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/.test(text)
    ? Date.parse(`${text.slice(0, 10)}T${text.slice(11, 19)}Z`)
    : Number.NaN;
  if (lastRead.size >= 256) lastRead.clear();
  lastRead.set(text, at);
  return at;
}

/** Whether a shown time, in whole seconds, can be of a moment in the span. */
export function isTimeIn(text: unknown, { from, to }: Span, errorMs: Millis): boolean {
  if (typeof text !== "string") return false;
  const second = read(text);
  return second + 999 >= from - errorMs && second <= to + errorMs;
}

/** Whole seconds between two shown times, as far as they tell: the smallest and the largest number. */
export function secondsBetween(start: string, end: string): Span {
  const seconds = (read(end) - read(start)) / 1000;
  return { from: Math.max(0, seconds - 1), to: Math.max(0, seconds) };
}

export const printSpan = ({ from, to }: Span): string => {
  const [first, last] = [from, to].map((at) => new Date(at).toISOString().slice(0, 19).replace("T", " "));
  return first === last ? `${first} UTC` : `${first} UTC to ${last} UTC`;
};
