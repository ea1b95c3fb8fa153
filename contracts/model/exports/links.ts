import { integerDigits } from "../../bounds/wide-integers.ts";
import { type Departure, type Fields, fieldsIn, isBefore, type ModelCall, wrong } from "../call.ts";
import type { JobFacts } from "../job-state.ts";
import type { Jobs } from "../jobs.ts";
import { entriesOf } from "../lists.ts";
import { targetOf } from "../order.ts";
import { madeBy, refusedReports } from "./refused.ts";
import { UnheardExports } from "./unheard.ts";

/** Which job a customer is shown as the newest export of a job's result. */

/** An export as far as links tell of it. */
type Known = Pick<JobFacts, "id" | "createdAt">;

/** A job as a call shows it, with the export that it is linked to. */
interface Look {
  call: ModelCall;
  target: string;
  /** The id of the export; null for none. */
  id: string | null;
}

/** What is wrong with the links that are shown. Of a job from before the history began nobody knows what exports it had. */
export function linkDepartures(calls: readonly ModelCall[], jobs: Jobs): Departure[] {
  const exports: ReadonlyMap<string | null, readonly Known[]> = Map.groupBy(
    [...jobs.values()].filter((facts) => facts !== null),
    targetOf,
  );
  const refused = refusedReports(calls, jobs);
  const unheard = new UnheardExports([...calls, ...asOrders(refused, jobs)], jobs, targetsToldIn(calls));
  // By target, those that were explained and show one: what is linked later was made later.
  const earlier = new Map<string, Look[]>();
  const looks = calls.flatMap((call) => shownIn(call).map((shown) => ({ call, shown })));
  looks.sort((a, b) => a.call.returned - b.call.returned);
  return looks.flatMap(({ call, shown }): Departure[] => {
    const { job_id: job, linked_result_export_job_id: link } = shown;
    const target = String(job);
    if (link === undefined || !jobs.has(target)) return [];
    const id = link === null ? null : integerDigits(link);
    const look = { call, target, id };
    if (id !== null && jobs.get(id) == null) unheard.meet(call, target, id);
    const known = [...(exports.get(target) ?? []), ...unheard.metOf(target)];
    const before = earlier.get(target) ?? [];
    const isSure = madeBy(target, refused.get(target) ?? [], jobs) <= call.sent;
    const possible = linksAt(call, known, isSure).filter((one) => !isOlder(look.call, one, known, before));
    if ((link === null || id !== null) && possible.includes(id)) {
      if (id !== null) earlier.set(target, [...before, look]);
      return [];
    }
    return [
      {
        call,
        job: target,
        problem: wrong("linked_result_export_job_id", possible[0] ?? expected(isSure), link),
      },
    ];
  });
}

const expected = (isSure: boolean) => (isSure ? "the export that its destination refused" : null);

/** Reports of which an export may have come, as orders that nobody has heard the answer of. */
const asOrders = (refused: ReturnType<typeof refusedReports>, jobs: Jobs): ModelCall[] =>
  [...refused].map(([target_id, [first]]) => ({
    ...(first as ModelCall),
    operation: "job.result_export",
    account: jobs.get(target_id)?.account ?? null,
    request: { target_id },
    status: null,
  }));

/** More exports than one that came of the end of one query. */
export function surplusExports(calls: readonly ModelCall[], jobs: Jobs): Departure[] {
  const born = [...jobs.values()].filter((facts) => facts?.ended !== undefined && facts.others === undefined);
  const [...all] = Map.groupBy(born as JobFacts[], targetOf).values();
  return all.flatMap(([first, ...others]) =>
    others.flatMap(({ id }): Departure[] => {
      const call = calls.find((one) => shownIn(one).some(({ job_id }) => job_id === id));
      const problem = `${first?.id} is the export that came of the end of its query already`;
      return call === undefined ? [] : [{ call, job: id, problem }];
    }),
  );
}

/** Jobs as a call shows them. */
function shownIn(call: ModelCall): Fields[] {
  if (call.operation === "job.list") return entriesOf(call);
  return call.operation === "job.show" && call.status === 200 ? [fieldsIn(call.reply)] : [];
}

/** By id of a job, of which jobs it was shown to export the result. */
function targetsToldIn(calls: readonly ModelCall[]): Map<string, Set<string | null>> {
  const told = new Map<string, Set<string | null>>();
  for (const { job_id: job, result_export_target_job_id: target } of calls.flatMap(shownIn)) {
    if (target === undefined) continue;
    const id = String(job);
    told.set(id, (told.get(id) ?? new Set()).add(target === null ? null : integerDigits(target)));
  }
  return told;
}

/**
 * All that may be shown: no older export than one that was surely issued before the look, and none only where none was.
 * @param isSure whether there was one before the look, whichever it is
 */
function linksAt(
  { sent, returned }: ModelCall,
  exports: readonly Known[],
  isSure: boolean,
): (string | null)[] {
  const before = exports.filter(({ createdAt }) => createdAt.to <= sent);
  const possible = exports.filter(
    ({ createdAt: { from, to } }) => from <= returned && !before.some((other) => other.createdAt.from > to),
  );
  return [...(before.length === 0 && !isSure ? [null] : []), ...possible.map(({ id }) => id)];
}

/** Whether another export was shown as the newest when this one had been made: it cannot be the newest later. Null is the oldest. */
function isOlder(
  call: ModelCall,
  id: string | null,
  exports: readonly Known[],
  earlier: readonly Look[],
): boolean {
  const madeBy = exports.find((one) => one.id === id)?.createdAt.to ?? -Infinity;
  return earlier.some((look) => look.id !== id && isBefore(look.call, call) && madeBy < look.call.sent);
}
