import { expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { finalEvent, machineEvent, wholeHistory } from "../testing/whole-history.ts";
import type { HistoryEvent } from "./event.ts";
import { eventSchema, lineSchema } from "./schema.ts";

test("docs/history.schema.json is the schema of a line (vitest -u writes it anew)", async () => {
  const text = `${JSON.stringify(z.toJSONSchema(lineSchema), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot("../../docs/history.schema.json");
});

const rowsEvent = {
  kind: "rows",
  customer: "cdh4",
  database: "sample",
  table: "t",
  rows: null,
  sent: 10,
} as const;
const every: readonly HistoryEvent[] = [
  ...wholeHistory,
  { seq: 7, at: 11, ...machineEvent() },
  { seq: 8, at: 12, ...rowsEvent },
];

test("schema and types agree", () => {
  expectTypeOf<z.infer<typeof eventSchema>>().toExtend<HistoryEvent>();
  expectTypeOf<HistoryEvent>().toExtend<z.infer<typeof eventSchema>>();
  expect(every.map((event) => eventSchema.parse(event))).toEqual(every);
});

test("a system of whose limits the config says nothing is told with 0, and read back", () => {
  const run = every.find((event) => event.kind === "run");
  const none = { leaseMs: 0, requestMs: 10_000, registerMs: 0, retryCapMs: 0, statementMs: 0 };
  const unlimited = { ...run, limits: { ...none, deliveryTryMs: 0, deliveryMs: 0 } };
  expect(eventSchema.parse(unlimited)).toEqual(unlimited);
  const { success } = eventSchema.safeParse({ ...unlimited, limits: { ...unlimited.limits, leaseMs: -1 } });
  expect(success).toBe(false);
});

test.each(every.map((event) => ({ ...event })))("every key of a $kind event is known", (event) => {
  expect(() => eventSchema.parse({ ...event, note: "mine" })).toThrow("Unrecognized key");
});

test.each<[Partial<typeof finalEvent>, boolean]>([
  [{ registered: null }, true],
  [{ listed: undefined }, true],
  [{ listed: false }, true],
  // Not asked is absent: only of `registered` a rig may be unable to know.
  [{ listed: null as unknown as boolean }, false],
  [{ registered: undefined as unknown as boolean }, false],
])("what was found of a job with %j fits: %j", (found, fits) => {
  expect(eventSchema.safeParse({ seq: 0, at: 0, ...finalEvent, ...found }).success).toBe(fits);
});

test("a request or reply that is not there is undefined, which JSON does not write", () => {
  const { request: _, reply: __, ...bare } = { request: 1, reply: 1, ...wholeHistory[2] };
  expect(eventSchema.safeParse(bare).success).toBe(true);
});
