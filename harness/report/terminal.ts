import type { CellResult, Verdict } from "../cells/cell.ts";
import type { RunResult } from "../result.ts";

/** The result as text for a terminal: a pure function, so that it can be tested to the letter. */

const marks: Record<Verdict, string> = { pass: "✓", violation: "✕", missing: "?", infrastructure: "!" };

/** Red cells that are told in full; the others are named. */
const toldCells = 3;

export function terminalReport(result: RunResult, command: (path: string) => string): string {
  const red = result.cells.filter(({ verdict }) => verdict !== "pass");
  return [
    ...matrixLines(result),
    "",
    ...red.slice(0, toldCells).flatMap((cell) => [...cellLines(cell, command(cell.path)), ""]),
    ...(red.length > toldCells
      ? [`… and ${red.length - toldCells} more, each told in ${result.folder}/result.json`, ""]
      : []),
    ...result.loose.slice(0, 5).map((line) => `contract: ${line}`),
    verdictLine(result),
  ].join("\n");
}

/** Scenarios down, engines across, a mark in each cell. */
export function matrixLines({ cells, api }: RunResult): string[] {
  const parts = cells.map((cell) => ({ cell, split: cell.path.split("/") as [string, string, string] }));
  const engines = [...new Set(parts.map(({ split }) => split[1]))];
  const scenarios = [...new Set(parts.map(({ split }) => split[2]))];
  const first = Math.max(...scenarios.map(({ length }) => length), api.length + 4);
  const head = [`API ${api}`.padEnd(first), ...engines].join("  ");
  const rows = scenarios.map((scenario) => {
    const row = engines.map((engine) => {
      const found = parts.find(({ split }) => split[1] === engine && split[2] === scenario);
      return centre(found === undefined ? " " : marks[found.cell.verdict], engine.length);
    });
    return [scenario.padEnd(first), ...row].join("  ").trimEnd();
  });
  return [head, ...rows];
}

const centre = (mark: string, width: number): string => mark.padStart(Math.ceil(width / 2)).padEnd(width);

function cellLines(cell: CellResult, command: string): string[] {
  const title = `${marks[cell.verdict]} ${cell.path}${cell.job === null ? "" : `, job ${cell.job}`}`;
  return [
    title,
    ...(cell.reason === undefined ? [] : [`  ${cell.reason}`]),
    ...cell.violations.flatMap(({ check, definition, witnesses }) => [
      `  ${check}: ${definition}`,
      ...witnesses.slice(0, 4).map((witness) => `    ${witness}`),
    ]),
    ...(cell.story.length === 0 ? [] : ["  who saw what:", ...cell.story.map((line) => `    ${line}`)]),
    `  again: ${command}`,
  ];
}

export function verdictLine({
  verdict,
  counts,
  reasons,
  identities,
  millis,
  cells,
  folder,
}: RunResult): string {
  const numbers = `${counts.pass} of ${cells.length} cells pass, ${counts.violation} violate, ${counts.missing} missing, ${counts.infrastructure} infrastructure`;
  const who = identities.map(({ component, digest }) => `${component} ${digest.slice(0, 12)}`).join(", ");
  const why = reasons.length === 0 ? "" : ` (${reasons.join("; ")})`;
  return [
    `${verdict.toUpperCase()}${why}: ${numbers}; ${(millis / 1000).toFixed(1)} s`,
    `attested: ${who}`,
    `kept in ${folder}`,
  ].join("\n");
}
