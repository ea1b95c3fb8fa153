import type { Stats } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import { beyondLimits } from "../../contracts/bounds/json.ts";
import { reasonOf, unreadable } from "../errors.ts";
import { checkSchedule } from "../schedule/parse.ts";
import { sha256 } from "../secrets.ts";
import type { HistoryEvent, RunEvent } from "./event.ts";
import { bodyFile, historyLimits, isReference, jobsIn } from "./format.ts";
import { damaged, headBytes, type Line, parseHead, parseLines } from "./lines.ts";
import { eventSchema, type Reference, referenceSchema } from "./schema.ts";

/**
 * The events of a history file. What is no history, or one of another version, is a UsageError; one that is cut or
 * changed is an InfrastructureError that names the line: it can be neither judged nor passed.
 */
export const readHistory = async (file: string): Promise<HistoryEvent[]> =>
  eventsIn(await historyBytes(file), file);

/** The same of its bytes. The large values that they name lie beside `file`. */
export async function eventsIn(content: Buffer, file: string): Promise<HistoryEvent[]> {
  const lines = parseLines(content, file);
  const bodies = await readBodies(file, lines);
  const events = lines.map((line, i) => eventIn(resolved(line, bodies), `${file}:${i + 1}`));
  refuseContradictions(events, file);
  return events;
}

/** How a history begins, of which the rest may be cut; its large values are in it. */
export const readHead = async (file: string): Promise<Line> => headIn(await firstBytes(file), file);

/** The same of its first bytes. */
export async function headIn(content: Buffer, file: string): Promise<Line> {
  const line = parseHead(content, file);
  return resolved(line, await readBodies(file, [line]));
}

async function firstBytes(file: string): Promise<Buffer> {
  await refuseNoFile(file);
  await using opened = await open(file);
  const { buffer, bytesRead } = await opened.read(Buffer.alloc(headBytes), 0);
  return buffer.subarray(0, bytesRead);
}

async function refuseNoFile(file: string): Promise<Stats> {
  const what = await stat(file);
  if (!what.isFile()) throw new Error(`it is ${kindOf(what)}, no file`);
  return what;
}

/** All bytes of a history file, within its limits. */
export async function historyBytes(file: string): Promise<Buffer> {
  try {
    const what = await refuseNoFile(file);
    if (what.size > historyLimits.fileBytes)
      throw new Error(`it has ${what.size} bytes; a history has at most ${historyLimits.fileBytes}`);
    return await readFile(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

const kindOf = (what: Stats): string =>
  what.isDirectory() ? "a folder" : what.isFIFO() ? "a pipe" : what.isSocket() ? "a socket" : "a device";

type Bodies = ReadonlyMap<string, unknown>;

async function readBodies(file: string, lines: readonly Line[]): Promise<Bodies> {
  const bodies = new Map<string, unknown>();
  let bytes = 0;
  for (const [i, line] of lines.entries()) {
    for (const [key, value] of Object.entries(line).filter(([, inner]) => isReference(inner))) {
      const place = `${file}:${i + 1}`;
      const reference = referenceSchema.safeParse(value);
      if (!reference.success)
        throw damaged(place, `${key} or the digest and length of its file`, "it is neither");
      const { $body: digest } = reference.data;
      if (bodies.has(digest)) continue;
      bytes += reference.data.bytes;
      if (bytes > historyLimits.bodiesBytes)
        throw damaged(
          place,
          `large values of at most ${historyLimits.bodiesBytes} bytes`,
          `they take ${bytes} up to here`,
        );
      bodies.set(digest, await bodyOf(bodyFile(file, digest), reference.data, place));
    }
  }
  return bodies;
}

async function bodyOf(file: string, { $body: digest, bytes }: Reference, place: string): Promise<unknown> {
  const expected = `the ${bytes} bytes of ${file}`;
  let content: Buffer;
  try {
    const what = await refuseNoFile(file);
    if (what.size !== bytes) throw new Error(`it was changed: it has ${what.size} bytes`);
    content = await readFile(file);
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw damaged(place, expected, isMissing ? "the file is missing" : reasonOf(error));
  }
  if (sha256(content) !== digest) throw damaged(place, expected, "it was changed: its sha256 is another");
  const beyond = beyondLimits(content, historyLimits);
  if (beyond !== null) throw damaged(place, expected, `it has ${beyond}`);
  try {
    return JSON.parse(content.toString()) as unknown;
  } catch (error) {
    throw damaged(place, expected, `it is no JSON: ${reasonOf(error)}`);
  }
}

const resolved = (line: Line, bodies: Bodies): Line =>
  Object.fromEntries(
    Object.entries(line).map(([key, value]) => [
      key,
      isReference(value) ? bodies.get(String(value.$body)) : value,
    ]),
  ) as Line;

function eventIn(value: Line, place: string): HistoryEvent {
  // A system that was open to others may have had no schedule of its own.
  if (value.kind === "run" && "schedule" in value && !("visit" in value))
    checkSchedule(value.schedule, `${place}: schedule`);
  const result = eventSchema.safeParse(value);
  if (result.success) return value as unknown as HistoryEvent;
  const [issue] = result.error.issues;
  throw damaged(place, "an event", `${issue?.path.join(".") || "it"}: ${issue?.message}`);
}

/** What no schema says of a line: that it fits the others. */
function refuseContradictions(events: readonly HistoryEvent[], file: string): void {
  const run = events[0] as RunEvent;
  const { schedule, scenarios } = run;
  const own = schedule.workload.jobs.length;
  const jobs = jobsIn(run);
  for (const { scenario } of schedule.workload.jobs) {
    if (!Object.hasOwn(scenarios, scenario) || scenarios[scenario]?.name !== scenario)
      throw damaged(`${file}:1`, `the scenario ${scenario} under its name`, "there is none");
  }
  const looked = new Set<number>();
  const world = events.find(({ kind }) => kind === "world");
  for (const event of events) {
    const place = `${file}:${event.seq + 1}`;
    if (event.kind === "run" && event.seq > 0) throw damaged(place, "one run", "it is a second one");
    if (event.kind === "world" && event !== world)
      throw damaged(place, "one look at the world", "it is a second one");
    if (event.kind === "fault" && event.index >= schedule.faults.length)
      throw damaged(place, `one of ${schedule.faults.length} faults`, `it is fault ${event.index}, from 0`);
    if (event.kind === "held" && event.number > jobs)
      throw damaged(place, `a look at one of ${jobs} jobs`, `it is at job ${event.number}`);
    if (event.kind !== "final") continue;
    if (event.number > jobs || looked.has(event.number))
      throw damaged(place, `one final look at each of ${jobs} jobs`, `it is one more at job ${event.number}`);
    if ((event.visitor === undefined) !== event.number <= own)
      throw damaged(
        place,
        "a visitor where none of the workload issued the job, and nowhere else",
        "it is otherwise",
      );
    looked.add(event.number);
  }
  if (looked.size < jobs)
    throw damaged(
      `${file}:${events.length}`,
      "a final look at each job",
      `it ends with those of ${looked.size} of ${jobs}`,
    );
}
