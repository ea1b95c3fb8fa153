import fc from "fast-check";

/** As much of JSON Schema as the document has. */
export interface Schema {
  $ref?: string;
  const?: unknown;
  enum?: readonly unknown[];
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  type?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  /** The first items, each of a schema of its own. */
  prefixItems?: readonly Schema[];
  /** The others; false: there are none. */
  items?: Schema | false;
  minItems?: number;
  maxItems?: number;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  format?: string;
}

/** Longer values cost time and find no more here. */
const mostLong = 40;
const mostItems = 4;

/** Values of a schema; where it says nothing, any JSON. @param named the schemas that it refers to */
export function valuesOf(schema: Schema, named: Readonly<Record<string, Schema>>): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined)
    return valuesOf(named[schema.$ref.split("/").at(-1) as string] as Schema, named);
  if ("const" in schema) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map((one) => valuesOf(one, named)));
  return (typed[schema.type ?? ""] ?? (() => fc.jsonValue({ maxDepth: 1 })))(schema, named);
}

const typed: Readonly<
  Record<string, (schema: Schema, named: Readonly<Record<string, Schema>>) => fc.Arbitrary<unknown>>
> = {
  null: () => fc.constant(null),
  boolean: () => fc.boolean(),
  integer: (schema) => fc.oneof(small(schema), fc.integer(rangeOf(schema))),
  number: (schema) => {
    const { min, max } = rangeOf(schema);
    return fc.double({ min, max, noNaN: true, noDefaultInfinity: true });
  },
  string: ({ pattern, minLength = 0, maxLength = mostLong, format }) => {
    if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
    if (format === "base64") return fc.base64String({ maxLength: mostLong });
    return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, mostLong)) });
  },
  array: ({ prefixItems = [], items = {}, minItems = 0, maxItems = mostItems }, named) => {
    const first = fc.tuple(...prefixItems.map((one) => valuesOf(one, named)));
    if (items === false) return first;
    const others = { minLength: minItems, maxLength: Math.min(maxItems, minItems + mostItems) };
    return fc.tuple(first, fc.array(valuesOf(items, named), others)).map((parts) => parts.flat(1));
  },
  object: ({ properties = {}, required = [] }, named) =>
    fc.record(
      Object.fromEntries(Object.entries(properties).map(([key, one]) => [key, valuesOf(one, named)])),
      { requiredKeys: [...required] },
    ),
};

function rangeOf({ minimum, maximum, exclusiveMinimum }: Schema): { min: number; max: number } {
  const most = 0x7fff_ffff;
  const min = Math.max(
    -most,
    minimum ?? -most,
    exclusiveMinimum === undefined ? -most : exclusiveMinimum + 1,
  );
  return { min, max: Math.max(min, Math.min(most, maximum ?? most)) };
}

/** Numbers such as attempts and counts are. */
function small(schema: Schema): fc.Arbitrary<number> {
  const { min, max } = rangeOf(schema);
  const least = Math.max(min, Math.min(0, max));
  return fc.integer({ min: least, max: Math.min(max, least + 10) });
}
