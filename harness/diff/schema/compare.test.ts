import { describe, expect, test } from "vitest";
import { schemaComparer } from "./compare.ts";

type Schema = Record<string, unknown> | boolean;

/** What differs between two schemas, each a document of its own: `field-added a.b`. */
const differences = (before: Schema, after: Schema): string[] =>
  schemaComparer(Object(before), Object(after))(before, after)
    .map(({ id, at }) => [id, ...(at.length === 0 ? [] : [at.join(".")])].join(" "))
    .toSorted();

const text = { type: "string" };
const number = { type: "integer" };
const object = (properties: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  type: "object",
  properties,
  ...more,
});
const closed = { additionalProperties: false };

test.each<[what: string, before: Schema, after: Schema, found: string[]]>([
  ["a closer bound", { type: "integer", minimum: 1 }, { type: "integer", minimum: 2 }, ["bound-tightened"]],
  ["a bound that is gone", { type: "string", maxLength: 9 }, text, ["bound-loosened"]],
  ["a bound that is new", { type: "array" }, { type: "array", maxItems: 3 }, ["bound-tightened"]],
  ["a multiple of a multiple", { multipleOf: 2 }, { multipleOf: 6 }, ["bound-tightened"]],
  ["another multiple", { multipleOf: 2 }, { multipleOf: 3 }, ["pattern-changed"]],
  ["items that must differ", { type: "array" }, { type: "array", uniqueItems: true }, ["bound-tightened"]],
  ["another pattern", { pattern: "^a" }, { pattern: "^b" }, ["pattern-changed"]],
  ["a format", text, { type: "string", format: "uuid" }, ["pattern-added"]],
  ["an encoding that is gone", { contentEncoding: "base64" }, {}, ["pattern-removed"]],
  ["a wider type", { type: "integer" }, { type: "number" }, ["type-widened"]],
  ["a narrower type", { type: "number" }, { type: "integer" }, ["type-narrowed"]],
  ["another type", text, { type: "boolean" }, ["type-changed"]],
  [
    "one type of two that is another",
    { type: ["string", "integer"] },
    { type: ["string", "boolean"] },
    ["type-changed"],
  ],
  ["null", text, { type: ["string", "null"] }, ["null-added"]],
  ["null, as an alternative", text, { anyOf: [text, { type: "null" }] }, ["null-added"]],
  ["no null", { type: "string", nullable: true }, text, ["null-removed"]],
  ["null in a list of values", { enum: ["a", null] }, { enum: ["a"] }, ["null-removed"]],
  ["values", { enum: ["a", "b"] }, { enum: ["b", "c"] }, ["value-added", "value-removed"]],
  ["a value that is a number and no text", { enum: [1] }, { enum: ["1"] }, ["type-changed"]],
  ["a single value", { const: "a" }, { const: "b" }, ["value-added", "value-removed"]],
  ["values that are listed", text, { type: "string", enum: ["a"] }, ["values-limited"]],
  ["values that are listed no more", { type: "string", enum: ["a"] }, text, ["values-freed"]],
  ["nothing at all", true, false, ["alternative-removed"]],
  ["anything", text, {}, ["type-widened"]],
  ["a field", object({}), object({ a: text }), ["field-added a"]],
  [
    "a field of a closed object",
    object({}, closed),
    object({ a: text }, closed),
    ["field-added-to-closed a"],
  ],
  [
    "a field that must be there",
    object({}),
    object({ a: text }, { required: ["a"] }),
    ["required-field-added a"],
  ],
  ["a field that is gone", object({ a: text, b: text }), object({ b: text }), ["field-removed a"]],
  [
    "a field that must be there now",
    object({ a: text }),
    object({ a: text }, { required: ["a"] }),
    ["required-added a"],
  ],
  [
    "a name that must be there and has no schema",
    object({}, { required: ["a"] }),
    object({}),
    ["required-removed a"],
  ],
  ["an open object", object({}, closed), object({}), ["closed-object-opened"]],
  ["a closed object", object({}), object({}, { unevaluatedProperties: false }), ["open-object-closed"]],
  [
    "further fields of another type",
    object({}, { additionalProperties: text }),
    object({}, { additionalProperties: number }),
    ["type-changed {}"],
  ],
  [
    "a field by its pattern",
    object({}, { patternProperties: { "^x": text } }),
    object({}, { patternProperties: { "^x": number } }),
    ["type-changed {^x}"],
  ],
  [
    "a deep field",
    object({
      a: { type: "array", items: object({ b: { anyOf: [object({ c: text }), { type: "null" }] } }) },
    }),
    object({
      a: { type: "array", items: object({ b: { anyOf: [object({ c: number }), { type: "null" }] } }) },
    }),
    ["type-changed a.[].b.c"],
  ],
  ["a field called constructor", object({}), object({ constructor: text }), ["field-added constructor"]],
  [
    "a tuple's place",
    { type: "array", prefixItems: [text, text] },
    { type: "array", prefixItems: [text, number] },
    ["type-changed [1]"],
  ],
  [
    "a tuple of draft 7",
    { type: "array", items: [text] },
    { type: "array", items: [text, text] },
    ["positions-changed"],
  ],
  [
    "an alternative by its tag",
    { oneOf: [object({ t: { const: "a" }, x: text }), object({ t: { const: "b" }, x: text })] },
    { oneOf: [object({ t: { const: "b" }, x: number }), object({ t: { const: "a" }, x: text })] },
    ["type-changed x"],
  ],
  ["an alternative more", { oneOf: [text] }, { oneOf: [text, object({})] }, ["alternative-added"]],
  [
    "anyOf in the place of oneOf",
    { oneOf: [text, number] },
    { anyOf: [text, number] },
    ["condition-changed"],
  ],
  [
    "a condition",
    { allOf: [{ anyOf: [text, number] }, { anyOf: [{ minLength: 1 }, { minLength: 2 }] }] },
    { anyOf: [text, number] },
    ["condition-removed"],
  ],
  ["what must not be", { not: text }, { not: number }, ["condition-changed"]],
  [
    "what follows",
    { if: text, else: { minLength: 1 } },
    { if: text, else: { minLength: 2 } },
    ["bound-tightened else"],
  ],
  [
    "what comes together",
    { dependentRequired: { a: ["b"] } },
    { dependentRequired: { a: ["b", "c"] } },
    ["condition-added"],
  ],
  [
    "what names must be",
    { propertyNames: { maxLength: 3 } },
    { propertyNames: {} },
    ["bound-loosened {name}"],
  ],
  ["a default", { default: 1 }, { default: 2 }, ["default-changed"]],
  ["a default that was null", { default: null }, {}, ["default-changed"]],
  ["words", { description: "in seconds" }, { description: "in hours" }, ["text-changed"]],
  ["a title", { title: "A" }, { title: "B" }, ["note-changed"]],
  ["a keyword that nobody knows", { "x-colour": "red" }, { "x-colour": "blue" }, ["keyword-changed"]],
  [
    "a keyword of a later draft, in null alone",
    { type: "null", propertyDependencies: {} },
    { type: "null" },
    ["keyword-changed"],
  ],
  [
    "a field that was moved",
    object({ a: object({ x: text }), b: object({}) }),
    object({ a: object({}), b: object({ x: text }) }),
    ["field-added b.x", "field-removed a.x"],
  ],
])("%s", (_, before, after, found) => {
  expect(differences(before, after)).toEqual(found);
});

describe("the same in other words", () => {
  const named = { $ref: "#/$defs/A" };
  const within = (schema: object, A: unknown) => ({ ...schema, $defs: { A } });
  test.each<[what: string, Schema, Schema]>([
    ["null by its three ways", { type: "string", nullable: true }, { anyOf: [{ type: "null" }, text] }],
    [
      "an exclusive bound of whole numbers",
      { type: "integer", exclusiveMinimum: 0 },
      { type: "integer", minimum: 1 },
    ],
    [
      "an exclusive bound of OpenAPI 3.0",
      { type: "number", minimum: 1, exclusiveMinimum: true },
      { type: "number", exclusiveMinimum: 1 },
    ],
    ["a single value", { const: "a" }, { enum: ["a"] }],
    [
      "single values as alternatives",
      { anyOf: [{ const: "a" }, { const: "b" }] },
      { type: "string", enum: ["b", "a"] },
    ],
    ["a reference", within(named, text), text],
    [
      "a reference with words beside it",
      within({ ...named, description: "it" }, text),
      { type: "string", description: "it" },
    ],
    [
      "parts that hold together",
      { allOf: [object({ a: text }), { required: ["a"] }] },
      object({ a: text }, { required: ["a"] }),
    ],
    [
      "alternatives within alternatives",
      { anyOf: [text, { anyOf: [number, { type: "null" }] }] },
      { type: ["null", "integer", "string"] },
    ],
    ["another order of types", { type: ["a", "b"] }, { type: ["b", "a"] }],
    ["additionalProperties that is true", object({}, { additionalProperties: true }), object({})],
  ])("%s", (_, before, after) => {
    expect(differences(before, after)).toEqual([]);
    expect(differences(after, before)).toEqual([]);
  });
});

describe("schemas that lead to themselves", () => {
  const tree = (value: unknown) => ({
    $ref: "#/$defs/Node",
    $defs: { Node: object({ value, next: { anyOf: [{ $ref: "#/$defs/Node" }, { type: "null" }] } }) },
  });
  test("are compared to their end", () => {
    expect(differences(tree(text), tree(text))).toEqual([]);
    expect(differences(tree(text), tree(number))).toContain("type-changed value");
  });

  test("are told anew wherever somebody else refers to them", () => {
    const document = (value: unknown) => ({
      A: object({ b: { $ref: "#/B" }, value }),
      B: object({ a: { $ref: "#/A" } }),
    });
    const [before, after] = [document(text), document(number)];
    const compare = schemaComparer(before, after);
    const paths = (name: "A" | "B") => compare(before[name], after[name]).map(({ at }) => at.join("."));
    expect(paths("A")).toEqual(["value"]);
    expect(paths("B")).toEqual(["a.value"]);
    expect(paths("A")).toEqual(["value"]);
  });

  test("and refer to each other in every way take no time", () => {
    const names = Array.from({ length: 40 }, (_, i) => `S${i}`);
    const all = (value: unknown) =>
      Object.fromEntries(
        names.map((name) => [
          name,
          object({ value, ...Object.fromEntries(names.map((other) => [other, { $ref: `#/${other}` }])) }),
        ]),
      );
    const [before, after] = [all(text), all(number)];
    expect(schemaComparer(before, after)(before["S0"], after["S0"])).toContainEqual(
      expect.objectContaining({ id: "type-changed", at: ["value"] }),
    );
  });
});

test.each<[what: string, schema: object, message: string]>([
  ["a reference into another file", { $ref: "other.json#/A" }, 'it is "other.json#/A"'],
  ["a reference to nothing", { $ref: "#/nowhere" }, "there is nothing"],
  ["a reference to itself alone", { $ref: "#" }, "leads to itself"],
  ["a schema that is none", { type: "array", items: "text" }, 'it is "text"'],
])("%s cannot be compared", (_, schema, message) => {
  expect(() => differences(schema as Record<string, unknown>, { ...schema })).toThrow(message);
});
