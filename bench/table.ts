import type { Bar } from "./bar.ts";

const tick = (met: boolean): string => (met ? "✓" : "✕");

/** Bars as a table of Markdown. */
export const tableOf = (bars: readonly Bar[]): string =>
  [
    "| bar | line | measured | |",
    "|---|---|---|---|",
    ...bars.map(({ bar, line, measured, met }) => `| ${bar} | ${line} | ${measured} | ${tick(met)} |`),
  ].join("\n");

/** What a row of docs/bars.md says behind its figure: its notes stay when it is measured anew. */
const notes = /(?: \[\d+\]\(#notes\))+$/;

/**
 * docs/bars.md with the figures that were measured in their rows, each with its line and whether that is met; a bar that has no row
 * yet gets one at the end of the table.
 *
 * @param page with one table of five columns first: bar, line, measured, met, how
 */
export function withMeasured(page: string, bars: readonly Bar[]): string {
  const lines = page.split("\n");
  const first = lines.findIndex((line) => line.startsWith("| bar "));
  const past = lines.findIndex((line, i) => i > first && !line.startsWith("|"));
  if (first === -1 || past === -1) throw new Error("docs/bars.md: expected a table that begins with | bar");
  const rows = lines.slice(first, past).map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));
  for (const { bar, line, measured, met } of bars) {
    const row = rows.find(([, name]) => name === bar);
    const kept = notes.exec(row?.[3] ?? "")?.[0] ?? "";
    const cells = ["", bar, line, `${measured}${kept}`, tick(met), row?.[5] ?? "`script/bench`", ""];
    if (row === undefined) rows.push(cells);
    else row.splice(0, row.length, ...cells);
  }
  const table = rows.map((cells) => cells.join(" | ").trim());
  return [...lines.slice(0, first), ...table, ...lines.slice(past)].join("\n");
}
