import { expect, test } from "vitest";
import { statementKinds } from "./statements.ts";
import { domainKey, numberOf, numberOfKey, targetOf, targetTable } from "./targets.ts";

const source = { name: "source_rows", columns: [["id", "bigint"] as [string, "bigint"]], rows: [] };

test.each(Object.entries(statementKinds))(
  "a query of the kind %s tells which job of which schedule it is",
  (_, { query }) => {
    const text = query(source, targetTable(12, "r7_"));
    expect(targetOf(text)).toEqual({ number: 12, prefix: "r7_" });
    expect(numberOf(text, "r7_")).toBe(12);
    expect(numberOf(text, "r8_")).toBeNull();
    expect(numberOf(text)).toBeNull();
    expect(numberOf(query(source, targetTable(3)))).toBe(3);
  },
);

test.each(["/sink/", "/refuse/", "mysql://user:password@db:3306/mart/"])(
  "a destination under %s tells it too",
  (at) => {
    expect(targetOf(`${at}${targetTable(12, "r7_")}?mode=append`)).toEqual({ number: 12, prefix: "r7_" });
  },
);

test.each(["SELECT 1", "", null, undefined, "SELECT 'side_effect_1'"])("%j names no job", (text) => {
  expect(targetOf(text)).toBeNull();
  expect(numberOf(text)).toBeNull();
});

test("a domain key tells which job it is of, and no other text does", () => {
  expect(numberOfKey(domainKey(12))).toBe(12);
  for (const key of ["", "workload-", "workload-x", "xworkload-1", "workload-1x"]) {
    expect(numberOfKey(key)).toBeNull();
  }
});
