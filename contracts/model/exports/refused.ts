import { worded } from "../../worded-jobs.ts";
import { isUnanswered, type ModelCall, saysRefused } from "../call.ts";
import type { Jobs } from "../jobs.ts";
import { urlIn } from "../order.ts";
import { asIssue, ordered, type WordedOrder } from "../worded-orders.ts";

/** The exports of queries whose destination has refused their rows: each comes of the report that ended its query. */

/** The reports, by the id of the query, that may have made an export of it. */
export const refusedReports = (
  calls: readonly ModelCall[],
  targets: Jobs,
): ReadonlyMap<string, readonly ModelCall[]> => {
  const reports = Map.groupBy(calls.filter(makesExport), ({ request }) => String(request["job_id"]));
  for (const id of reports.keys())
    if (destinationsOf(id, targets)?.every((url) => url === null)) reports.delete(id);
  return reports;
};

/** Where the result of a job may go; undefined where nobody knows its order. */
const destinationsOf = (id: string, targets: Jobs): (string | null)[] | undefined => {
  const facts = targets.get(id);
  return facts == null
    ? undefined
    : [facts, ...(facts.others ?? [])].map(({ issue }) => urlIn(issue.request));
};

export const makesExport = (call: ModelCall): boolean =>
  call.operation === "worker.finish" &&
  saysRefused(call.request) &&
  (call.status === 200 || isUnanswered(call));

/** When the export surely was there; infinity where nobody knows whether there is one. */
export const madeBy = (id: string, reports: readonly ModelCall[], targets: Jobs): number =>
  destinationsOf(id, targets)?.every((url) => url !== null) ? answeredBy(reports) : Number.POSITIVE_INFINITY;

const answeredBy = (reports: readonly ModelCall[]): number =>
  Math.min(...reports.filter(({ status }) => status === 200).map(({ returned }) => returned));

/**
 * The exports as orders whose answer nobody has heard, one for each attempt that may have made it.
 * @param targets the jobs that are known without them
 */
export const refusedOrders = (calls: readonly ModelCall[], targets: Jobs): WordedOrder[] =>
  [...refusedReports(calls, targets)].flatMap(([job, reports]) => {
    const target = targets.get(job);
    const by = answeredBy(reports);
    const taken = reports.filter(({ status }) => status === 200);
    // What was taken was that attempt's; the same report may have been sent before, and have been taken then.
    const own =
      taken.length === 0
        ? reports
        : reports.filter((one) => one.request["attempt"] === taken[0]?.request["attempt"]);
    return [...Map.groupBy(own, ({ request }) => request["attempt"]).values()].map((tries): WordedOrder => {
      const first = tries.reduce((a, b) => (a.sent <= b.sent ? a : b));
      const { result, database, type } = target?.issue.request ?? {};
      const query = worded("result_export", { job });
      return {
        ...ordered(first, "result_export", { ...asIssue(query, { database, result }), type }),
        account: target?.account ?? null,
        status: null,
        reply: undefined,
        doneBy: Number.isFinite(by) ? by : null,
        ended: { message: first.request["output_error"], attempt: null },
        ...(target == null ? { isOpen: true as const } : {}),
      };
    });
  });
