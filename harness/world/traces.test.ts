import { expect, test } from "vitest";
import type { Act, RowChange } from "./acts.ts";
import { Tally } from "./traces.ts";

/** Logs told by hand. The table `t` was there at the first look, with the rows x and y. */

const says = (sql: string): Act => ({
  kind: "statement",
  life: 0,
  thread: 1,
  database: "db",
  sql,
});
const rows = (table: string, ...changes: RowChange[]): Act => ({
  kind: "rows",
  life: 0,
  thread: 1,
  table: `db.${table}`,
  rows: changes,
});
const came = (after: string): RowChange => ({ before: null, after });
const went = (before: string): RowChange => ({ before, after: null });
const became = (before: string, after: string): RowChange => ({ before, after });

function told(...acts: Act[]) {
  const tally = new Tally(["db.t"]);
  for (const act of acts) tally.take(act, "worker");
  return Object.fromEntries([...tally.told].map(([name, { acts: done }]) => [name, done]));
}

test("rows that come and go again are the log's own; rows of before are old", () => {
  expect(told(rows("t", came("a"), came("a"), went("a"), became("a", "b"), went("b")))).toEqual({
    "db.t": { added: 2, removed: 2, changed: 1 },
  });
  expect(told(rows("t", went("x"), came("x"), went("y")))).toEqual({
    "db.t": { removed: 2, old: 2, added: 1, back: 1 },
  });
  expect(told(rows("t", became("x", "z"), became("z", "x"), went("x")))).toEqual({
    "db.t": { changed: 2, old: 2, back: 1, removed: 1 },
  });
});

test("IF EXISTS and IF NOT EXISTS count where they did something", () => {
  expect(told(says("CREATE TABLE IF NOT EXISTS t (id INT)"), says("DROP TABLE IF EXISTS u"))).toEqual({});
  expect(told(says("DROP TABLE IF EXISTS t"), says("CREATE TABLE IF NOT EXISTS t (id INT)"))).toEqual({
    "db.t": { dropped: 1, made: 1 },
  });
});

test("a table keeps its rows through a new name, and both names are known of it", () => {
  const tally = new Tally(["db.t"]);
  for (const act of [
    says("CREATE TABLE stage (id INT)"),
    rows("stage", came("a")),
    says("RENAME TABLE stage TO mine"),
    rows("mine", went("a")),
  ])
    tally.take(act, "worker");
  expect([...tally.told].map(([name, { acts, names }]) => [name, acts, [...names]])).toEqual([
    ["db.stage", { made: 1, added: 1, dropped: 1 }, ["db.stage", "db.mine"]],
    ["db.mine", { made: 1, removed: 1 }, ["db.mine", "db.stage"]],
  ]);
});

test("of a table that is renamed twice all names are known by each", () => {
  const tally = new Tally([]);
  for (const sql of ["CREATE TABLE a (id INT)", "RENAME TABLE a TO b", "RENAME TABLE b TO c"])
    tally.take(says(sql), "worker");
  const names = ["db.a", "db.b", "db.c"];
  expect([...tally.told].map(([name, told]) => [name, [...told.names].toSorted()])).toEqual(
    names.map((name) => [name, names]),
  );
});

test("a table that another replaces at once was there all the time", () => {
  expect(
    told(says("CREATE TABLE n (id INT)"), says("RENAME TABLE t TO o, n TO t"), says("DROP TABLE o")),
  ).toEqual({
    "db.n": { made: 1, dropped: 1 },
    "db.t": { altered: 2 },
    "db.o": { made: 1, dropped: 1 },
  });
  expect(told(says("RENAME TABLE t TO o"), says("RENAME TABLE o TO t"))).toMatchObject({
    "db.t": { dropped: 1, made: 1 },
  });
});

test("what is no table is told in its words", () => {
  expect(told(says("CREATE USER 'eve'@'%'"), says("DROP USER 'eve'@'%'"))).toEqual({
    "CREATE USER '…' @ '…'": { said: 1 },
    "DROP USER '…' @ '…'": { said: 1 },
  });
});
