import { exportOf } from "../../operations/result-export.ts";
import type { ModelCall } from "../call.ts";
import type { Jobs } from "../jobs.ts";
import { asIssue, isExport, ordered, type WordedOrder } from "../worded-orders.ts";

/** The orders of exports, but those that name no job. @param targets the jobs that are known without them */
export const exportsOf = (calls: readonly ModelCall[], targets: Jobs): WordedOrder[] =>
  calls.flatMap((call): WordedOrder[] => {
    const query = isExport(call) ? exportOf(call.request) : undefined;
    if (query === undefined) return [];
    const target = targets.get(String(call.request["target_id"]));
    const { domain_key, result } = call.request;
    const { type, database } = target?.issue.request ?? {};
    const request = { ...asIssue(query, { database, domain_key, result }), type };
    const order = ordered(call, "result_export", request);
    return [target == null ? { ...order, isOpen: true } : order];
  });
