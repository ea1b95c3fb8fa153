import { expect, test } from "vitest";
import { cellResult, runResult } from "../../testing/result.ts";
import { matrixReport } from "../matrix.ts";
import { type Report, troubleReport } from "../report.ts";
import { annotations } from "./annotations.ts";

const commandsIn = (report: Report) =>
  annotations
    .render(report)
    .split("\n")
    .filter((line) => line.startsWith("::error"));
const red = (cells: number, reason: string) =>
  matrixReport(
    runResult(
      Array.from({ length: cells }, (_, i) => cellResult(`a/b/c${i}`, { verdict: "missing", reason })),
    ),
    (path) => `script/compat --cell ${path}`,
  );

test.each([
  [0, 0],
  [1, 1],
  [10, 10],
  [11, 10],
  [10_000, 10],
])("of %i red cells there are %i annotations", (cells, wanted) => {
  const report = cells === 0 ? matrixReport(runResult([cellResult("a/b/c")]), () => "") : red(cells, "why");
  const told = commandsIn(report);
  expect(told).toHaveLength(wanted);
  expect(
    told.filter((line) => line.endsWith(`::${cells - 9} more are not pass and not shown here`)),
  ).toHaveLength(cells > wanted ? 1 : 0);
});

test("no text is a command, and none ends one", () => {
  const evil = "50 %\r\n::set-env name=PATH::/evil, a: b\n::error::mine";
  const report = { ...red(1, evil), text: `fine\n::add-mask::x\n${evil}` };
  const lines = annotations.render(report).split("\n");
  const [, token] = /^::stop-commands::([0-9a-f]{64})$/.exec(lines[0] ?? "") ?? [];
  const end = lines.indexOf(`::${token}::`);
  expect(lines.slice(1, end).join("\n")).toBe(report.text.replace("\r", "\\u{d}"));
  expect(lines.slice(end + 1)).toEqual([
    "::error title=missing%3A a/b/c0::50 %25\\u{d}%0A::set-env name=PATH::/evil, a: b%0A::error::mine%0Aagain: script/compat --cell a/b/c0",
    "",
  ]);
});

test("a command that came to no verdict is one", () => {
  expect(commandsIn(troubleReport("API current", "mysql: no answer"))).toEqual([
    "::error title=infrastructure%3A interlock/run::mysql: no answer",
  ]);
});
