import { type ResultFormat, resultMediaTypes } from "../operations/jobs.ts";
import type { Row } from "../values.ts";
import type { ModelCall } from "./call.ts";
import { wrong } from "./call.ts";
import type { JobState } from "./job-state.ts";
import { hasResult } from "./refusals.ts";

/** What is wrong with a result that was read; null where it is right. JSON has a line for each row. */
export function resultProblem(
  state: JobState,
  { request, reply, mediaType }: ModelCall,
  rows: readonly Row[] | null,
): string | null {
  if (!hasResult(state)) return `a result was read of a job that was ${state.status} and has none`;
  const format = (request["format"] ?? "tsv") as ResultFormat;
  const expected = resultMediaTypes[format];
  if (mediaType !== undefined && mediaType !== expected) return wrong("content-type", expected, mediaType);
  const reported = state.report?.["num_records"];
  if (format !== "json") return null;
  const lines = linesOf(reply);
  if (lines.length !== reported) return wrong("rows of the result", reported, lines.length);
  if (rows === null) return null;
  const right = linesOfRows(rows);
  if (lines.length !== right.length) return wrong("rows of the result", right.length, lines.length);
  const differing = lines.findIndex((line, i) => line !== right[i]);
  return differing < 0
    ? null
    : wrong(`row ${differing + 1} of the result`, right[differing], lines[differing]);
}

const written = new WeakMap<readonly Row[], readonly string[]>();

/** Rows as lines; the rows of one scenario are asked for again and again. */
function linesOfRows(rows: readonly Row[]): readonly string[] {
  const known = written.get(rows);
  if (known !== undefined) return known;
  const lines = rows.map((row) => JSON.stringify(row));
  written.set(rows, lines);
  return lines;
}

/** A body of one line is parsed where bodies are recorded; one without a line is none. */
function linesOf(reply: unknown): string[] {
  if (reply === undefined) return [];
  if (typeof reply !== "string") return [JSON.stringify(reply)];
  const lines = reply.split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}
