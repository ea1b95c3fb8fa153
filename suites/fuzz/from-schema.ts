import fc from "fast-check";

/** As much of JSON Schema as zod writes. */
interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema | boolean;
  prefixItems?: Schema[];
  minItems?: number;
  minLength?: number;
  pattern?: string;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
}

type Defs = Readonly<Record<string, Schema>>;

/** Values as a JSON schema describes them; most are valid, for what no schema says is not asked here. */
export function valuesOf(schema: object): fc.Arbitrary<unknown> {
  const root = schema as Schema;
  return valuesIn(root, root.$defs ?? {}, 0);
}

const anything = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>;
const deepest = 6;

function valuesIn(schema: Schema, defs: Defs, depth: number): fc.Arbitrary<unknown> {
  const inner = (one: Schema) => valuesIn(one, defs, depth + 1);
  if (depth > deepest) return fc.constant(null);
  if (schema.$ref !== undefined) {
    const found = defs[schema.$ref.replace(/^.*\//, "")];
    return found === undefined ? anything : inner(found);
  }
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const any = schema.anyOf ?? schema.oneOf;
  if (any !== undefined) return fc.oneof(...any.map(inner));
  if (schema.allOf !== undefined) return inner(Object.assign({}, ...schema.allOf) as Schema);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  return (types[type ?? ""] ?? (() => anything))(schema, inner);
}

type OfType = (schema: Schema, inner: (one: Schema) => fc.Arbitrary<unknown>) => fc.Arbitrary<unknown>;

const types: Readonly<Record<string, OfType>> = {
  null: () => fc.constant(null),
  boolean: () => fc.boolean(),
  integer: ({ minimum, exclusiveMinimum, maximum }) => {
    const min = Math.max(minimum ?? -5, (exclusiveMinimum ?? -6) + 1);
    const max = Math.max(min, maximum ?? min + 20);
    return fc.oneof(
      fc.integer({ min, max: Math.min(max, min + 3) }),
      fc.maxSafeInteger().map((n) => Math.min(max, Math.max(min, n))),
    );
  },
  number: ({ minimum = -100 }) =>
    fc.oneof(fc.integer({ min: Math.ceil(minimum), max: 1_000 }), fc.double({ min: minimum, noNaN: true })),
  string: ({ pattern, minLength = 0 }) => textOf(pattern, minLength),
  array: ({ items, prefixItems, minItems = 0 }, inner) =>
    prefixItems === undefined
      ? fc.array(typeof items === "object" ? inner(items) : anything, {
          minLength: minItems,
          maxLength: minItems + 2,
        })
      : fc.tuple(...prefixItems.map(inner)),
  object: ({ properties = {}, required = [], additionalProperties }, inner) => {
    const fields = Object.fromEntries(Object.entries(properties).map(([key, one]) => [key, inner(one)]));
    const known = fc.record(fields, { requiredKeys: required.filter((key) => Object.hasOwn(fields, key)) });
    if (typeof additionalProperties !== "object") return known;
    const more = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), inner(additionalProperties), {
      maxKeys: 2,
    });
    return fc.tuple(known, more).map(([one, other]) => ({ ...other, ...one }));
  },
};

function textOf(pattern: string | undefined, minLength: number): fc.Arbitrary<string> {
  const plain = fc.oneof(fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/), fc.string({ minLength }));
  if (pattern === undefined) return plain;
  try {
    return fc.stringMatching(new RegExp(pattern));
  } catch {
    // Looking ahead is beyond fast-check.
    return plain;
  }
}
