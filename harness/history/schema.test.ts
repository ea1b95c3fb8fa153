import { expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { wholeHistory } from "../testing/whole-history.ts";
import type { HistoryEvent } from "./event.ts";
import { eventSchema, lineSchema } from "./schema.ts";

test("docs/history.schema.json is the schema of a line (vitest -u writes it anew)", async () => {
  const text = `${JSON.stringify(z.toJSONSchema(lineSchema), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot("../../docs/history.schema.json");
});

test("schema and types agree", () => {
  expectTypeOf<z.infer<typeof eventSchema>>().toExtend<HistoryEvent>();
  expectTypeOf<HistoryEvent>().toExtend<z.infer<typeof eventSchema>>();
  expect(wholeHistory.map((event) => eventSchema.parse(event))).toEqual(wholeHistory);
});

test.each(wholeHistory.map((event) => ({ ...event })))("every key of a $kind event is known", (event) => {
  expect(() => eventSchema.parse({ ...event, note: "mine" })).toThrow("Unrecognized key");
});

test("a request or reply that is not there is undefined, which JSON does not write", () => {
  const { request: _, reply: __, ...bare } = { request: 1, reply: 1, ...wholeHistory[2] };
  expect(eventSchema.safeParse(bare).success).toBe(true);
});
