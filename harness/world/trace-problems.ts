import { isApi } from "./is-api.ts";
import type { ActName, Trace } from "./traces.ts";

/** What a job may do to the place that its order names. */
export interface Allowance {
  /** Whether rows may come at all. */
  isFilled: boolean;
  /**
   * What was there before and has to stay there all the time; `other rows`: those that no row of the result replaces,
   * `other rows alone`: those that it does not delete, and nothing comes to them.
   */
  keeps: "rows" | "other rows" | "other rows alone" | "table" | "nothing";
  /** Other rows that may go and come again: the result has equal ones. */
  equalRows: number;
  /** Whether what it brings has to stay from then on. */
  isOnce: boolean;
}

/** What was done there and is promised by nobody; in words, none where all was. */
export function traceProblems(trace: Trace, allowed: Allowance | null): string[] {
  const { place, what, by, acts } = trace;
  const told = (why: string, which: readonly ActName[]): string[] => {
    const done = which.flatMap((act) => inWords(act, acts[act]));
    return done.length === 0 ? [] : [`${place}: ${why}; ${by.join(" or ")} ${done.join(", ")}`];
  };
  switch (what) {
    case "working":
      return [];
    case "own":
      return by.every(isApi) ? [] : told("only the API may write there", everything);
    case "workers":
      return by.every(isApi)
        ? []
        : told("rows of before and the table itself were to stay as they were", lasting);
    case "other":
      return told("no job was to do anything there, even for a while", everything);
    default:
      return allowed === null
        ? told("its job was to do nothing there, even for a while", everything)
        : placeProblems(trace, allowed, told);
  }
}

function placeProblems(
  { acts }: Trace,
  { isFilled, keeps, equalRows, isOnce }: Allowance,
  told: (why: string, which: readonly ActName[]) => string[],
): string[] {
  if (!isFilled) return told("its job was to bring nothing there, even for a while", [...coming, ...lasting]);
  const put = (acts.back ?? 0) > equalRows ? (["back"] as const) : [];
  const kept: Record<Allowance["keeps"], readonly ActName[]> = {
    rows: lasting,
    "other rows": ["dropped", "emptied", ...put],
    "other rows alone": ["dropped", "emptied", "added", "changed"],
    table: ["dropped"],
    nothing: [],
  };
  const gone = told("what was there before was to stay there all the time", kept[keeps]);
  if (gone.length > 0 || !isOnce) return gone;
  // Of what was there before it may take away what it need not keep.
  const removed = (acts.removed ?? 0) > (acts.old ?? 0) ? (["removed"] as const) : [];
  return told("what its job brings was to come once and stay", ["dropped", "emptied", ...removed]);
}

const coming: readonly ActName[] = ["added"];
/** What takes away something that was there before. */
const lasting: readonly ActName[] = ["dropped", "emptied", "old", "back"];
const everything: readonly ActName[] = [
  "made",
  "dropped",
  "emptied",
  "altered",
  "added",
  "changed",
  "removed",
  "said",
  "asked",
];

function inWords(act: ActName, times: number | undefined): string[] {
  if (times === undefined || times === 0) return [];
  const rows = times === 1 ? "1 row" : `${times} rows`;
  const often = times === 1 ? "" : ` ${times} times`;
  const words: Record<ActName, string> = {
    made: `made it${often}`,
    dropped: `took it away${often}`,
    emptied: `emptied it${often}`,
    altered: `altered it${often}`,
    added: `added ${rows}`,
    changed: `changed ${rows}`,
    removed: `removed ${rows}`,
    old: `took away or changed ${rows} of before`,
    back: `put ${rows} of these back`,
    said: `said so${often}`,
    asked: `asked for it${often}`,
  };
  return [words[act]];
}
