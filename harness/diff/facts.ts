import { extensionChange } from "./extensions.ts";
import { type Fields, fieldsIn, isFields, keysOf, listIn, own, same, show } from "./json.ts";
import { type Rule, ruleAt } from "./places.ts";
import type { CompareSchemas } from "./schema/difference.ts";
import { withMoved } from "./schema/moved.ts";
import type { ChangeId, Position } from "./severity.ts";

/** A change at a place of a contract: which field of the schema there, in which position. */
export interface PlacedChange {
  id: ChangeId;
  place: readonly string[];
  /** Below a schema; empty where the change is of the place itself. */
  field: readonly string[];
  position: Position;
  told: string;
}

/** What differs below a place, by the rules of places. */
export function compareFacts(
  before: unknown,
  after: unknown,
  place: readonly string[],
  compare: CompareSchemas,
): PlacedChange[] {
  if (before === undefined && after === undefined) return [];
  const found = ruleAt(place);
  if (found === undefined || (found.ofLeaves && haveParts(before, after)))
    return walked(before, after, place, compare);
  const { rule } = found;
  if ("schema" in rule) return schemaChanges(before, after, place, rule, compare);
  if ("set" in rule) return setChanges(before, after, place, rule.set);
  if ("fact" in rule)
    return same(before, after) ? [] : [change(idOf(rule.fact, before, after), place, before, after)];
  const { come, gone, other } = rule.entry;
  if (before === undefined) return [change(idOf(come, after), place, before, after)];
  if (after === undefined) return [change(idOf(gone, before), place, before, after)];
  return walked(before, after, place, compare, other ?? idOf(gone, before));
}

/** An object without fields that comes or goes is a leaf: nothing below it could tell of it. */
const haveParts = (before: unknown, after: unknown): boolean =>
  isFields(before ?? after) &&
  isFields(after ?? before) &&
  keysOf(fieldsIn(before), fieldsIn(after)).length > 0;

const idOf = <Values extends unknown[]>(
  id: ChangeId | ((...values: Values) => ChangeId),
  ...values: Values
): ChangeId => (typeof id === "function" ? id(...values) : id);

const change = (id: ChangeId, place: readonly string[], before: unknown, after: unknown): PlacedChange => ({
  id,
  place,
  field: [],
  position: "reply",
  told: inWords(before, after),
});

const mostTold = 3;

/** How one value became another, for a reader. */
export function inWords(before: unknown, after: unknown): string {
  if (before === undefined) return `is new: ${show(after)}`;
  if (after === undefined) return `is gone: ${show(before)}`;
  if (!isFields(before) || !isFields(after)) return `${show(before)} is now ${show(after)}`;
  const differing = keysOf(before, after).filter((key) => !same(own(before, key), own(after, key)));
  const told = differing
    .slice(0, mostTold)
    .map((key) => `${key} ${inWords(own(before, key), own(after, key))}`);
  return [...told, ...(differing.length > mostTold ? [`${differing.length - mostTold} more`] : [])].join(
    "; ",
  );
}

/** @param whole what it is that something which is no object is another */
function walked(
  before: unknown,
  after: unknown,
  place: readonly string[],
  compare: CompareSchemas,
  whole: ChangeId = "other-changed",
): PlacedChange[] {
  const isWalked = (value: unknown) => value === undefined || isFields(value);
  if (isWalked(before) && isWalked(after)) {
    const [old, now] = [before ?? {}, after ?? {}] as [Fields, Fields];
    return keysOf(old, now).flatMap((key) =>
      compareFacts(own(old, key), own(now, key), [...place, key], compare),
    );
  }
  if (same(before, after)) return [];
  const extension = place.findLast((step) => /^x-/i.test(step));
  const id = extension === undefined ? null : extensionChange(extension, before, after);
  return [change(id ?? whole, place, before, after)];
}

function schemaChanges(
  before: unknown,
  after: unknown,
  place: readonly string[],
  { schema: position, come, gone }: Extract<Rule, { schema: Position }>,
  compare: CompareSchemas,
): PlacedChange[] {
  if (before === undefined && come !== undefined) return [change(come, place, before, after)];
  if (after === undefined && gone !== undefined) return [change(gone, place, before, after)];
  return withMoved(compare(before ?? true, after ?? true)).map(({ id, at, told }) => ({
    id,
    place,
    field: at,
    position,
    told,
  }));
}

function setChanges(
  before: unknown,
  after: unknown,
  place: readonly string[],
  { come, gone }: { come: ChangeId; gone: ChangeId },
): PlacedChange[] {
  const [old, now] = [listIn(before), listIn(after)];
  const lacking = (from: readonly unknown[], among: readonly unknown[]) =>
    from.filter((value) => !among.some((other) => same(value, other)));
  return [
    ...lacking(old, now).map((value) => change(gone, place, value, undefined)),
    ...lacking(now, old).map((value) => change(come, place, undefined, value)),
  ];
}
