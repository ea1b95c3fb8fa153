import { expect, test } from "vitest";
import { z } from "zod";
import { optional, wireInteger } from "../values.ts";
import { limitsOf } from "./declared.ts";

const told = (schema: z.ZodType): string[] =>
  limitsOf(schema).map(({ path, of, side, bound }) => `${path} ${of} ${side} ${bound}`);

test.each<[z.ZodType, string[]]>([
  [z.string().min(1).max(9), ["a length least 1", "a length most 9"]],
  [z.string().min(0), []],
  [z.string().regex(/^[a-z0-9_]{3,255}$/), ["a length least 3", "a length most 255"]],
  [z.string().regex(/^[1-9][0-9]{0,18}$/), ["a length least 1", "a length most 19"]],
  [z.string().regex(/^-?\d{2}x$/), ["a length least 3", "a length most 3"]],
  [z.base64().max(8), ["a length most 8"]],
  [z.int().positive().max(7), ["a value least 1", "a value most 7"]],
  [z.int().gt(1).lt(7), ["a value least 2", "a value most 6"]],
  [z.int().nonnegative(), ["a value least 0", `a value most ${Number.MAX_SAFE_INTEGER}`]],
  [
    optional(wireInteger.pipe(z.int().min(-2).max(2)), 0),
    ["a value least -2", "a value most 2", "a length least 1", "a length most 15"],
  ],
  [
    z.int().min(0).max(9).multipleOf(3).nullable(),
    ["a value least 0", "a value most 9", "a multiple most 3"],
  ],
  [z.array(z.tuple([z.string(), z.string().min(1)])).max(4), ["a items most 4", "a[][1] length least 1"]],
  [z.strictObject({ b: z.array(z.boolean()).min(1) }), ["a.b items least 1"]],
  [z.enum(["x"]), []],
])("%#: the limits of a field", (schema, limits) => {
  expect(told(z.object({ a: schema }))).toEqual(limits);
});

test("a pattern whose lengths cannot be read is an error", () => {
  expect(() => told(z.object({ a: z.string().regex(/^(a|bc)+$/) }))).toThrow("no lengths");
});
