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
  const differing = rows?.findIndex((row, i) => JSON.stringify(row) !== lines[i]) ?? -1;
  return differing < 0
    ? null
    : wrong(`row ${differing + 1} of the result`, rows?.[differing], lines[differing]);
}

/** A body of one line is parsed where bodies are recorded; one without a line is none. */
function linesOf(reply: unknown): string[] {
  if (reply === undefined) return [];
  if (typeof reply !== "string") return [JSON.stringify(reply)];
  const lines = reply.split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}
