import { isDeepStrictEqual } from "node:util";
import { withheldBytes } from "../../file-body.ts";
import { defaultFormat, type ResultFormat, resultMediaTypes } from "../../operations/jobs.ts";
import type { Row } from "../../values.ts";
import { type ModelCall, show, wrong } from "../call.ts";
import type { JobState } from "../job-state.ts";
import { hasResult } from "../refusals.ts";
import { cellsIn, difference } from "./decoded.ts";
import { bytesAs, type Cells, isText, rowsOfText, type TextFormat, textOf } from "./forms.ts";
import {
  beyondProblem,
  bytesIn,
  differsFromPart,
  headersProblem,
  learned,
  partProblem,
  type Served,
  unread,
} from "./served.ts";

/** One file of a job's result, as far as it was read: each format, with and without a header, is a file of its own. */
interface FileSeen {
  /** By which it is known again. */
  key: string;
  format: ResultFormat;
  names: readonly string[] | null;
  etag?: string | undefined;
  served: Served;
}

/**
 * The result of one job in all the ways in which it can be read. Where the rows are known each text format is known to the
 * byte; where they are not, they are learned from the first answer that shows them, and all others must agree.
 */
export class JobResult {
  #rows: Cells | null;
  readonly #files = new Map<string, FileSeen>();

  constructor(rows: readonly Row[] | null) {
    this.#rows = rows;
  }

  /** What is wrong with a result that was read of a job in this state; null where it is right. */
  problem(state: JobState, call: ModelCall): string | null {
    if (!hasResult(state)) return `a result was read of a job that was ${state.status} and has none`;
    if (!Object.hasOwn(resultMediaTypes, formatOf(call)))
      return `a result was read as ${show(formatOf(call))}, which is none of its formats`;
    const reported = state.report?.["num_records"];
    if (this.#rows !== null && this.#rows.length !== reported)
      return wrong("rows of the result", this.#rows.length, reported);
    const file = fileOf(state, call);
    const seen = this.#files.get(file.key) ?? file;
    return (
      headersProblem(resultMediaTypes[seen.format], seen.etag, call) ??
      this.#bodyProblem(state, seen, call) ??
      this.#sharedProblem(seen, call)
    );
  }

  /** A download would go on with the bytes of another file. */
  #sharedProblem(seen: FileSeen, call: ModelCall): string | null {
    const etag = call.headers?.reply["etag"];
    if (call.status === 416 || etag === undefined) return null;
    const bytes = (call.status === 200 ? bytesIn(call) : null) ?? this.#known(seen);
    const other = [...this.#files.values()].find((one) => {
      const itsBytes = one.key !== seen.key && one.etag === etag ? this.#known(one) : null;
      return itsBytes !== null && bytes !== null && !itsBytes.equals(bytes);
    });
    return other === undefined
      ? null
      : `etag: ${etag} is that of ${nameOf(other)} too, which has other bytes than ${nameOf(seen)}`;
  }

  /** Remembers what a right answer has shown. */
  learn(state: JobState, call: ModelCall): void {
    const file = fileOf(state, call);
    const seen = this.#files.get(file.key) ?? file;
    this.#files.set(file.key, seen);
    const { status, headers } = call;
    if (status !== 416) seen.etag ??= headers?.reply["etag"];
    seen.served = learned(seen.served, call);
    const bytes = status === 200 ? bytesIn(call) : null;
    if (bytes === null) return;
    const cells = this.#rows === null ? rowsIn(seen, bytes) : null;
    if (cells !== null && typeof cells !== "string") this.#rows = cells;
  }

  #bodyProblem(state: JobState, seen: FileSeen, call: ModelCall): string | null {
    const { status, reply } = call;
    const known = { ...seen.served, whole: this.#known(seen) };
    const sizeProblem = (told: number) => this.#sizeProblem(state, seen, told);
    if (status === 416) return beyondProblem(known, call, sizeProblem);
    if (status === 206) return partProblem(known, call, sizeProblem);
    const bytes = bytesIn(call);
    const size = bytes?.length ?? withheldBytes(reply);
    if (size === null) return `the result is no file: ${show(reply)}`;
    return (bytes === null ? null : this.#wholeProblem(state, seen, bytes)) ?? sizeProblem(size);
  }

  #wholeProblem(state: JobState, seen: FileSeen, bytes: Buffer): string | null {
    const { whole } = seen.served;
    if (whole !== null && !whole.equals(bytes)) return "the result is not as it was read before";
    const problem = differsFromPart(seen.served, bytes);
    if (problem !== null) return problem;
    const { format, names } = seen;
    if (this.#rows !== null && isText(format))
      return textProblem(bytesAs(this.#rows, format, names), bytes, format);
    const cells = rowsIn(seen, bytes);
    if (typeof cells === "string") return cells;
    const count = cells === null ? countIn(format as TextFormat, names, bytes) : cells.length;
    const reported = state.report?.["num_records"];
    if (count !== reported) return wrong("rows of the result", reported, count);
    if (cells === null) return null;
    return this.#rows === null ? this.#othersProblem(cells) : difference(this.#rows, cells);
  }

  /** What was read before of the other formats must hold these very rows. */
  #othersProblem(cells: Cells): string | null {
    for (const { format, names, served } of this.#files.values()) {
      if (served.whole === null || !isText(format)) continue;
      const problem = textProblem(bytesAs(cells, format, names), served.whole, format);
      if (problem !== null) return `it is not what was read as ${format}: ${problem}`;
    }
    return null;
  }

  /** The bytes of the whole file, as far as they are known. */
  #known({ format, names, served }: FileSeen): Buffer | null {
    if (served.whole !== null) return served.whole;
    return this.#rows !== null && isText(format) ? bytesAs(this.#rows, format, names) : null;
  }

  #sizeProblem(state: JobState, seen: FileSeen, size: number): string | null {
    const told = seen.format === "msgpack.gz" && seen.names === null ? state.report?.["result_size"] : null;
    const expected = told ?? this.#known(seen)?.length ?? seen.served.size ?? size;
    return expected === size ? null : wrong("bytes of the result", expected, size);
  }
}

const formatOf = ({ request }: ModelCall): ResultFormat =>
  (request["format"] ?? defaultFormat) as ResultFormat;

const nameOf = ({ format, names }: FileSeen): string => (names === null ? format : `${format} with a header`);

function fileOf({ report }: JobState, call: ModelCall): FileSeen {
  const { request } = call;
  const format = formatOf(call);
  const wantsHeader = String(request["header"]).toLowerCase() === "true";
  const schema = report?.["result_schema"];
  const names =
    wantsHeader && Array.isArray(schema) ? schema.map((column: unknown[]) => String(column[0])) : null;
  return { key: `${format} ${wantsHeader}`, format, names, served: unread };
}

/** The rows of a file that keeps types, without the names that stand before them; a text says why there are none. */
function rowsIn({ format, names }: FileSeen, bytes: Buffer): Cells | string | null {
  const cells = cellsIn(format, bytes);
  if (cells === null || typeof cells === "string" || names === null) return cells;
  const [first, ...rows] = cells;
  return isDeepStrictEqual(first, names) ? rows : wrong("names of the columns", names, first);
}

function textProblem(expected: Buffer, bytes: Buffer, format: TextFormat): string | null {
  if (bytes.equals(expected)) return null;
  const [right, got] = [expected, bytes].map((file) => file.toString("utf8").split("\n")) as [
    string[],
    string[],
  ];
  const [last, itsLast] = [right.pop(), got.pop()];
  const line = format === "json" ? "row" : "line";
  if (right.length !== got.length)
    return wrong(`${line}s of the result as ${format}`, right.length, got.length);
  const i = right.findIndex((line, at) => line !== got[at]);
  return i < 0
    ? wrong(`end of the result as ${format}`, last, itsLast)
    : wrong(`${line} ${i + 1} of the result as ${format}`, right[i], got[i]);
}

/** Rows of a text of which no more is known. The first line of one with a header are the names. */
function countIn(format: TextFormat, names: readonly string[] | null, bytes: Buffer): number | null {
  const text = bytes.toString("utf8");
  const header = names === null ? "" : textOf([names], format, null);
  return text.startsWith(header) ? rowsOfText[format](text.slice(header.length)) : null;
}
