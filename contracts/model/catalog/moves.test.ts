import { describe, expect, test } from "vitest";
import type { OperationId } from "../../operations.ts";
import {
  call,
  claim,
  finish,
  hdp2,
  issue,
  own,
  problems,
  refusal,
  second,
} from "../../testing/model-calls.ts";
import type { Fields, ModelCall } from "../call.ts";

const database = "sample";
const schema = '[["id","bigint"]]';
const missing = refusal(404, "not_found");
const taken = refusal(409, "already_exists");
const busy = refusal(409, "wrong_state");

const ask = (
  at: number,
  operation: OperationId,
  request: Fields,
  reply: unknown,
  more: Partial<ModelCall> = {},
) => call(at, operation, { database, ...request }, reply, more);
const named = (table: string) => ({ database, table, type: "log" });
const make = (at: number, table: string, more = {}) =>
  ask(at, "table.create", { table, type: "log" }, named(table), more);
const remove = (at: number, table: string, more = {}) =>
  ask(at, "table.delete", { table }, named(table), more);
const rename = (at: number, table: string, new_name: string, more = {}) =>
  ask(at, "table.rename", { table, new_name }, named(new_name), more);
const replace = (at: number, table: string, new_name: string, more = {}) =>
  ask(at, "table.rename", { table, new_name, overwrite: "true" }, named(new_name), more);
const swap = (at: number, first: string, other: string, more = {}) =>
  ask(at, "table.swap", { first, second: other }, { database, table1: first, table2: other }, more);
const alter = (at: number, table: string, more = {}) =>
  ask(at, "table.update_schema", { table, schema }, named(table), more);
const drop = (at: number, more = {}) => ask(at, "database.delete", {}, { database }, more);
const show = (at: number, table: string, row: Fields = {}, more = {}) =>
  ask(at, "table.show", { table }, { name: table, ...row }, more);
const list = (at: number, ...tables: string[]) =>
  ask(at, "table.list", {}, { database, tables: tables.map((name) => ({ name, id: name })) });
/** Nobody heard the answer: it may have had its effect. */
const lost = { status: null, reply: undefined, excused: true };

const register = call(
  3_000,
  "worker.register_table",
  { ...own, database, table: "one", columns: [["id", "bigint"]] },
  { database, table: "one" },
);
const making = [issue(1_000), claim(2_000), register];
const begun = [make(1_000, "one"), make(2_000, "two")];

test.each<[string, ModelCall[]]>([
  ["what is deleted is gone", [remove(3_000, "one"), show(4_000, "one", {}, missing), list(5_000, "two")]],
  ["a name is free again", [remove(3_000, "one"), remove(4_000, "one", missing), make(5_000, "one")]],
  [
    "what is renamed has another name",
    [rename(3_000, "one", "six"), show(4_000, "six"), list(5_000, "six", "two")],
  ],
  ["a name that is taken", [rename(3_000, "one", "two", taken), list(4_000, "one", "two")]],
  ["its own name", [rename(3_000, "one", "one", taken)]],
  [
    "the place of another one",
    [replace(3_000, "one", "two"), list(4_000, "two"), show(5_000, "one", {}, missing)],
  ],
  ["names are swapped", [swap(3_000, "one", "two"), list(4_000, "one", "two")]],
  ["one is not there", [swap(3_000, "one", "six", missing)]],
  [
    "a database goes with its tables",
    [drop(3_000), show(4_000, "one", {}, missing), make(5_000, "one", missing)],
  ],
  [
    "a service has none of it",
    [remove(3_000, "one", missing), drop(4_000, missing), swap(5_000, "one", "two", missing)],
  ],
  ["a lost delete may have had its effect", [remove(3_000, "one", lost), show(4_000, "one")]],
  ["or not", [remove(3_000, "one", lost), show(4_000, "one", {}, missing)]],
])("%s", (_, calls) => expect(problems([...begun, ...calls])).toEqual([]));

test.each<[string, ModelCall[]]>([
  ["it is shown although it is not there", [remove(3_000, "one"), show(4_000, "one")]],
  ["one is listed although it is not there", [remove(3_000, "one"), list(4_000, "one", "two")]],
  ["sample.two of its customer is left out", [remove(3_000, "one"), list(4_000)]],
  ["it is shown although it is not there", [rename(3_000, "one", "six"), show(4_000, "one")]],
  [
    "it is not shown although sample.six of its customer is there",
    [rename(3_000, "one", "six"), show(4_000, "six", {}, missing)],
  ],
  ["it was taken although sample.two of its customer has that name already", [rename(3_000, "one", "two")]],
  ["it was taken although a table has its own name already", [rename(3_000, "one", "one")]],
  [
    "it was refused (already_exists) although nothing has that name",
    [remove(2_500, "two"), rename(3_000, "one", "two", taken)],
  ],
  [
    "it was refused (already_exists) although it may take the place of another one",
    [replace(3_000, "one", "two", taken)],
  ],
  ["it was taken although there is no sample.one", [remove(3_000, "one"), remove(4_000, "one")]],
  ["it was taken although there is no sample.one", [remove(3_000, "one"), rename(4_000, "one", "six")]],
  ["it was taken although there is no sample.one", [remove(3_000, "one"), swap(4_000, "two", "one")]],
  ["it was taken although there is no sample.one", [remove(3_000, "one"), alter(4_000, "one")]],
  [
    "it was refused (not_found) although sample.two of its customer is there",
    [remove(3_000, "one"), remove(4_000, "two", missing)],
  ],
  [
    "it was refused (not_found) although sample.two of its customer is there",
    [alter(3_000, "two"), alter(4_000, "two", missing)],
  ],
  [
    "it was refused (not_found) although sample.one of its customer is there",
    [swap(3_000, "one", "two"), swap(4_000, "one", "two", missing)],
  ],
  ["it was refused (wrong_state) although no job is making the table", [remove(3_000, "one", busy)]],
  ["it was refused (wrong_state) although no job is making the table", [drop(3_000, busy)]],
  ["it is shown although it is not there", [drop(3_000), show(4_000, "one")]],
  ["its tables are listed although it is not there", [drop(3_000), list(4_000)]],
  ["it was taken although its database is not there", [drop(3_000), make(4_000, "six")]],
  ['table: expected "six", got "one"', [rename(3_000, "one", "six", { reply: named("one") })]],
  [
    'table2: expected "two", got "one"',
    [swap(3_000, "one", "two", { reply: { database, table1: "one", table2: "one" } })],
  ],
])("%s", (problem, calls) => expect(problems([...begun, ...calls])).toEqual([problem]));

describe("what goes with a table", () => {
  const one = { id: 1, created_at: second(1), updated_at: second(1) };
  const two = { id: 2, created_at: second(2), updated_at: second(2) };
  const seen = [...begun, show(3_000, "one", one), show(3_100, "two", two)];

  test("its id, when it was made and its columns, to its new name", () => {
    const moved = { ...one, updated_at: second(5), schema };
    expect(
      problems([...seen, alter(4_000, "one"), rename(5_000, "one", "six"), show(6_000, "six", moved)]),
    ).toEqual([]);
    for (const [name, value] of [
      ["id", 3],
      ["created_at", second(5)],
      ["updated_at", second(3)],
      ["schema", "[]"],
    ] as const)
      expect(
        problems([
          ...seen,
          alter(4_000, "one"),
          rename(5_000, "one", "six"),
          show(6_000, "six", { ...moved, [name]: value }),
        ]),
      ).toEqual([expect.stringContaining(`${name}: expected`)]);
  });

  test("both ways in a swap, and not at all where nobody knows whether there was one", () => {
    const at = { updated_at: second(5) };
    const swapped = [show(6_000, "one", { ...two, ...at }), show(6_100, "two", { ...one, ...at })];
    const unswapped = [show(6_000, "one", { ...one, ...at }), show(6_100, "two", { ...two, ...at })];
    expect(problems([...seen, swap(5_000, "one", "two"), ...swapped])).toEqual([]);
    expect(problems([...seen, swap(5_000, "one", "two"), ...unswapped])).toEqual([
      "id: expected 2, got 1",
      "id: expected 1, got 2",
    ]);
    for (const looks of [swapped, unswapped])
      expect(problems([...seen, swap(5_000, "one", "two", lost), ...looks])).toEqual([]);
    expect(problems([...seen, swap(5_000, "one", "two", { sent: 2_000 }), ...unswapped])).toEqual([]);
  });
});

describe("a table that a job makes", () => {
  const moves = [
    remove(4_000, "one"),
    rename(4_000, "one", "six"),
    swap(4_000, "one", "two"),
    alter(4_000, "one"),
    drop(4_000),
  ];
  const replaced = replace(4_000, "two", "one");

  test.each([...moves, replaced].map((move) => [move.operation, move] as const))(
    "is nobody else's: %s",
    (_, move) => {
      const calls = [...making, make(2_500, "two")];
      expect(problems([...calls, { ...move, ...busy }])).toEqual([]);
      expect(problems([...calls, move])).toEqual(["it was taken although job 1 is making the table"]);
    },
  );

  test("is as any other once the job has ended", () => {
    const ended = [issue(1_000, "1", {}), claim(2_000), register, finish(3_500)];
    expect(problems([...ended, make(2_500, "two"), remove(4_000, "one")])).toEqual([]);
    expect(problems([...ended, make(2_500, "two"), remove(4_000, "one", busy)])).toEqual([
      "it was refused (wrong_state) although no job is making the table",
    ]);
  });

  test("is not there for another customer", () => {
    const theirs = { account: hdp2 };
    expect(
      problems([...begun, remove(3_000, "one", theirs), remove(4_000, "one", { ...theirs, ...missing })]),
    ).toEqual([]);
    expect(
      problems([...begun, remove(3_000, "one", { ...theirs, ...missing }), remove(4_000, "one", theirs)]),
    ).toContainEqual("it was taken although there is no sample.one");
  });
});
