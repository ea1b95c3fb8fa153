import { expect, test } from "vitest";
import { rowsOfText, textOf } from "./forms.ts";

const rows = [
  [1, "a", null, true],
  [-0.1, "", "NULL", false],
  [1e21, 'say "x", then', "tab\t", 1e-7],
  [2n ** 63n - 1n, "line\nfeed", "back\\slash", "re\rturn"],
];

test("json has a row a line, without white space", () => {
  expect(textOf(rows, "json", null)).toBe(
    [
      '[1,"a",null,true]',
      '[-0.1,"","NULL",false]',
      '[1e+21,"say \\"x\\", then","tab\\t",1e-7]',
      '[9223372036854775807,"line\\nfeed","back\\\\slash","re\\rturn"]',
      "",
    ].join("\n"),
  );
});

test("csv quotes what would be read otherwise; null is nothing, empty text a pair of quotes", () => {
  expect(textOf(rows, "csv", ["n", "a,b"])).toBe(
    [
      'n,"a,b"',
      "1,a,,true",
      '-0.1,"",NULL,false',
      '1e+21,"say ""x"", then",tab\t,1e-7',
      '9223372036854775807,"line\nfeed",back\\slash,"re\rturn"',
      "",
    ].join("\n"),
  );
});

test("tsv escapes by a backslash; null is \\N, empty text nothing", () => {
  expect(textOf(rows, "tsv", null)).toBe(
    [
      "1\ta\t\\N\ttrue",
      "-0.1\t\tNULL\tfalse",
      '1e+21\tsay "x", then\ttab\\t\t1e-7',
      "9223372036854775807\tline\\nfeed\tback\\\\slash\tre\\rturn",
      "",
    ].join("\n"),
  );
});

test.each(["json", "csv", "tsv"] as const)("rows of %s are counted, whatever they hold", (format) => {
  expect(rowsOfText[format](textOf(rows, format, null))).toBe(rows.length);
  expect(rowsOfText[format]("")).toBe(0);
  expect(rowsOfText[format]("1")).toBeNull();
});
