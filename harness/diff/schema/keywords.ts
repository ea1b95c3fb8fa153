import { extensionChange } from "../extensions.ts";
import { fieldsIn, keysOf, listIn, own, same, show } from "../json.ts";
import type { ChangeId } from "../severity.ts";

/** What differs, at the place that is being compared. */
export interface Difference {
  id: ChangeId;
  told: string;
}

/** How two values of a keyword are compared that holds no schema; undefined where one side has none. */
type Comparer = (before: unknown, after: unknown, keyword: string) => readonly Difference[];

const told = (id: ChangeId, keyword: string, before: unknown, after: unknown): Difference[] => [
  { id, told: `${keyword}: ${show(before)} is now ${show(after)}` },
];

/** A number that no less, or no more, is allowed than; absent it bounds nothing. */
const bound =
  (isLower: boolean): Comparer =>
  (before, after, keyword) => {
    const limit = (value: unknown) => (typeof value === "number" ? value : isLower ? -Infinity : Infinity);
    const isTighter = isLower ? limit(after) > limit(before) : limit(after) < limit(before);
    return told(isTighter ? "bound-tightened" : "bound-loosened", keyword, before, after);
  };

const multiple: Comparer = (before, after, keyword) => {
  const isOf = (a: unknown, b: unknown) => typeof a === "number" && typeof b === "number" && a % b === 0;
  if (before === undefined || isOf(after, before)) return told("bound-tightened", keyword, before, after);
  if (after === undefined || isOf(before, after)) return told("bound-loosened", keyword, before, after);
  return told("pattern-changed", keyword, before, after);
};

const flag: Comparer = (before, after, keyword) =>
  (before ?? false) === (after ?? false)
    ? []
    : told(after === true ? "bound-tightened" : "bound-loosened", keyword, before, after);

const pattern: Comparer = (before, after, keyword) => {
  const id =
    before === undefined ? "pattern-added" : after === undefined ? "pattern-removed" : "pattern-changed";
  return told(id, keyword, before, after);
};

/** `number` has the integers among its values. */
const covers = (types: readonly unknown[], type: unknown): boolean =>
  types.includes(type) || (type === "integer" && types.includes("number"));

const types: Comparer = (before, after, keyword) => {
  if (before === undefined) return told("type-narrowed", keyword, before, after);
  if (after === undefined) return told("type-widened", keyword, before, after);
  const [old, now] = [before, after].map((type) => (Array.isArray(type) ? type : [type])) as [
    unknown[],
    unknown[],
  ];
  const gone = old.filter((type) => !covers(now, type));
  const come = now.filter((type) => !covers(old, type));
  if (gone.length + come.length === 0) return [];
  const onlyNull = (list: readonly unknown[]) => list.length === 1 && list[0] === "null";
  if (come.length === 0)
    return told(onlyNull(gone) ? "null-removed" : "type-narrowed", keyword, before, after);
  if (gone.length === 0) return told(onlyNull(come) ? "null-added" : "type-widened", keyword, before, after);
  return told("type-changed", keyword, before, after);
};

const values: Comparer = (before, after) => {
  if (before === undefined) return [{ id: "values-limited", told: `is now one of ${show(after)}` }];
  if (after === undefined) return [{ id: "values-freed", told: `was one of ${show(before)}` }];
  const [old, now] = [listIn(before), listIn(after)];
  const missing = (from: readonly unknown[], among: Set<string>) =>
    from.filter((value) => !among.has(keyOf(value)));
  const [known, kept] = [new Set(old.map(keyOf)), new Set(now.map(keyOf))];
  return [
    ...missing(old, kept).map((value) => ({ id: "value-removed" as const, told: `${show(value)} is gone` })),
    ...missing(now, known).map((value) => ({ id: "value-added" as const, told: `${show(value)} is new` })),
  ];
};

const keyOf = (value: unknown): string => `${typeof value} ${JSON.stringify(value)}`;

/** Names that must be there when another one is. */
const dependencies: Comparer = (before, after, keyword) => {
  const [old, now] = [fieldsIn(before), fieldsIn(after)];
  return keysOf(old, now).flatMap((name) => {
    const [was, is] = [listIn(own(old, name)), listIn(own(now, name))];
    const place = `${keyword} of ${name}`;
    const grown = is.some((one) => !was.includes(one));
    const shrunk = was.some((one) => !is.includes(one));
    return [
      ...(grown ? told("condition-added", place, was, is) : []),
      ...(shrunk ? told("condition-removed", place, was, is) : []),
    ];
  });
};

const always =
  (id: ChangeId): Comparer =>
  (before, after, keyword) =>
    told(id, keyword, before, after);

const note = always("note-changed");
const text = always("text-changed");

/** Every keyword that holds no schema and has a rule; any other one that differs is `keyword-changed`. */
const comparers: Readonly<Record<string, Comparer>> = {
  type: types,
  enum: values,
  minimum: bound(true),
  exclusiveMinimum: bound(true),
  minLength: bound(true),
  minItems: bound(true),
  minProperties: bound(true),
  minContains: bound(true),
  maximum: bound(false),
  exclusiveMaximum: bound(false),
  maxLength: bound(false),
  maxItems: bound(false),
  maxProperties: bound(false),
  maxContains: bound(false),
  multipleOf: multiple,
  uniqueItems: flag,
  pattern,
  format: pattern,
  contentEncoding: pattern,
  contentMediaType: pattern,
  dependentRequired: dependencies,
  default: always("default-changed"),
  description: text,
  summary: text,
  title: note,
  $comment: note,
  example: note,
  examples: note,
  deprecated: always("deprecated"),
};

/** What a keyword says otherwise than before. */
export function keywordDifferences(keyword: string, before: unknown, after: unknown): readonly Difference[] {
  if (same(before, after)) return [];
  const comparer = Object.hasOwn(comparers, keyword) ? comparers[keyword] : undefined;
  const other = extensionChange(keyword, before, after) ?? "keyword-changed";
  return (comparer ?? always(other))(before, after, keyword);
}
