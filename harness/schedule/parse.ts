import { z } from "zod";
import { reasonOf, UsageError } from "../errors.ts";
import { operationsOf } from "./operations.ts";
import { type Schedule, scheduleFormat, scheduleSchema } from "./schedule.ts";

/** The schedule in a JSON text; `name` is the file, for messages. Throws UsageError, which names every wrong place. */
export const parseSchedule = (text: string, name: string): Schedule =>
  checkSchedule(parseJson(text, name), name);

export function checkSchedule(value: unknown, name: string): Schedule {
  refuseNewer(value, scheduleFormat, name);
  const schedule = checked(scheduleSchema, value, name);
  refuseProblems(scheduleProblems(schedule), name);
  return schedule;
}

/** What no schema says: a site that no system has. Any list of faults at known sites is valid. */
const scheduleProblems = ({ faults }: Schedule): string[] =>
  faults.flatMap(({ at: { link, operation } }, i) =>
    operationsOf[link].includes(operation)
      ? []
      : [
          `faults[${i}].at.operation: ${operation} is unknown on ${link}; known are ${operationsOf[link].join(", ")}`,
        ],
  );

export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UsageError(`${name}: is no JSON: ${reasonOf(error)}`);
  }
}

/** A newer format may differ anywhere: nothing else about it is worth a message. */
export function refuseNewer(value: unknown, format: number, name: string): void {
  const found = typeof value === "object" && value !== null && "format" in value ? value.format : undefined;
  if (typeof found === "number" && found > format) {
    throw new UsageError(
      `${name}: format: ${found} was made by a newer Interlock; this one reads format ${format}`,
    );
  }
}

/** The value as the schema has it; throws UsageError with a line for every place that differs. */
export function checked<S extends z.ZodType>(schema: S, value: unknown, name: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  refuseProblems(
    result.error.issues.map(({ path, message }) => `${printPath(path)}: ${message}`),
    name,
  );
  throw result.error;
}

const shown = 5;

export function refuseProblems(problems: readonly string[], name: string): void {
  if (problems.length === 0) return;
  const more = problems.length > shown ? [`and ${problems.length - shown} more`] : [];
  throw new UsageError([`${name}:`, ...problems.slice(0, shown), ...more].join("\n  "));
}

/** `faults[0].at.link`. */
const printPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, step) =>
      typeof step === "number" ? `${text}[${step}]` : text === "" ? String(step) : `${text}.${String(step)}`,
    "",
  ) || "the whole";
