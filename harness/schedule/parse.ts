import type { z } from "zod";
import { beyondLimits } from "../../contracts/bounds/json.ts";
import { reasonOf, UsageError } from "../errors.ts";
import { pageAt } from "../installation.ts";
import { faultProblems } from "./applicable.ts";
import { fromFormat1, isFormat1, schemaOfFormat1 } from "./format-1.ts";
import type { Scenarios } from "./scenario.ts";
import { processNames, type Schedule, scheduleFormat, scheduleSchema } from "./schedule.ts";

/** The schedule in a JSON text; `name` is the file, for messages. Throws UsageError, which names every wrong key. */
export const parseSchedule = (text: string, name: string): Schedule =>
  checkSchedule(parseJson(text, name), name);

/** A schedule of this format or an earlier one, as one of this format. */
export function checkSchedule(value: unknown, name: string): Schedule {
  refuseNewer(value, scheduleFormat, name);
  const schedule = isFormat1(value)
    ? fromFormat1(checked(schemaOfFormat1, value, name, toMend))
    : checked(scheduleSchema, value, name, toMend);
  refuseProblems(faultProblems(schedule.faults, schedule.workload.jobs.length), name);
  refuseProblems(nameProblems(schedule), name);
  if (schedule.workload.probe !== undefined && schedule.faults.some(({ at }) => at.link !== "api->database"))
    refuseProblems(
      ["workload.probe: the probe is for schedules without faults, but those of the API's database"],
      name,
    );
  return schedule;
}

const toMend = `hold it against ${pageAt("schedule.schema.json")}`;

/** Faults of a process that the schedule does not have. */
function nameProblems(schedule: Schedule): string[] {
  const names = processNames(schedule);
  return schedule.faults.flatMap(({ fault }, i) => {
    if (!("name" in fault) || fault.name === undefined) return [];
    const known = names[fault.process];
    return known.includes(fault.name.replace(/\.life-\d+$/, ""))
      ? []
      : [
          `faults[${i}].fault.name: there is no ${fault.process} ${fault.name}; there are ${known.join(", ")}`,
        ];
  });
}

/** Names the jobs whose scenario the config does not have, and the scenarios that it has; null where it has them all. */
export function missingScenarios(
  { workload }: Pick<Schedule, "workload">,
  scenarios: Scenarios,
): string | null {
  const missing = workload.jobs.flatMap(({ scenario }, i) =>
    Object.hasOwn(scenarios, scenario) ? [] : [`job ${i + 1} needs the scenario ${scenario}`],
  );
  if (missing.length === 0) return null;
  const known = Object.keys(scenarios).join(", ") || "none";
  return `the config lacks scenarios of the schedule: ${shortened(missing).join("; ")}; there are ${known}`;
}

/** The longest text and the deepest nesting that is read: the largest schedule has less of both. */
const longestText = 16 * 1024 * 1024;
const deepest = 100;

/** The value of a JSON text, with or without a byte order mark. */
export function parseJson(text: string, name: string): unknown {
  if (text.length > longestText) {
    throw new UsageError(
      `${name}: expected at most ${longestText} characters, found ${text.length}\n  next: ${another}`,
    );
  }
  // Looked at before parsing, which takes many times the memory of a text that only nests.
  if (beyondLimits(Buffer.from(text), { depth: deepest }) !== null) {
    throw new UsageError(
      `${name}: expected objects and lists nested at most ${deepest} deep, found more\n  next: ${another}`,
    );
  }
  try {
    return JSON.parse(text.startsWith("\uFEFF") ? text.slice(1) : text) as unknown;
  } catch (error) {
    const next = isHistory(text) ? "a history is judged by `check`" : "take the whole file, it may be cut";
    throw new UsageError(`${name}: is no JSON: ${reasonOf(error)}\n  next: ${next}`);
  }
}

const another = "name a file that Interlock wrote, or take what is needed out of this one";

/** A line each is how histories are written: somebody has taken one for what is made of it. */
const isHistory = (text: string): boolean => /^\uFEFF?\{"seq":0,.*\}\r?\n\{"seq":/.test(text);

/** A newer format may differ anywhere: nothing else about it is worth a message. */
export function refuseNewer(value: unknown, format: number, name: string): void {
  const found = typeof value === "object" && value !== null && "format" in value ? value.format : undefined;
  if (typeof found === "number" && found > format) {
    throw new UsageError(
      `${name}: format: ${found} was made by a newer Interlock; this one reads format ${format}: take the newer one`,
    );
  }
}

/** The value as the schema has it; throws UsageError with a line for every key that differs, and then what to do next. */
export function checked<S extends z.ZodType>(
  schema: S,
  value: unknown,
  name: string,
  next: string,
): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${printPath(path)}: ${message}`);
  throw new UsageError([`${name}:`, ...shortened(problems), `next: ${next}`].join("\n  "));
}

const shown = 5;

const shortened = (lines: readonly string[]): string[] => [
  ...lines.slice(0, shown),
  ...(lines.length > shown ? [`and ${lines.length - shown} more`] : []),
];

export function refuseProblems(problems: readonly string[], name: string): void {
  if (problems.length > 0) throw new UsageError([`${name}:`, ...shortened(problems)].join("\n  "));
}

/** `faults[0].at.link`. */
const printPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, step) =>
      typeof step === "number" ? `${text}[${step}]` : text === "" ? String(step) : `${text}.${String(step)}`,
    "",
  ) || "the whole";
