import { z } from "zod";
import { jobStatuses } from "../../contracts/job.ts";
import { InfrastructureError, reasonOf, UsageError } from "../errors.ts";
import { checkSchedule } from "../schedule/parse.ts";
import { type HistoryEvent, historyVersion } from "./event.ts";

const common = { seq: z.int().min(0), at: z.number() };

/** As much of an event as a check hangs on; what else stands there stays. */
const eventSchema = z.discriminatedUnion("kind", [
  z.looseObject({ ...common, kind: z.literal("run"), version: z.int(), rig: z.string() }),
  z.looseObject({
    ...common,
    kind: z.literal("exchange"),
    link: z.string(),
    operation: z.string().nullable(),
    job: z.string().nullable(),
    outcome: z.enum(["ok", "fail", "unknown"]),
    status: z.number().nullable(),
  }),
  z.looseObject({ ...common, kind: z.literal("component"), component: z.string(), what: z.string() }),
  z.looseObject({ ...common, kind: z.literal("fault"), index: z.int() }),
  z.looseObject({ ...common, kind: z.literal("observation"), what: z.string() }),
  z.looseObject({
    ...common,
    kind: z.literal("final"),
    number: z.int().positive(),
    job: z.string().nullable(),
    stored: z.enum(jobStatuses).nullable(),
    rows: z.array(z.array(z.unknown())).nullable(),
    expected: z.array(z.array(z.unknown())),
    residue: z.array(z.string()),
    unsent: z.int(),
  }),
]);

type RunEvent = Extract<HistoryEvent, { kind: "run" }>;

/**
 * The events of a history file (JSON lines) of a schedule. What is no such history is a UsageError; one that is damaged
 * or ends early is an InfrastructureError that names the line: it can be neither judged nor passed.
 */
export function readHistory(text: string, name: string): HistoryEvent[] {
  const lines = text.replace(/\n$/, "").split("\n");
  refuseOthers(lines[0] ?? "", name);
  const events = lines.map((line, i) => eventIn(line, i, lines.length, name));
  const [{ schedule }] = events as [RunEvent];
  const jobs = schedule?.workload.jobs.length ?? 0;
  const finals = events.filter(({ kind }) => kind === "final").length;
  if (finals !== jobs) {
    throw damaged(name, lines.length, "a final look at each job", `it ends with ${finals} of ${jobs}`);
  }
  return events;
}

/** The first line says what the file is. */
function refuseOthers(first: string, name: string): void {
  let begin: unknown;
  try {
    begin = JSON.parse(first);
  } catch {
    begin = null;
  }
  if (typeof begin !== "object" || begin === null || !("kind" in begin) || begin.kind !== "run") {
    throw new UsageError(`${name}:1: is no history: one begins with the JSON line of a run`);
  }
  const { version, schedule } = begin as Partial<RunEvent>;
  if (typeof version === "number" && version > historyVersion) {
    throw new UsageError(
      `${name}:1: version: ${version} was made by a newer Interlock; this one reads version ${historyVersion}`,
    );
  }
  if (schedule === undefined || !("limits" in begin)) {
    throw new UsageError(
      `${name}:1: is a history without a schedule; only those of schedules can be judged again`,
    );
  }
  checkSchedule(schedule, `${name}:1: schedule`);
}

function eventIn(line: string, index: number, lines: number, name: string): HistoryEvent {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    const place = index === lines - 1 ? "the last line is cut" : "the line is damaged";
    throw damaged(name, index + 1, "an event as JSON", `${place}: ${reasonOf(error)}`);
  }
  const result = eventSchema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw damaged(name, index + 1, "an event", `${issue?.path.join(".") || "it"}: ${issue?.message}`);
  }
  if (result.data.seq !== index) {
    throw damaged(name, index + 1, `event ${index}`, `it is event ${result.data.seq}: lines are missing`);
  }
  return value as HistoryEvent;
}

const damaged = (name: string, line: number, expected: string, happened: string) =>
  new InfrastructureError({
    component: `history ${name}:${line}`,
    expected,
    happened,
    next: "take the whole file, or replay its schedule for a new one",
  });
