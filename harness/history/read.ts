import { z } from "zod";
import { jobStatuses } from "../../contracts/job.ts";
import { InfrastructureError, reasonOf, UsageError } from "../errors.ts";
import { checkSchedule } from "../schedule/parse.ts";
import type { Schedule } from "../schedule/schedule.ts";
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
    delivered: z.array(z.array(z.unknown())).nullish(),
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
  if (!looksLikeEvent(lines[0] ?? "")) {
    throw new UsageError(`${name}:1: is no history: that is a line of JSON for each event`);
  }
  const events = lines.map((line, i) => eventIn(line, i, lines.length, name));
  const { workload } = scheduleOf(events, name);
  const finals = events.filter(({ kind }) => kind === "final").length;
  if (finals !== workload.jobs.length) {
    const happened = `it ends with those of ${finals} of ${workload.jobs.length}`;
    throw damaged(name, lines.length, "a final look at each job", happened);
  }
  return events;
}

function looksLikeEvent(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && "seq" in value && "kind" in value;
  } catch {
    return false;
  }
}

function scheduleOf(events: readonly HistoryEvent[], name: string): Schedule {
  const at = events.findIndex(({ kind }) => kind === "run");
  const { schedule, limits } = (events[at] ?? {}) as Partial<RunEvent>;
  if (schedule === undefined || limits === undefined) {
    throw new UsageError(
      `${name}: is a history without a schedule; only those of schedules can be judged again`,
    );
  }
  return checkSchedule(schedule, `${name}:${at + 1}: schedule`);
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
  const event = value as HistoryEvent;
  if (event.kind === "run" && event.version > historyVersion) {
    throw new UsageError(
      `${name}:${index + 1}: version: ${event.version} was made by a newer Interlock; this one reads ${historyVersion}`,
    );
  }
  return event;
}

const damaged = (name: string, line: number, expected: string, happened: string) =>
  new InfrastructureError({
    component: `history ${name}:${line}`,
    expected,
    happened,
    next: "take the whole file, or replay its schedule for a new one",
  });
