import { expect, test } from "vitest";
import { call, claim, hdp2, issue, own, problems, refusal } from "../../testing/model-calls.ts";
import type { Fields, ModelCall } from "../call.ts";

/** What a table is shown to be set to: what its customer has said last. */

const table = { database: "sample", table: "one" };
const named = { ...table, type: "log" };
const make = call(1_000, "table.create", { ...table, type: "log" }, named);
const set = (at: number, settings: Fields, more: Partial<ModelCall> = {}) =>
  call(at, "table.update", { ...table, ...settings }, named, more);
const show = (at: number, settings: Fields, name = "one") =>
  call(at, "table.show", { ...table, table: name }, { name, ...settings });
const list = (at: number, settings: Fields) =>
  call(
    at,
    "table.list",
    { database: "sample" },
    { database: "sample", tables: [{ name: "one", id: 1, ...settings }] },
  );
const rename = call(3_500, "table.rename", { ...table, new_name: "six" }, { ...named, table: "six" });
const lost = { status: null, reply: undefined, excused: true };
const none = { expire_days: null, include_v: true };

test.each<[string, ModelCall[]]>([
  [
    "as it was said last",
    [set(2_000, { expire_days: "30" }), show(3_000, { expire_days: 30 }), list(3_100, { expire_days: 30 })],
  ],
  ["as it was before where nothing is said", [show(1_500, none), set(2_000, {}), show(3_000, none)]],
  [
    "what is left out is as before",
    [
      set(2_000, { expire_days: 3 }),
      set(2_500, { include_v: "false" }),
      show(3_000, { expire_days: 3, include_v: false }),
    ],
  ],
  ["no days are none", [set(2_000, { expire_days: 3 }), set(2_500, { expire_days: 0 }), show(3_000, none)]],
  ["or zero", [set(2_000, { expire_days: 0 }), show(3_000, { expire_days: 0 })]],
  ["along with its table", [set(2_000, { expire_days: 3 }), rename, show(4_000, { expire_days: 3 }, "six")]],
  [
    "as before or as said where nobody heard the answer",
    [
      show(1_500, none),
      set(2_000, { expire_days: 3 }, lost),
      show(3_000, none),
      show(4_000, { expire_days: 3 }),
    ],
  ],
  [
    "of two that overlap as either",
    [
      set(2_000, { expire_days: 3 }),
      set(2_010, { expire_days: 4 }, { sent: 1_990 }),
      show(3_000, { expire_days: 3 }),
    ],
  ],
  [
    "a refusal changes nothing",
    [show(1_500, none), set(2_000, { expire_days: -1 }, refusal(422, "invalid_input")), show(3_000, none)],
  ],
])("%s", (_, calls) => {
  expect(problems([make, ...calls])).toEqual([]);
});

test.each<[string, ModelCall[], string]>([
  ["not kept", [set(2_000, { expire_days: 30 }), show(3_000, none)], "expire_days: expected 30, got null"],
  [
    "not kept in a list",
    [set(2_000, { expire_days: 30 }), list(3_000, none)],
    "expire_days: expected 30, got null",
  ],
  [
    "the one before",
    [set(2_000, { expire_days: 3 }), set(2_500, { expire_days: 4 }), show(3_000, { expire_days: 3 })],
    "expire_days: expected 4, got 3",
  ],
  [
    "not taken back",
    [set(2_000, { expire_days: 3 }), set(2_500, { expire_days: 0 }), show(3_000, { expire_days: 3 })],
    "expire_days: expected null, got 3",
  ],
  [
    "lost on its way",
    [set(2_000, { expire_days: 3 }), rename, show(4_000, none, "six")],
    "expire_days: expected 3, got null",
  ],
  [
    "a column v after all",
    [set(2_000, { include_v: false }), show(3_000, { include_v: true })],
    "include_v: expected false, got true",
  ],
  [
    "changed by nobody",
    [show(2_000, none), show(3_000, { ...none, expire_days: 9 })],
    "expire_days: expected null, got 9",
  ],
  [
    "of a table that is gone",
    [call(1_500, "table.delete", table, named), set(2_000, {})],
    "it was taken although there is no sample.one",
  ],
  [
    "refused without a reason",
    [set(2_000, { expire_days: 3 }, refusal(422, "invalid_input"))],
    "it was refused (invalid_input) although it is well-formed",
  ],
  [
    "another one's",
    [set(2_000, {}, { reply: { ...named, table: "two" } })],
    'table: expected "one", got "two"',
  ],
])("wrong: %s", (_, calls, problem) => {
  expect(problems([make, ...calls])).toEqual([problem]);
});

test("nobody sets what is another customer's, or a job's at work", () => {
  expect(
    problems([
      make,
      set(1_500, {}, { account: hdp2, ...refusal(404, "not_found") }),
      set(2_000, {}, { account: hdp2 }),
    ]),
  ).toEqual(["it was taken although there is no sample.one"]);
  const register = call(
    3_000,
    "worker.register_table",
    { ...own, ...table, columns: [["id", "bigint"]] },
    table,
  );
  const making = [issue(1_000), claim(2_000), register];
  expect(problems([...making, set(4_000, {})])).toEqual(["it was taken although job 1 is making the table"]);
  expect(problems([...making, set(4_000, {}, refusal(409, "wrong_state"))])).toEqual([]);
});
