import { type Fields, fieldsIn, keysOf, listIn, objectOf, own, same } from "../json.ts";

/** How a keyword of two schemas that both hold is written as one; null where it cannot be. */
type Merge = (a: unknown, b: unknown) => unknown;

const typesIn = (type: unknown): readonly unknown[] => (Array.isArray(type) ? type : [type]);

const common =
  (list: (value: unknown) => readonly unknown[]): Merge =>
  (a, b) =>
    list(a).filter((value) => list(b).some((other) => same(value, other)));
const closer =
  (pick: (...numbers: number[]) => number): Merge =>
  (a, b) =>
    typeof a === "number" && typeof b === "number" ? pick(a, b) : null;

const properties: Merge = (a, b) => {
  const [first, second] = [fieldsIn(a), fieldsIn(b)];
  return objectOf(
    keysOf(first, second).map((name) => {
      const all = [first, second].flatMap((fields) => (Object.hasOwn(fields, name) ? [fields[name]] : []));
      return [name, all.length === 1 ? all[0] : { allOf: all }] as const;
    }),
  );
};

const lower = closer(Math.max);
const upper = closer(Math.min);
/** Words: both are kept, so that a change of either shows. */
const words: Merge = (a, b) => [a, b];

const merges: Readonly<Record<string, Merge>> = {
  type: common(typesIn),
  enum: common(listIn),
  required: (a, b) => [...new Set([...listIn(a), ...listIn(b)])],
  properties,
  patternProperties: properties,
  minimum: lower,
  exclusiveMinimum: lower,
  minLength: lower,
  minItems: lower,
  minProperties: lower,
  maximum: upper,
  exclusiveMaximum: upper,
  maxLength: upper,
  maxItems: upper,
  maxProperties: upper,
  description: words,
  title: words,
  example: words,
  examples: words,
  $comment: words,
  allOf: (a, b) => [...listIn(a), ...listIn(b)],
};

/** The keywords of two schemas that both hold; null where one keyword would have to say two things. */
export function merged(a: Fields, b: Fields): Fields | null {
  const entries: [string, unknown][] = [];
  for (const keyword of keysOf(a, b)) {
    const [first, second] = [own(a, keyword), own(b, keyword)];
    if (first === undefined || second === undefined || same(first, second)) {
      entries.push([keyword, first ?? second]);
      continue;
    }
    const value = Object.hasOwn(merges, keyword) ? merges[keyword]?.(first, second) : null;
    if (value === null) return null;
    entries.push([keyword, value]);
  }
  return objectOf(entries);
}
