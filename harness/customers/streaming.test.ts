import { expect, test } from "vitest";
import type { Reply } from "../../contracts/in-process.ts";
import { type Stream, stream } from "./streaming.ts";
import { ok, refusal } from "./testing/answers.ts";
import { type AskedCall, fakeCaller } from "./testing/fake-caller.ts";

/** A customer who streams, and swaps the table beforehand where it is told so. */

const wanted: Stream = {
  database: "sample",
  table: "effect_1",
  chunks: [{ id: "0a", content: "first" }],
  records: 2,
};
const never = new AbortController().signal;
const full = ({ operation, input: { table: name } }: AskedCall): Reply =>
  ok(operation === "table.show" ? { name, count: 2 } : {});

async function asked(order: Stream, answer: (call: AskedCall) => Reply | null = full, lacks: string[] = []) {
  const { caller, calls } = fakeCaller(answer);
  const isDone = await stream({ ...caller, lacks: (id) => lacks.includes(id) }, order, never);
  const named = calls.map(([operation, { table, first, second }]) =>
    [operation, ...[table ?? first, second].filter((one) => one !== undefined).map(String)].join(" "),
  );
  return { isDone, named };
}

const straight = [
  "table.create effect_1",
  "table.import_with_id effect_1",
  "table.import_with_id effect_1",
  "table.show effect_1",
];
const beside = { ...wanted, beside: "aside" };
const tried = "table.swap effect_1 effect_1";

test("it streams into its table", async () => {
  expect(await asked(wanted)).toEqual({ isDone: true, named: straight });
});

test("it streams into another one, and swaps the two before it looks again", async () => {
  const { isDone, named } = await asked(beside);
  expect({ isDone, named }).toEqual({
    isDone: true,
    named: [
      "table.create effect_1",
      tried,
      "table.create aside",
      "table.import_with_id aside",
      "table.import_with_id aside",
      "table.show aside",
      "table.swap effect_1 aside",
      "table.delete aside",
      "table.show effect_1",
    ],
  });
});

test("where its program has no way to swap, or the service none, it streams into its table", async () => {
  const [create, ...rest] = straight;
  expect(await asked(beside, full, ["table.swap"])).toEqual({ isDone: true, named: straight });
  const noSwaps = (call: AskedCall) => (call.operation === "table.swap" ? refusal(404) : full(call));
  expect(await asked(beside, noSwaps)).toEqual({ isDone: true, named: [create, tried, ...rest] });
});

test("a swap that is refused is no success", async () => {
  const refuses = (call: AskedCall) =>
    call.operation === "table.swap" && call.nth === 2 ? refusal(404) : full(call);
  expect((await asked(beside, refuses)).isDone).toBe(false);
});
