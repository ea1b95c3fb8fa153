import { expect, test } from "vitest";
import { placeOfTable, wayIntoTable } from "./way-into-table.ts";

test("a delivery into a table is known by the table, whatever id it bears", () => {
  const place = "/v3/table/import_with_id/mart/daily";
  expect(placeOfTable("mart", "daily")).toBe(place);
  for (const id of ["0a", "ff"]) expect(wayIntoTable("PUT", `${place}/${id}/msgpack.gz`)).toBe(place);
});

test.each([
  ["POST", "/v3/table/import_with_id/mart/daily/0a/msgpack.gz"],
  ["PUT", "/v3/table/import/mart/daily/msgpack.gz"],
  ["POST", "/worker/v1/claim"],
])("%s %s is none", (method, url) => {
  expect(wayIntoTable(method, url)).toBeNull();
});
