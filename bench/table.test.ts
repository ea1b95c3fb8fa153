import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { withMeasured } from "./table.ts";

const page = `# Bars

| bar   | line    | measured           |     | how            |
| ----- | ------- | ------------------ | --- | -------------- |
| speed | >= 5 /s | 7 /s [2](#notes)   | ✓   | \`a \\| b\`        |
| size  | <= 1 MB | 2 MB               | ✕   | by hand        |

## Notes
| what | before |
`;

test("a figure stands in the place of the one before, with the row's notes and how it is measured", () => {
  const bar = { bar: "speed", line: ">= 6 /s", measured: "5 /s", met: false };
  expect(withMeasured(page, [bar])).toContain("| speed | >= 6 /s | 5 /s [2](#notes) | ✕ | `a \\| b` |");
});

test("what was not measured, and what is beyond the table, stays as it is", () => {
  const cellsOf = (text: string) => text.split("\n").map((line) => line.replaceAll(/\s+/g, " "));
  const bar = { bar: "speed", line: ">= 5 /s", measured: "7 /s", met: true };
  expect(cellsOf(withMeasured(page, [bar]))).toEqual(cellsOf(page));
});

test("a new bar stands at the end of the table", () => {
  const bar = { bar: "new", line: "<= 1", measured: "0", met: true };
  const lines = withMeasured(page, [bar]).split("\n");
  expect(lines[lines.indexOf("") + 5]).toBe("| new | <= 1 | 0 | ✓ | `script/bench` |");
});

test("the page that is there has such a table", async () => {
  const text = await readFile("docs/bars.md", "utf8");
  const bar = { bar: "fault proxy", line: "x", measured: "y", met: true };
  expect(withMeasured(text, [bar]).split("\n")).toHaveLength(text.split("\n").length);
});
