import { type Fields, listIn, same, show } from "../json.ts";
import type { ChangeId } from "../severity.ts";
import { here, type SchemaDifference } from "./difference.ts";
import { type Alternative, kindOf } from "./view.ts";

/** Where all alternatives of both have a type, one of several types is several alternatives: null is then one of them. */
export function comparable(
  before: readonly Alternative[],
  after: readonly Alternative[],
): [readonly Alternative[], readonly Alternative[]] {
  const isTyped = ({ keywords }: Alternative) => keywords["type"] !== undefined;
  if (![...before, ...after].every(isTyped)) return [before, after];
  return [gathered(before.flatMap(byType)), gathered(after.flatMap(byType))];
}

function byType({ keywords, name }: Alternative): Alternative[] {
  const { type } = keywords;
  const types = Array.isArray(type) ? (type as unknown[]) : [type];
  return types.flatMap((one) => {
    if (one === "null" && types.length > 1) return { keywords: { type: "null" }, name: null };
    const values = keywords["enum"];
    const ofType = one === "integer" ? "number" : one;
    const kept = Array.isArray(values)
      ? { enum: types.length === 1 ? values : values.filter((value) => kindOf(value) === ofType) }
      : {};
    return { keywords: { ...keywords, type: one, ...kept }, name };
  });
}

/** Alternatives that are lists of values of one type are one list; null is told once. */
function gathered(alternatives: readonly Alternative[]): readonly Alternative[] {
  const out: Alternative[] = [];
  for (const one of alternatives) {
    const i = out.findIndex(
      ({ keywords }) =>
        same(keywords, one.keywords) ||
        (isList(keywords) && isList(one.keywords) && same(keywords["type"], one.keywords["type"])),
    );
    const there = out[i];
    if (there === undefined) out.push(one);
    else if (isList(there.keywords)) {
      const values = [...listIn(there.keywords["enum"]), ...listIn(one.keywords["enum"])];
      out[i] = { ...there, keywords: { ...there.keywords, enum: values } };
    }
  }
  return out;
}

const isList = (keywords: Fields): boolean =>
  Array.isArray(keywords["enum"]) && Object.keys(keywords).every((key) => key === "enum" || key === "type");

/** An alternative that became none of the others' matters only where none of them allows what it does. */
export function unmatched(
  { keywords, name }: Alternative,
  others: readonly Alternative[],
  ofNull: ChangeId,
  id: ChangeId,
): SchemaDifference[] {
  if (others.some((other) => Object.keys(other.keywords).length === 0)) return [];
  const verb = id === "alternative-added" ? "is new" : "is gone";
  return keywords["type"] === "null"
    ? here(ofNull, `null ${verb}`)
    : here(id, `${name === null ? "" : `${name}: `}${show(keywords)} ${verb}`);
}
