import { beyondLimits } from "../../contracts/bounds/json.ts";
import { InfrastructureError, reasonOf, UsageError } from "../errors.ts";
import { sha256 } from "../secrets.ts";
import { historyVersion } from "./event.ts";
import { historyLimits } from "./format.ts";
import { type End, endSchema } from "./schema.ts";

/** A line of which no more is known than its kind. */
export type Line = Readonly<Record<string, unknown>> & { kind: string };

const lineFeed = 0x0a;
const byteOrderMark = Buffer.from("\uFEFF");
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What the first line of a history takes at most, with the mark before it and the line's end. */
export const headBytes = byteOrderMark.length + historyLimits.lineBytes + 1;

const withoutMark = (content: Buffer): Buffer =>
  content.subarray(0, byteOrderMark.length).equals(byteOrderMark)
    ? content.subarray(byteOrderMark.length)
    : content;

/** The first line of a history, whatever becomes of the rest. */
export function parseHead(content: Buffer, name: string): Line {
  const bytes = withoutMark(content);
  const feed = bytes.indexOf(lineFeed);
  return parseLine(feed === -1 ? bytes : bytes.subarray(0, feed), `${name}:1`, true, feed === -1);
}

/** The events in the bytes of a history that is whole and unchanged, as JSON; `name` is the file, for messages. */
export function parseLines(content: Buffer, name: string): Line[] {
  const bytes = withoutMark(content);
  const events: Line[] = [];
  let start = 0;
  while (start < bytes.length) {
    const feed = bytes.indexOf(lineFeed, start);
    const next = feed === -1 ? bytes.length : feed + 1;
    const isLast = next >= bytes.length;
    const place = `${name}:${events.length + 1}`;
    const line = parseLine(
      bytes.subarray(start, feed === -1 ? next : feed),
      place,
      events.length === 0,
      isLast,
    );
    if (events.length === 0) refuseOthers(line, place);
    if (isLast) {
      checkEnd(line, bytes, start, events.length, place);
      return events;
    }
    if (line["seq"] !== events.length) throw damaged(place, `event ${events.length}`, outOfOrder(line));
    events.push(line);
    start = next;
  }
  throw noHistory(`${name}:1`, "it is empty");
}

function parseLine(bytes: Buffer, place: string, isFirst: boolean, isLast: boolean): Line {
  const wrong = (happened: string) =>
    isFirst ? noHistory(place, happened) : damaged(place, "an event as JSON", happened);
  if (bytes.length > historyLimits.lineBytes)
    throw wrong(`the line has ${bytes.length} bytes, and at most ${historyLimits.lineBytes} are read`);
  const beyond = beyondLimits(bytes, historyLimits);
  if (beyond !== null) throw wrong(`the line has ${beyond}`);
  let value: unknown;
  try {
    const text = utf8.decode(bytes);
    if (text.trim() === "") throw wrong("the line is blank");
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof InfrastructureError || error instanceof UsageError) throw error;
    throw wrong(`${isLast ? "the last line is cut" : "the line is damaged"}: ${reasonOf(error)}`);
  }
  if (typeof value !== "object" || value === null || !("kind" in value) || typeof value.kind !== "string")
    throw wrong("the line is none");
  return value as Line;
}

/** A history of another version may differ anywhere: nothing else about it is worth a message. */
function refuseOthers({ kind, version, seq }: Line, place: string): void {
  if (kind !== "run" || typeof seq !== "number")
    throw noHistory(place, "it does not begin with what was run");
  if (typeof version !== "number") throw damaged(place, "a version", "there is none");
  if (version > historyVersion)
    throw new UsageError(
      `${place}: version: ${version} was made by a newer Interlock; this one reads ${historyVersion}: take the newer one`,
    );
  if (version < historyVersion)
    throw new UsageError(
      `${place}: version: ${version} is of an older Interlock; this one reads ${historyVersion}: replay its schedule for a new one`,
    );
}

function checkEnd(line: Line, bytes: Buffer, start: number, events: number, place: string): void {
  if (line.kind !== "end")
    throw damaged(
      place,
      "the end of the history",
      `it is cut, or its run was stopped: the last line is of kind ${line.kind}`,
    );
  const result = endSchema.safeParse(line);
  if (!result.success) throw damaged(place, "the end of the history", "the line is damaged");
  const end = result.data;
  if (end.sha256 !== sha256(bytes.subarray(0, start)))
    throw damaged(
      place,
      `${end.events} events with the sha256 ${end.sha256}`,
      "the lines before were changed",
    );
  if (end.events !== events) throw damaged(place, `${end.events} events`, `there are ${events}`);
  if (!isWritten(end, bytes.subarray(start)))
    throw damaged(place, "the end of the history", "the line was changed");
}

/** The checksum does not cover its own line, so that has to be as it was written, to the byte. */
const isWritten = (end: End, line: Buffer): boolean =>
  line.toString().replace(/\n$/, "") === JSON.stringify(end);

const outOfOrder = ({ kind, seq }: Line): string =>
  typeof seq === "number"
    ? `it is event ${seq}: lines are missing, or not in their order`
    : `it is of kind ${JSON.stringify(kind)} and has no number`;

const noHistory = (place: string, happened: string) =>
  new UsageError(
    `${place}: is no history, which has an event as JSON on each line: ${quoted(happened)}\n  next: name the history.jsonl of a run, whole: runs are kept in .interlock/runs`,
  );

/** A message quotes what it found, which may be of any length and move the cursor. */
const quoted = (text: string): string =>
  (text.length > 300 ? `${text.slice(0, 300)}…` : text).replaceAll(/\p{Cc}/gu, " ");

export const damaged = (place: string, expected: string, happened: string) =>
  new InfrastructureError({
    component: `history ${place}`,
    expected,
    happened: quoted(happened),
    next: "take the whole file and the folder of its large values, or replay its schedule for a new one",
  });
