import { bytesOf, withheldBytes } from "../../file-body.ts";
import { type ModelCall, show, wrong } from "../call.ts";
import { askedRange, isEtag, isVersion, mediaTypeProblem, toldRange } from "./headers.ts";

/** Answers with a file or a part of it, whatever the file holds. */

/** What is known of a file that is always the same. */
export interface Served {
  /** All of it; null where that was not read. */
  whole: Buffer | null;
  size: number | undefined;
  /** Parts that were read, with the place of their first byte. */
  parts: readonly { from: number; bytes: Buffer }[];
}

export const unread: Served = { whole: null, size: undefined, parts: [] };

/** A call is judged in every past that is possible; its file is decoded once. */
const decoded = new WeakMap<ModelCall, Buffer | null>();

/** The bytes that it was answered; null where they were not kept, or where it is no file. */
export function bytesIn(call: ModelCall): Buffer | null {
  const known = decoded.get(call);
  if (known !== undefined) return known;
  const bytes = bytesOf(call.reply);
  decoded.set(call, bytes);
  return bytes;
}

/** Where calls carry headers: the type, the version, and whether a Range may count. `seen` is the version of before. */
export function headersProblem(
  mediaType: string,
  seen: string | undefined,
  { status, headers }: ModelCall,
): string | null {
  if (headers === undefined) return null;
  const { request, reply } = headers;
  const { etag, "content-type": type } = reply;
  const version = etag ?? seen;
  const condition = request["if-range"];
  if (
    status !== 200 &&
    condition !== undefined &&
    version !== undefined &&
    isVersion(condition, version) === false
  )
    return `a Range was followed although If-Range names ${condition} and the version is ${version}`;
  if (status === 416) return null;
  const problem = mediaTypeProblem(mediaType, type);
  if (problem !== null) return problem;
  if (etag === undefined || !isEtag(etag)) return wrong("etag", "the version of the file", etag);
  return seen === undefined || seen === etag ? null : wrong("etag", seen, etag);
}

/**
 * What is wrong with an answer of 206.
 *
 * @param sizeProblem what is wrong with a size that is told of a file of which none was known
 */
export function partProblem(
  seen: Served,
  call: ModelCall,
  sizeProblem: (size: number) => string | null = () => null,
): string | null {
  const { headers, reply } = call;
  const { whole, size: known } = seen;
  const told = toldRange(headers?.reply["content-range"]);
  if (told === null || told.range === null)
    return wrong("content-range", "the range and the size", headers?.reply["content-range"]);
  const size = whole?.length ?? known ?? told.size;
  const asked = askedRange(headers?.request["range"], size);
  if (asked === null || asked === "beyond")
    return `a part was answered to the range ${show(headers?.request["range"])}`;
  const { from, to } = asked;
  const expected = `bytes ${from}-${to}/${size}`;
  if (told.size !== size || told.range.from !== from || told.range.to !== to)
    return wrong("content-range", expected, headers?.reply["content-range"]);
  const problem = whole === null ? sizeProblem(size) : null;
  if (problem !== null) return problem;
  const bytes = bytesIn(call);
  const length = bytes?.length ?? withheldBytes(reply);
  if (length !== to - from + 1) return wrong("bytes of the part", to - from + 1, length);
  if (bytes === null) return null;
  if (whole === null) return differsFromPart(seen, bytes, from);
  return whole.subarray(from, to + 1).equals(bytes)
    ? null
    : `the part ${expected} is not what the whole has there`;
}

/** The same of an answer of 416. */
export function beyondProblem(
  { whole, size: known }: Served,
  { headers }: ModelCall,
  sizeProblem: (size: number) => string | null = () => null,
): string | null {
  const told = toldRange(headers?.reply["content-range"]);
  const size = whole?.length ?? known ?? told?.size;
  if (told === null || told.range !== null || told.size !== size)
    return wrong("content-range", `bytes */${size ?? "size"}`, headers?.reply["content-range"]);
  const asked = askedRange(headers?.request["range"], size);
  if (asked !== "beyond") return `it was refused, though it has the range ${show(headers?.request["range"])}`;
  return whole === null ? sizeProblem(size) : null;
}

/** What of the bytes is otherwise than in a part that was read before. @param from where in the whole they begin */
export function differsFromPart({ parts }: Served, bytes: Buffer, from = 0): string | null {
  const isOther = ({ from: begin, bytes: part }: Served["parts"][number]) => {
    const first = Math.max(from, begin);
    const end = Math.min(from + bytes.length, begin + part.length);
    return (
      first < end &&
      !bytes.subarray(first - from, end - from).equals(part.subarray(first - begin, end - begin))
    );
  };
  const other = parts.find(isOther);
  return other === undefined ? null : `it is not as a part of it was read before, from byte ${other.from}`;
}

/** What an answer shows of the file, besides what was known of it. */
export function learned(seen: Served, call: ModelCall): Served {
  const { status, reply, headers } = call;
  const bytes = bytesIn(call);
  const told = status === 200 ? null : toldRange(headers?.reply["content-range"]);
  const size = told?.size ?? (status === 200 ? (bytes?.length ?? withheldBytes(reply)) : null);
  const range = status === 206 ? told?.range : null;
  return {
    whole: seen.whole ?? (status === 200 ? bytes : null),
    size: seen.size ?? size ?? undefined,
    parts: range == null || bytes === null ? seen.parts : [...seen.parts, { from: range.from, bytes }],
  };
}
