import { isDeepStrictEqual } from "node:util";
import { z } from "zod";

/** A schema on its way to JSON Schema, and where it stands there. */
type Override = { zodSchema: z.core.$ZodTypes; jsonSchema: Json; path: (string | number)[] };

export type Json = Record<string, unknown>;

/** Writes schemas as JSON Schema, with those that have a name in one place for all. */
export function schemaWriter(): { write: (schema: z.ZodType) => Json; schemas: Record<string, Json> } {
  const schemas: Record<string, Json> = {};
  const write = (schema: z.ZodType): Json => {
    const { $schema: _, ...written } = z.toJSONSchema(schema, { io: "input", override: tellMore }) as Json;
    return shared(written) as Json;
  };

  /**
   * What must hold of a value after it was read otherwise, such as the bounds of a number that a form writes as digits: JSON
   * Schema has no word for it.
   */
  const tellMore = ({ zodSchema, jsonSchema, path }: Override): void => {
    const { def } = zodSchema._zod;
    // What a function checks cannot be written down; that there is one can.
    const refinements = (def.checks ?? []).filter((check) => check._zod.def.check === "custom").length;
    if (refinements > 0) jsonSchema["x-refined"] = refinements;
    // zod leaves a default out where what is read is made into something else.
    const { default: meant, override } = z.globalRegistry.get(zodSchema) ?? {};
    if (meant !== undefined) jsonSchema["default"] = meant;
    if (def.type === "pipe" && def.out._zod.def.type !== "transform")
      jsonSchema["x-then"] = write(def.out as z.ZodType);
    // The same key as zod-openapi's.
    if (typeof override === "function") {
      delete jsonSchema["override"];
      override({ jsonSchema, path });
    }
  };

  /** The same with `$defs` moved to the place of all. */
  const shared = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shared);
    if (typeof value !== "object" || value === null) return value;
    const { $defs, ...rest } = value as Json;
    for (const [name, schema] of Object.entries(($defs as Json | undefined) ?? {})) {
      const written = shared(schema) as Json;
      if (!isDeepStrictEqual((schemas[name] ??= written), written))
        throw new Error(`two schemas of the contracts have the id ${name}`);
    }
    return Object.fromEntries(
      Object.entries(rest).map(([key, inner]) => [
        key,
        key === "$ref" ? String(inner).replace("#/$defs/", "#/schemas/") : shared(inner),
      ]),
    );
  };
  return { write, schemas };
}
