import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { beyondLimits } from "../../contracts/bounds/json.ts";
import { InfrastructureError, unwritten } from "../errors.ts";
import { makeFolder } from "../make-folder.ts";
import { historyFile } from "../run-files.ts";
import { type Secrets, sha256 } from "../secrets.ts";
import type { HistoryEvent } from "./event.ts";
import { bodiesFolder, bodyFile, historyLimits, inlineBytes, isReference, isWhole } from "./format.ts";
import type { End, Reference } from "./schema.ts";
import { tokeniseEvents } from "./tokenise.ts";

export interface SerialisedHistory {
  /** JSON lines. */
  text: string;
  /** Large values as JSON, by digest. */
  bodies: ReadonlyMap<string, string>;
}

/** A history that lacks a final look, because its run was stopped, gets no end line: its readers see that it is cut. */
export function serialise(events: readonly HistoryEvent[]): SerialisedHistory {
  const bodies = new Map<string, string>();
  const lines = events.map((event) => `${lineOf(event, bodies)}\n`).join("");
  refuseLarge("its lines", Buffer.byteLength(lines), historyLimits.fileBytes);
  let bytes = 0;
  for (const body of bodies.values()) bytes += Buffer.byteLength(body);
  refuseLarge("its large values", bytes, historyLimits.bodiesBytes);
  const end: End = { kind: "end", events: events.length, sha256: sha256(lines) };
  return { text: isWhole(events) ? `${lines}${JSON.stringify(end)}\n` : lines, bodies };
}

function lineOf(event: HistoryEvent, bodies: Map<string, string>): string {
  const entries = Object.entries(event).flatMap(([key, value]: [string, unknown]) => {
    if (value === undefined) return [];
    const json = jsonOf(value, `${key} of event ${event.seq}`);
    if (Buffer.byteLength(json) <= inlineBytes && !isReference(value))
      return [`${JSON.stringify(key)}:${json}`];
    const reference: Reference = { $body: sha256(json), bytes: Buffer.byteLength(json) };
    bodies.set(reference.$body, json);
    return [`${JSON.stringify(key)}:${JSON.stringify(reference)}`];
  });
  return `{${entries.join(",")}}`;
}

function jsonOf(value: unknown, what: string): string {
  // The line adds a level.
  const most = historyLimits.depth - 1;
  try {
    const json = JSON.stringify(value);
    if (json.length <= 2 * most || beyondLimits(Buffer.from(json), { depth: most }) === null) return json;
  } catch (error) {
    // Too deep for JSON.stringify itself.
    if (!(error instanceof RangeError)) throw error;
  }
  throw beyond(`${what} to be at most ${most} arrays and objects deep`, "it is deeper");
}

function refuseLarge(what: string, bytes: number, most: number): void {
  if (bytes > most) throw beyond(`${what} to take at most ${most} bytes`, `they take ${bytes}`);
}

const beyond = (expected: string, happened: string) =>
  new InfrastructureError({
    component: "history",
    expected,
    happened,
    next: "run fewer jobs at once, or jobs with smaller results",
  });

/** A history shows customers' data: it is its user's own. */
const own = { folder: 0o700, file: 0o600 } as const;

/**
 * Whole or not at all: a reader never finds half of it, also when this process is killed. All that can fail for lack of
 * space is written under other names first; the history itself gets its name last.
 */
export async function writeHistory(file: string, events: readonly HistoryEvent[]): Promise<void> {
  const { text, bodies } = serialise(events);
  let unfinished: string | null = null;
  try {
    makeFolder(dirname(file), own.folder);
    unfinished = await mkdtemp(`${file}.tmp-`);
    const staged = join(unfinished, basename(file));
    await writeFile(staged, text, { mode: own.file });
    if (bodies.size > 0)
      for (const folder of [file, staged].map(bodiesFolder)) makeFolder(folder, own.folder);
    for (const [digest, body] of bodies) await writeFile(bodyFile(staged, digest), body, { mode: own.file });
    for (const digest of bodies.keys()) await rename(bodyFile(staged, digest), bodyFile(file, digest));
    await rename(staged, file);
  } catch (error) {
    throw unwritten("history", file, error);
  } finally {
    if (unfinished !== null) await rm(unfinished, { recursive: true, force: true }).catch(() => {});
  }
}

/** Where a run leaves its history, and what must not be in it. */
export interface Place {
  folder: string;
  secrets: Secrets;
}

/** Writes down a history without secrets. @returns it as it was written */
export async function keepHistory(
  { folder, secrets }: Place,
  seen: readonly HistoryEvent[],
): Promise<{ events: readonly HistoryEvent[]; file: string }> {
  const events = tokeniseEvents(seen, secrets);
  const file = join(folder, historyFile);
  await writeHistory(file, events);
  return { events, file };
}

/** Takes the history of a run as far as it goes. */
type Take<Result> = (events: readonly HistoryEvent[]) => Result;

/** What a run is told besides what it does. */
interface Kept {
  /** To be called when it begins: a run that is killed has been there all the same. */
  onBegun: Take<Promise<void>>;
  /** Where it comes to trouble. */
  onTrouble: Take<void>;
}

/** The same of what `act` sees; where that comes to trouble, of what it had seen by then. */
export async function keepSeen<T extends { events: readonly HistoryEvent[] }>(
  place: Place,
  act: (kept: Kept) => Promise<T>,
): Promise<T & { file: string }> {
  let partial: readonly HistoryEvent[] = [];
  const kept: Kept = {
    onBegun: async (events) => void (await keepHistory(place, events)),
    onTrouble: (events) => {
      partial = events;
    },
  };
  const seen = await act(kept).catch(async (error: unknown) => {
    await keepHistory(place, partial);
    throw error;
  });
  return { ...seen, ...(await keepHistory(place, seen.events)) };
}
