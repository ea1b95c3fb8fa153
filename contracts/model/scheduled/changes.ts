import type { Notice } from "../../scheduled/notice.ts";
import type { Millis } from "../../values.ts";
import { doneBy, isUnanswered, type ModelCall } from "../call.ts";
import type { End } from "./ends.ts";

/** What of the ends of a scheduled query's jobs is a change, as far as their order is known. */

/** A change that its owner is to be told of, and the jobs of which one has made it. */
export interface Change {
  change: Notice["change"];
  by: readonly End[];
}

export interface Changes {
  changes: Change[];
  /** Jobs of which it is known that they have changed something, or nothing. */
  sure: ReadonlySet<string>;
  /** Whether nothing else has ended. */
  isWhole: boolean;
}

/** What has changed, as far as the order of the ends is known. */
export function changesOf(
  own: readonly ModelCall[],
  ended: readonly End[],
  unclearFrom: Millis,
  allTell: boolean,
): Changes {
  const { deletedFrom, deletedBy, againFrom } = livesOf(own);
  const until = Math.min(
    unclearFrom,
    againFrom,
    allTell ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY,
  );
  const counting = ended.filter(({ status, from }) => status !== "killed" && from < deletedBy);
  const changes: Change[] = [];
  const sure = new Set(
    ended
      .filter(({ status, from, to }) => status === "killed" || (from >= deletedBy && to <= againFrom))
      .map(({ job }) => job),
  );
  let before: End["status"] | null = null;
  for (const beside of besideEachOther(counting)) {
    const [{ status }] = beside as [End];
    const isSure = beside.every((one) => one.status === status && one.to <= Math.min(until, deletedFrom));
    if (!isSure) return { changes, sure, isWhole: false };
    for (const { job } of beside) sure.add(job);
    const isChange = status === "error" ? before !== "error" : before === "error";
    if (isChange) changes.push({ change: status === "error" ? "failing" : "resumed", by: beside });
    before = status;
  }
  return { changes, sure, isWhole: until === Number.POSITIVE_INFINITY };
}

/** When it may have been deleted, when it surely was, and when another one of its name may have been made. */
function livesOf(own: readonly ModelCall[]) {
  const of = (what: string) => own.filter(({ operation }) => operation === `scheduled_query.${what}`);
  const mayBeTaken = (call: ModelCall) => call.status === 200 || isUnanswered(call);
  const deletes = of("delete").filter(mayBeTaken);
  const made = of("create").filter(({ status }) => status === 200);
  const deletedFrom = Math.min(Number.POSITIVE_INFINITY, ...deletes.map(({ sent }) => sent));
  const sureDeletes = deletes.filter(({ status }) => status === 200);
  return {
    deletedFrom,
    deletedBy: Math.min(Number.POSITIVE_INFINITY, ...sureDeletes.map(({ returned }) => returned)),
    againFrom: Math.min(
      Number.POSITIVE_INFINITY,
      ...made.slice(1).map(({ sent }) => sent),
      ...of("create").flatMap((call) =>
        mayBeTaken(call) && doneBy(call) > deletedFrom ? [Math.max(call.sent, deletedFrom)] : [],
      ),
    ),
  };
}

/** In the order of their ends; of those in one group nobody knows it. */
function besideEachOther(ended: readonly End[]): End[][] {
  const groups: End[][] = [];
  let to = Number.NEGATIVE_INFINITY;
  for (const end of ended) {
    if (end.from >= to || groups.length === 0) groups.push([end]);
    else groups.at(-1)?.push(end);
    to = Math.max(to, end.to);
  }
  return groups;
}
