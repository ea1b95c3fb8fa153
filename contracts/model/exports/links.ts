import { integerDigits } from "../../bounds/wide-integers.ts";
import {
  type Departure,
  type Fields,
  fieldsIn,
  isUnanswered,
  type ModelCall,
  mayBeSame,
  wrong,
} from "../call.ts";
import type { JobFacts } from "../job-state.ts";
import type { Jobs } from "../jobs.ts";
import { entriesOf } from "../lists.ts";
import { targetOf } from "../order.ts";
import { isExport } from "../worded-orders.ts";

/** Which job a customer is shown as the newest export of a job's result. */

/** What is wrong with the links that are shown. Of a job from before the history began nobody knows what exports it had. */
export function linkDepartures(calls: readonly ModelCall[], jobs: Jobs): Departure[] {
  const exports = Map.groupBy(
    [...jobs.values()].filter((facts) => facts !== null),
    targetOf,
  );
  const unheard = calls.filter((call) => isExport(call) && isUnanswered(call));
  return calls.flatMap((call) =>
    shownIn(call).flatMap((shown): Departure[] => {
      const { job_id: job, linked_result_export_job_id: link } = shown;
      const target = String(job);
      if (link === undefined || !jobs.has(target)) return [];
      const possible = linksAt(call, exports.get(target) ?? []);
      const id = link === null ? null : integerDigits(link);
      if ((link === null || id !== null) && possible.includes(id)) return [];
      const isUnheard = unheard.some((order) => mayBeSeen(order, target, call));
      if (isUnheard && id !== null && jobs.get(id) == null) return [];
      return [{ call, job: target, problem: wrong("linked_result_export_job_id", possible[0], link) }];
    }),
  );
}

/** Jobs as a call shows them. */
function shownIn(call: ModelCall): Fields[] {
  if (call.operation === "job.list") return entriesOf(call);
  return call.operation === "job.show" && call.status === 200 ? [fieldsIn(call.reply)] : [];
}

/** Whether a job that nobody has been told of may have come of this order, and be shown as the newest. */
const mayBeSeen = (order: ModelCall, target: string, look: ModelCall): boolean =>
  order.request["target_id"] === target &&
  order.sent <= look.returned &&
  mayBeSame(order.account, look.account);

/** All that may be shown: no older export than one that was surely issued before the look, and none only where none was. */
function linksAt({ sent, returned }: ModelCall, exports: readonly JobFacts[]): (string | null)[] {
  const before = exports.filter(({ createdAt }) => createdAt.to <= sent);
  const possible = exports.filter(
    ({ createdAt: { from, to } }) => from <= returned && !before.some((other) => other.createdAt.from > to),
  );
  return [...(before.length === 0 ? [null] : []), ...possible.map(({ id }) => id)];
}
