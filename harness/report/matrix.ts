import { coverageLines } from "../coverage/coverage.ts";
import type { HistoryEvent } from "../history/event.ts";
import { type CellResult, partOf, type RunResult } from "../matrix/result.ts";
import { cellLines, marks } from "./cell-lines.ts";
import { cellCase, historyOfJob, looseCases, type Report } from "./report.ts";

/** The command that repeats the cell of a path, or the whole matrix. */
type Command = (path: string | null) => string;

/** What a run of the matrix found; its cells are the jobs of its history, in their order. */
export function matrixReport(result: RunResult, command: Command, events?: readonly HistoryEvent[]): Report {
  const { api, verdict, reasons, startedAt, millis, cells, loose, of, coverage } = result;
  return {
    title: `API ${api}${partOf(cells.length, of)}`,
    verdict,
    reasons: [...reasons, ...lackLines(result, command)],
    coverage: coverageLines(coverage),
    startedAt,
    millis,
    cases: [
      ...cells.map((cell, i) => ({
        ...cellCase(cell),
        millis: cell.millis,
        repeat: command(cell.path),
        ...(events && historyOfJob(events, i + 1)),
      })),
      ...looseCases(api, loose, events),
    ],
    text: matrixText(result, command),
    data: result,
  };
}

// The text for a terminal is a pure function of the result, so that it can be tested to the letter.

/** Lines of one screen: a run with one red cell fits. */
const screen = 40;
/** Ways of being red that are told in full, by one cell each. */
const toldWays = 3;
/** Cells that are named as red in the same way. */
const namedCells = 6;
/** Above this many scenarios only those that are not all green have a row. */
const rowsOfAll = 18;

export function matrixText(result: RunResult, command: Command): string {
  const ways = waysOfBeingRed(result.cells);
  const matrix = matrixLines(result);
  const end = [
    ...moreWays(ways, result.folder),
    ...result.loose.slice(0, 5).map((line) => `contract: ${line}`),
    ...lackLines(result, command),
    ...coverageLines(result.coverage),
    ...verdictLines(result),
  ];
  const left = screen - matrix.length - end.length - 3;
  const told = ways.slice(0, toldWays).flatMap((cells) => {
    const [first, ...others] = cells as [CellResult, ...CellResult[]];
    return [...cellLines(first, command(first.path), left), ...sameIn(others), ""];
  });
  return [...matrix, "", ...told, ...end].join("\n");
}

/** Red cells by what they have broken: those that broke the same invariants are most often one fault. */
function waysOfBeingRed(cells: readonly CellResult[]): CellResult[][] {
  const red = cells.filter(({ verdict }) => verdict !== "pass");
  return [...Map.groupBy(red, wayOf).values()];
}

const wayOf = ({ verdict, violations }: CellResult): string =>
  [verdict, ...violations.map(({ invariant }) => invariant)].join(" ");

function sameIn(others: readonly CellResult[]): string[] {
  if (others.length === 0) return [];
  const named = others.slice(0, namedCells).map(({ path }) => path);
  const more = others.length - named.length;
  return [`  the same in: ${named.join(", ")}${more === 0 ? "" : `, … and ${more} more`}`];
}

function moreWays(ways: readonly CellResult[][], folder: string): string[] {
  const untold = ways.slice(toldWays).flat();
  return untold.length === 0
    ? []
    : [`… and ${untold.length} cells red in other ways, each told in ${folder}/result.json`, ""];
}

/** What would exercise what was not. */
const lackLines = ({ lacks }: RunResult, command: Command): string[] => [
  ...new Set(
    lacks.map(({ what, next }) =>
      next === undefined
        ? `to exercise it: ${command(null)}`
        : `${what}; next: ${next}, then ${command(null)}`,
    ),
  ),
];

/** Scenarios down, engines across, a mark in each cell. */
function matrixLines({ cells, api }: RunResult): string[] {
  const parts = cells.map((cell) => ({ cell, split: cell.path.split("/") as [string, string, string] }));
  const engines = [...new Set(parts.map(({ split }) => split[1]))];
  const scenarios = [...new Set(parts.map(({ split }) => split[2]))];
  const isGreen = (scenario: string) =>
    parts.every(({ cell, split }) => split[2] !== scenario || cell.verdict === "pass");
  const shown = scenarios.length <= rowsOfAll ? scenarios : scenarios.filter((name) => !isGreen(name));
  const first = Math.max(...shown.map(({ length }) => length), api.length + 4);
  const head = [`API ${api}`.padEnd(first), ...engines].join("  ");
  const rows = shown.map((scenario) => {
    const row = engines.map((engine) => {
      const found = parts.find(({ split }) => split[1] === engine && split[2] === scenario);
      return centre(found === undefined ? " " : marks[found.cell.verdict], engine.length);
    });
    return [scenario.padEnd(first), ...row].join("  ").trimEnd();
  });
  const hidden = scenarios.length - shown.length;
  return [head, ...rows, ...(hidden === 0 ? [] : [`${hidden} scenarios ✓ wherever they were tried`])];
}

const centre = (mark: string, width: number): string => mark.padStart(Math.ceil(width / 2)).padEnd(width);

function verdictLines(result: RunResult): string[] {
  const { verdict, counts, reasons, identities, millis, cells, folder, notCompared, of } = result;
  // Of a part it is never said that all pass: nobody must take it for the whole.
  const part = partOf(cells.length, of);
  const pass = part === "" ? `${counts.pass} of ${cells.length} cells pass` : `${counts.pass} pass`;
  const numbers = `${pass}, ${counts.violation} violate, ${counts.missing} missing, ${counts.infrastructure} infrastructure`;
  const who = identities.map((identity) => `${identity.component} ${shortBuild(identity)}`).join(", ");
  const why = reasons.length === 0 ? "" : ` (${reasons.join("; ")})`;
  return [
    `${verdict.toUpperCase()}${part === "" ? "" : ` of a subset${part}`}${why}: ${numbers}; ${(millis / 1000).toFixed(1)} s`,
    `attested: ${who}`,
    ...notCompared.map((what) => `not compared: ${what}`),
    `kept in ${folder}`,
  ];
}

/** A digest may be inherited with an image's label: an image is known by its own id. */
const shortBuild = ({ digest, image }: RunResult["identities"][number]): string =>
  `${digest.slice(0, 12)}${image === null ? "" : ` in ${image.replace("sha256:", "").slice(0, 12)}`}`;
