import { type Fields, fieldsIn, keysOf, listIn, own, show } from "../json.ts";
import type { ChangeId } from "../severity.ts";
import { type CompareSchemas, type SchemaDifference, within } from "./difference.ts";

/** The keywords of objects, which mean something together only. */
export const ofObjects: ReadonlySet<string> = new Set([
  "properties",
  "required",
  "additionalProperties",
  "unevaluatedProperties",
  "patternProperties",
]);

/** What differs in the fields of two objects. */
export function objectDifferences(a: Fields, b: Fields, compare: CompareSchemas): SchemaDifference[] {
  const [old, now] = [objectIn(a), objectIn(b)];
  return [
    ...keysOf(old.properties, now.properties).flatMap((name) => fieldDifferences(name, old, now, compare)),
    ...unnamed(old, now),
    ...restDifferences(old, now, compare),
    ...keysOf(old.patterns, now.patterns).flatMap((pattern) =>
      within(
        `{${pattern}}`,
        compare(own(old.patterns, pattern) ?? old.rest, own(now.patterns, pattern) ?? now.rest),
      ),
    ),
  ];
}

interface ObjectSchema {
  properties: Fields;
  patterns: Fields;
  required: ReadonlySet<unknown>;
  /** The schema of fields that it does not name. */
  rest: unknown;
}

const objectIn = (keywords: Fields): ObjectSchema => {
  const { additionalProperties, unevaluatedProperties } = keywords;
  return {
    properties: fieldsIn(keywords["properties"]),
    patterns: fieldsIn(keywords["patternProperties"]),
    required: new Set(listIn(keywords["required"])),
    rest: unevaluatedProperties === false ? false : (additionalProperties ?? unevaluatedProperties ?? true),
  };
};

function fieldDifferences(
  name: string,
  old: ObjectSchema,
  now: ObjectSchema,
  compare: CompareSchemas,
): SchemaDifference[] {
  const [before, after] = [own(old.properties, name), own(now.properties, name)];
  const isRequired = now.required.has(name);
  if (before === undefined) {
    const id =
      `${isRequired ? "required-" : ""}field-added${old.rest === false ? "-to-closed" : ""}` as const;
    return [{ id, at: [name], told: `is new: ${show(after)}`, schema: after }];
  }
  if (after === undefined) return [{ id: "field-removed", at: [name], told: "is gone", schema: before }];
  return [...within(name, compare(before, after)), ...neededDifference(name, old, now)];
}

function neededDifference(name: string, old: ObjectSchema, now: ObjectSchema): SchemaDifference[] {
  if (old.required.has(name) === now.required.has(name)) return [];
  const [id, told]: [ChangeId, string] = now.required.has(name)
    ? ["required-added", "must be there now"]
    : ["required-removed", "may be missing now"];
  return [{ id, at: [name], told }];
}

/** Fields that must be there and have no schema of their own. */
const unnamed = (old: ObjectSchema, now: ObjectSchema): SchemaDifference[] =>
  [...new Set([...old.required, ...now.required])]
    .map(String)
    .filter((name) => !Object.hasOwn(old.properties, name) && !Object.hasOwn(now.properties, name))
    .flatMap((name) => neededDifference(name, old, now));

function restDifferences(old: ObjectSchema, now: ObjectSchema, compare: CompareSchemas): SchemaDifference[] {
  if (old.rest === now.rest) return [];
  if (old.rest === false)
    return [{ id: "closed-object-opened", at: [], told: `takes further fields: ${show(now.rest)}` }];
  if (now.rest === false) return [{ id: "open-object-closed", at: [], told: "takes no further field" }];
  return within("{}", compare(old.rest, now.rest));
}
