import { isDeepStrictEqual } from "node:util";

/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value under a key of its own: a document may be about `constructor`. */
export const own = (of: unknown, key: string): unknown =>
  isFields(of) && Object.hasOwn(of, key) ? of[key] : undefined;

export const fieldsIn = (value: unknown): Fields => (isFields(value) ? value : {});
export const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The keys of both, those of the first in their order before those that only the second has. */
export const keysOf = (a: Fields, b: Fields): string[] => [
  ...new Set([...Object.keys(a), ...Object.keys(b)]),
];

/** Whether two JSON values are equal; the order of keys means nothing. */
export const same = (a: unknown, b: unknown): boolean => a === b || isDeepStrictEqual(a, b);

const longest = 80;

/** A value as a reader sees it. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}

/** An object from entries whose keys may be any. */
export const objectOf = (entries: Iterable<readonly [string, unknown]>): Fields =>
  Object.fromEntries(entries);
