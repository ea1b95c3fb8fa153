import { dirname, join, parse } from "node:path";
import type { HistoryEvent, RunEvent } from "./event.ts";

/** How a history is kept: lines of JSON in one file, large values in files of their own beside it. */

/** What a history may measure: no reader takes more, so no writer makes more. */
export const historyLimits = {
  fileBytes: 256 * 2 ** 20,
  lineBytes: 2 ** 20,
  /** All bodies together. */
  bodiesBytes: 256 * 2 ** 20,
  /** Arrays and objects within each other, in a line or a body. */
  depth: 200,
} as const;

/** A value of an event whose JSON is larger goes to a file of its own. */
export const inlineBytes = 16 * 1024;

/** Where the large values of a history are: `run/history.bodies` for `run/history.jsonl`. */
export const bodiesFolder = (file: string): string => join(dirname(file), `${parse(file).name}.bodies`);

export const bodyFile = (file: string, digest: string): string => join(bodiesFolder(file), `${digest}.json`);

/** Whether a value of an event stands for another; a true value of this look goes to a file itself. */
export const isReference = (value: unknown): value is { $body: unknown } =>
  typeof value === "object" && value !== null && Object.hasOwn(value, "$body");

/** How many jobs there are, those of visitors included. */
export const jobsIn = ({ schedule, visit }: Pick<RunEvent, "schedule" | "visit">): number =>
  schedule.workload.jobs.length + (visit?.jobs ?? 0);

/** Whether all that the run was about was looked at in the end. */
export function isWhole(events: readonly HistoryEvent[]): boolean {
  const [first] = events;
  if (first?.kind !== "run" || (first.visit === undefined && jobsIn(first) === 0)) return false;
  return events.filter(({ kind }) => kind === "final").length === jobsIn(first);
}
