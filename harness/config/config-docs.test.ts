import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { z } from "zod";
import { configSchema } from "./config.ts";

/** Keys of a schema and of all within it, such as `mysql.world.own`; a `*` stands for names of the reader's own. */
function keysOf(schema: z.core.$ZodType, at = ""): string[] {
  const { def } = schema._zod as { def: Partial<Inner> };
  const within = [def.innerType, def.in, def.element, ...(def.options ?? []), ...(def.items ?? [])];
  return [
    ...Object.entries(def.shape ?? {}).flatMap(([key, inner]) => {
      const path = at === "" ? key : `${at}.${key}`;
      return [path, ...keysOf(inner, path)];
    }),
    ...(def.valueType === undefined ? [] : keysOf(def.valueType, `${at}.*`)),
    ...within.flatMap((inner) => (inner === undefined ? [] : keysOf(inner, at))),
  ];
}

/** Where a schema of zod keeps the schemas that it is made of. */
interface Inner {
  shape: Record<string, z.core.$ZodType>;
  innerType: z.core.$ZodType;
  in: z.core.$ZodType;
  element: z.core.$ZodType;
  valueType: z.core.$ZodType;
  options: z.core.$ZodType[];
  items: z.core.$ZodType[];
}

const keys = [...new Set(keysOf(configSchema))];
const page = readFileSync("docs/config.md", "utf8");

test("keys are read, those within records and unions too", () => {
  expect(keys).toEqual(
    expect.arrayContaining(["current", "mysql.world.own", "workers.*.releases.*.image", "skew.apis.takes"]),
  );
});

test.each(keys)("docs/config.md says what %s is", (key) => {
  const last = key.split(".").at(-1) as string;
  expect(page).toMatch(new RegExp(`\`(?:[\\w.*]*\\.)?${last}\``));
});
