import { type Fields, isFields, listIn } from "../json.ts";
import { Unreadable } from "../unreadable.ts";
import { merged } from "./merge.ts";
import { resolve } from "./resolve.ts";

/** One of the alternatives that a schema allows, as plain keywords: no reference, no `anyOf`, no dialect of its own. */
export interface Alternative {
  keywords: Fields;
  /** By which it is known again where it was changed: of its reference, or its title. */
  name: string | null;
}

/** A schema in the one way of writing it that is compared. */
export interface View {
  alternatives: readonly Alternative[];
  /** The keyword that combines them; null where the schema has but one. */
  combined: "anyOf" | "oneOf" | null;
}

/** Schemas of one document in that way, each made once. */
export function viewer(document: Fields): (schema: unknown) => View {
  const made = new Map<unknown, View>();
  let steps = 0;
  /** @param within references that lead here, none of which may be followed again */
  const viewOf = (schema: unknown, within: readonly unknown[]): View => {
    if (schema === true) return one({});
    if (schema === false) return { alternatives: [], combined: null };
    if (!isFields(schema))
      throw new Unreadable("a schema", `it is ${JSON.stringify(schema)}`, "mend the document");
    if (within.includes(schema)) return { alternatives: [], combined: null };
    const known = made.get(schema);
    if (known !== undefined) return known;
    steps = within.length === 0 ? 0 : steps + 1;
    if (steps > mostParts || within.length > deepest) throw tooMany();
    const view = viewOfFields(schema, [...within, schema]);
    if (within.length === 0) made.set(schema, view);
    return view;
  };

  const viewOfFields = (schema: Fields, within: readonly unknown[]): View => {
    const { $ref, allOf, anyOf, oneOf, nullable, ...rest } = inOneDialect(schema);
    let view: View = one(rest, typeof rest["title"] === "string" ? rest["title"] : null);
    if ($ref !== undefined) {
      const { schema: target, name } = resolve(document, $ref);
      view = both(view, named(viewOf(target, within), name), target);
    }
    for (const part of listIn(allOf)) view = both(view, viewOf(part, within), part);
    const union = anyOf ?? oneOf;
    if (union !== undefined) {
      const parts = listIn(union).map((part) => viewOf(part, within));
      const alternatives = parts.flatMap((part) => part.alternatives);
      view = both(
        view,
        { alternatives, combined: anyOf === undefined ? "oneOf" : "anyOf" },
        { anyOf: union },
      );
      if (anyOf !== undefined && oneOf !== undefined) view = both(view, null, { oneOf });
    }
    return nullable === true ? withNull(view) : view;
  };
  return (schema) => viewOf(schema, []);
}

const mostParts = 10_000;
const deepest = 300;
const tooMany = () =>
  new Unreadable(
    `schemas of at most ${mostParts} parts`,
    "one combines more",
    "write it with fewer references in `allOf`, `anyOf` and `oneOf`",
  );

const one = (keywords: Fields, name: string | null = null): View => ({
  alternatives: [{ keywords, name }],
  combined: null,
});

const named = (view: View, name: string | null): View =>
  view.alternatives.length === 1 && name !== null
    ? { ...view, alternatives: view.alternatives.map(({ keywords }) => ({ keywords, name })) }
    : view;

const none = (view: View): boolean =>
  view.alternatives.length === 1 && Object.keys(view.alternatives[0]?.keywords ?? {}).length === 0;

/** What both allow. Where that cannot be written as plain keywords, the schema of the other stays as a condition. */
function both(view: View, other: View | null, schema: unknown): View {
  if (other !== null && none(view)) return other;
  if (other !== null && none(other)) return view;
  const single = view.alternatives.length === 1 ? view.alternatives[0] : undefined;
  if (other !== null && (single !== undefined || other.alternatives.length === 1)) {
    const pairs = view.alternatives.flatMap((a) =>
      other.alternatives.map((b) => ({ keywords: merged(a.keywords, b.keywords), name: b.name ?? a.name })),
    );
    if (pairs.length > mostParts) throw tooMany();
    if (pairs.every((pair): pair is Alternative => pair.keywords !== null))
      return { alternatives: pairs, combined: other.combined ?? view.combined };
  }
  const alternatives = view.alternatives.map(({ keywords, name }) => ({
    keywords: { ...keywords, allOf: [...listIn(keywords["allOf"]), schema] },
    name,
  }));
  return { ...view, alternatives };
}

const isNull = ({ keywords }: Alternative): boolean => keywords["type"] === "null";

const withNull = (view: View): View =>
  view.alternatives.some(isNull)
    ? view
    : {
        alternatives: [...view.alternatives, { keywords: { type: "null" }, name: null }],
        combined: view.combined ?? "anyOf",
      };

/** Older dialects of JSON Schema, and ways of OpenAPI 3.0, as 2020-12 writes them. */
function inOneDialect(schema: Fields): Fields {
  const { const: value, items, additionalItems, ...rest } = schema;
  const plain: Record<string, unknown> = { ...rest };
  if (Object.hasOwn(schema, "const")) plain["enum"] = [value];
  if (plain["type"] === undefined && Array.isArray(plain["enum"])) plain["type"] = typesOf(plain["enum"]);
  if (items !== undefined) plain[Array.isArray(items) ? "prefixItems" : "items"] = items;
  if (additionalItems !== undefined)
    plain[Array.isArray(items) ? "items" : "additionalItems"] = additionalItems;
  for (const [bound, exclusive] of bounds) {
    if (typeof plain[exclusive] === "boolean") {
      const limit = plain[bound];
      const isExclusive = plain[exclusive];
      delete plain[isExclusive ? bound : exclusive];
      if (isExclusive && limit !== undefined) plain[exclusive] = limit;
      else if (isExclusive) delete plain[exclusive];
    }
    const limit = plain[exclusive];
    if (plain["type"] !== "integer" || typeof limit !== "number" || !Number.isInteger(limit)) continue;
    if (plain[bound] !== undefined) continue;
    delete plain[exclusive];
    plain[bound] = bound === "minimum" ? limit + 1 : limit - 1;
  }
  return plain;
}

/** The types of values, as one word where there is but one. */
function typesOf(values: readonly unknown[]): unknown {
  const types = [...new Set(values.map(kindOf))];
  return types.length === 1 ? types[0] : types;
}

export const kindOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "array" : typeof value;

/** Each with its form that leaves the limit itself out: `true` in OpenAPI 3.0. Of whole numbers the two say the same. */
const bounds = [
  ["minimum", "exclusiveMinimum"],
  ["maximum", "exclusiveMaximum"],
] as const;
