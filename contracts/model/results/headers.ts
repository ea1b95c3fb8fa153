import { wrong } from "../call.ts";

/** What headers of an answer may say. */

/** Whether two media types are one: case, blanks, quotes and the order of parameters mean nothing. */
export function mediaTypeProblem(expected: string, got: string | undefined): string | null {
  if (got === undefined) return wrong("content-type", expected, got);
  const [type, ...parameters] = partsOf(expected);
  const [itsType, ...its] = partsOf(got);
  // UTF-8 is what is meant without a charset too.
  const isSame =
    type === itsType &&
    parameters.every((one) => its.includes(one)) &&
    its.every((one) => allowed.includes(one));
  return isSame ? null : wrong("content-type", expected, got);
}

const allowed = ["charset=utf-8"];

const partsOf = (mediaType: string): string[] =>
  mediaType
    .toLowerCase()
    .split(";")
    .map((part) => part.trim().replace(/^([^=]*)="(.*)"$/, "$1=$2"))
    .filter((part) => part !== "");

export const isEtag = (text: string): boolean => /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/.test(text);

/** Whether a condition of If-Range lets a Range count; undefined for one by time, of which nothing is known. */
export function isVersion(condition: string, etag: string): boolean | undefined {
  if (!isEtag(condition)) return undefined;
  return condition === etag && !condition.startsWith("W/");
}

export interface ByteRange {
  /** First and last byte, both included. */
  from: number;
  to: number;
}

/**
 * Which bytes of a file of this size a Range asks for; `beyond` where it has none of them, null where it is no single
 * range of bytes.
 */
export function askedRange(range: string | undefined, size: number): ByteRange | "beyond" | null {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/i.exec(range ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return null;
  if (first === "") {
    const length = Math.min(Number(last), size);
    return length === 0 ? "beyond" : { from: size - length, to: size - 1 };
  }
  const from = Number(first);
  const to = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== "" && Number(last) < from) return null;
  return from >= size ? "beyond" : { from, to };
}

/** What `content-range` says; null where it cannot be read. A range that has no bytes is null in it. */
export function toldRange(text: string | undefined): { range: ByteRange | null; size: number } | null {
  const [, from, to, size] = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+)$/i.exec(text ?? "") ?? [];
  if (size === undefined) return null;
  const range = from === undefined || to === undefined ? null : { from: Number(from), to: Number(to) };
  return { range, size: Number(size) };
}

const httpDate =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/;

/** How long to wait is the service's own choice, but it must be a number of seconds or a time. */
export const retryAfterProblem = (text: string | undefined): string | null =>
  text === undefined || /^\d+$/.test(text) || httpDate.test(text)
    ? null
    : wrong("retry-after", "whole seconds or an HTTP date", text);
