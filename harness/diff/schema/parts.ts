import { type Fields, fieldsIn, keysOf, listIn, own, same, show } from "../json.ts";
import { comparable, unmatched } from "./alternatives.ts";
import { type CompareSchemas, here, type SchemaDifference, within } from "./difference.ts";
import { keywordDifferences } from "./keywords.ts";
import { match } from "./match.ts";
import { objectDifferences, ofObjects } from "./objects.ts";
import type { View } from "./view.ts";

/** What differs in the alternatives that two schemas allow; `compare` is for the schemas within them. */
export function compareViews(old: View, now: View, compare: CompareSchemas): SchemaDifference[] {
  const [was, is] = comparable(old.alternatives, now.alternatives);
  const { pairs, gone, come } = match(was, is);
  const both = old.combined !== null && now.combined !== null && old.combined !== now.combined;
  return [
    ...(both ? here("condition-changed", `${old.combined} is now ${now.combined}`) : []),
    ...pairs.flatMap(([a, b]) => compareKeywords(a.keywords, b.keywords, compare)),
    ...gone.flatMap((one) => unmatched(one, is, "null-removed", "alternative-removed")),
    ...come.flatMap((one) => unmatched(one, was, "null-added", "alternative-added")),
  ];
}

function compareKeywords(a: Fields, b: Fields, compare: CompareSchemas): SchemaDifference[] {
  const type = keywordDifferences("type", a["type"], b["type"]);
  // What else the two say is of things that have nothing to do with each other.
  return type.some(({ id }) => id === "type-changed")
    ? type.map((one) => ({ ...one, at: [] }))
    : compareAll(a, b, compare);
}

const compareAll = (a: Fields, b: Fields, compare: CompareSchemas): SchemaDifference[] => [
  ...objectDifferences(a, b, compare),
  ...keysOf(a, b)
    .filter((keyword) => !ofObjects.has(keyword) && !definitions.has(keyword))
    .flatMap((keyword) => compareKeyword(keyword, own(a, keyword), own(b, keyword), compare)),
];

function compareKeyword(
  keyword: string,
  a: unknown,
  b: unknown,
  compare: CompareSchemas,
): SchemaDifference[] {
  const step = children.get(keyword);
  if (step !== undefined) return within(step, compare(a ?? true, b ?? true));
  if (keyword === "prefixItems") return comparePositions(listIn(a), listIn(b), compare);
  if (lists.has(keyword)) return compareLists(listIn(a), listIn(b), compare);
  if (maps.has(keyword))
    return keysOf(fieldsIn(a), fieldsIn(b)).flatMap((name) =>
      within(`with ${name}`, compare(own(a, name) ?? true, own(b, name) ?? true)),
    );
  if (opaque.has(keyword)) {
    const differs = !same(a, b) || (a !== undefined && compare(a, b).length > 0);
    return differs ? here("condition-changed", `${keyword}: ${show(a)} is now ${show(b)}`) : [];
  }
  return keywordDifferences(keyword, a, b).map((one) => ({ ...one, at: [] }));
}

const comparePositions = (
  a: readonly unknown[],
  b: readonly unknown[],
  compare: CompareSchemas,
): SchemaDifference[] => [
  ...(a.length === b.length ? [] : here("positions-changed", `${a.length} places are now ${b.length}`)),
  ...a.slice(0, b.length).flatMap((schema, i) => within(`[${i}]`, compare(schema, b[i]))),
];

/** Conditions that hold together: each with the one that it became. */
function compareLists(
  a: readonly unknown[],
  b: readonly unknown[],
  compare: CompareSchemas,
): SchemaDifference[] {
  const rest = b.filter((schema) => !a.some((other) => same(schema, other)));
  const old = a.filter((schema) => !b.some((other) => same(schema, other)));
  return [
    ...a
      .filter((schema) => b.some((other) => same(schema, other)))
      .flatMap((schema) => compare(schema, schema)),
    ...old.slice(0, rest.length).flatMap((schema, i) => compare(schema, rest[i])),
    ...old.slice(rest.length).flatMap((schema) => here("condition-removed", `${show(schema)} is gone`)),
    ...rest.slice(old.length).flatMap((schema) => here("condition-added", `${show(schema)} is new`)),
  ];
}

/** Keywords that hold one schema, and how the place below them is written. */
const children: ReadonlyMap<string, string> = new Map([
  ["items", "[]"],
  ["unevaluatedItems", "[]"],
  ["contains", "[some]"],
  ["propertyNames", "{name}"],
  ["then", "then"],
  ["else", "else"],
  ["x-then", ""],
]);
const maps: ReadonlySet<string> = new Set(["dependentSchemas"]);
/** Lists of schemas that could not be written as plain keywords. */
const lists: ReadonlySet<string> = new Set(["allOf", "anyOf", "oneOf"]);
const opaque: ReadonlySet<string> = new Set(["not", "if"]);
/** Schemas for others to refer to: compared where that is done. */
const definitions: ReadonlySet<string> = new Set(["$defs", "definitions"]);
