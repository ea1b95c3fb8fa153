import { describe, expect, test } from "vitest";
import { namedTables } from "./named-tables.ts";
import { readRewritten, tableOf } from "./rewritten.ts";

const limits = (note: string) =>
  Object.fromEntries([...readRewritten(note).selects].map(([n, { limit }]) => [n, limit]));

describe("what MySQL tells of a rewritten statement", () => {
  test("tables by the names that each select has for them", () => {
    const note =
      "/* select#1 */ select `s`.`a`.`x` AS `x` from `s`.`one` `a` join `s`.`or``ders` where exists(/* select#2 */ select 1 from `s`.`two` `a` where (`s`.`a`.`y` = 1))";
    const rewritten = readRewritten(note);
    expect(tableOf(rewritten, 1, "a")).toBe("s.one");
    expect(tableOf(rewritten, 2, "a")).toBe("s.two");
    expect(tableOf(rewritten, 1, "or`ders")).toBe("s.or`ders");
    // Of a select that became a part of another one: it may be either.
    expect(tableOf(rewritten, 3, "a")).toBeNull();
    expect(tableOf(rewritten, 3, "or`ders")).toBe("s.or`ders");
  });

  test("no column or value is taken for a table", () => {
    const note =
      "/* select#1 */ select `s`.`t`.`a` AS `a`,`s`.`t`.`b` AS `b` from `s`.`t` where (`s`.`t`.`c` in ('x',' from `q`.`r`'))";
    expect([...(readRewritten(note).selects.get(1)?.tables.values() ?? [])]).toEqual(["s.t"]);
  });

  test("the limit is that of the select itself", () => {
    expect(limits("/* select#1 */ select 1 AS `1` from `s`.`t` limit 10")).toEqual({ 1: 10 });
    expect(limits("/* select#1 */ select 1 AS `1` from `s`.`t` limit 20,10")).toEqual({ 1: 30 });
    expect(limits("delete from `s`.`t` limit 10")).toEqual({ 1: 10 });
    expect(
      limits("/* select#1 */ select `a`.`x` from (/* select#2 */ select 1 AS `x` from `s`.`t` limit 5) `a`"),
    ).toEqual({ 1: null, 2: 5 });
    const union =
      "(/* select#1 */ select 1 from `s`.`t` limit 5) union all (/* select#2 */ select 1 from `s`.`t`) limit 7";
    expect(limits(union)).toEqual({ 1: 5, 2: null });
    // It belongs to both.
    const members = "/* select#1 */ select 1 from `s`.`t` union /* select#2 */ select 1 from `s`.`t` limit 7";
    expect(limits(members)).toEqual({ 1: null, 2: null });
  });

  test("a value that looks like a limit is none", () => {
    expect(limits("/* select#1 */ select ' limit 3' AS `x` from `s`.`t`")).toEqual({ 1: null });
    expect(limits("/* select#1 */ select 'it's limit 3' AS `x` from `s`.`t`")).toEqual({ 1: null });
    expect(limits("/* select#1 */ select 'it's limit 3','that's' AS `x` from `s`.`t`")).toEqual({ 1: null });
  });

  test("the order by its columns", () => {
    const note =
      "/* select#1 */ select 1 from `s`.`t` `o` where (`s`.`o`.`a` = 1) order by `s`.`o`.`b` desc,`s`.`o`.`c` limit 3";
    expect(readRewritten(note).selects.get(1)?.order).toEqual([
      { alias: "o", column: "b" },
      { alias: "o", column: "c" },
    ]);
  });
});

test.each([
  ["SELECT `body` FROM `results` . `files` WHERE `id` = ?", "results.files files"],
  ["UPDATE `t` `x` SET `a` = ?", "null.t x"],
  ["SELECT ? FROM STATUS WHERE `id` = ?", "null.status status"],
  ["DELETE FROM `a` . TABLES WHERE `id` = ?", "a.tables tables"],
  ["SELECT ? FROM ( `a` JOIN `b` AS `c` ON `x` = ? )", "null.a a, null.b c"],
])("%s names %s", (text, told) => {
  expect(
    namedTables(text)
      .map(({ schema, table, alias }) => `${schema}.${table} ${alias}`)
      .join(", "),
  ).toBe(told);
});
