import { firstOfRun } from "../operations/scheduled-queries.ts";
import { field } from "../step.ts";
import {
  type Departure,
  type Fields,
  failureProblem,
  isUnanswered,
  type ModelCall,
  type ModelLimits,
  mayBeSame,
  show,
  wrong,
} from "./call.ts";
import { isWellFormed, reasonOf } from "./refusals.ts";
import { isRun } from "./scheduled/settings.ts";
import { isExport, isOfTable, urlOf } from "./worded-orders.ts";

/** Which orders of customers the service takes, and which it refuses. */

/** The calls by which customers issue a job under a key of their own. */
export const isIssue = (call: ModelCall): boolean =>
  call.operation === "job.issue" || isOfTable(call) || isExport(call) || isRun(call);

export const issuedId = (call: ModelCall): string | null => {
  if (isRun(call)) return call.status === 200 ? (firstOfRun(call.reply) ?? null) : null;
  const { status, reply } = call;
  const id = field(reply, "job_id");
  return status === 200 && typeof id === "string" ? id : null;
};

export const keyOf = ({ request }: ModelCall): unknown => request["domain_key"] ?? null;

const isBefore = (a: ModelCall, b: ModelCall): boolean => a.returned < b.sent;

export function issueDepartures(issues: readonly ModelCall[], limits: ModelLimits): Departure[] {
  const orders = ordersIn(issues);
  return issues.flatMap((call) => {
    const problem = issueProblem(call, orders, limits);
    return problem === null ? [] : [{ call, job: issuedId(call), problem }];
  });
}

/** Orders that became jobs, by the ids of these, and all by the keys that their customers gave them, in their order. */
interface Orders {
  byId: ReadonlyMap<string | null, readonly ModelCall[]>;
  byKey: ReadonlyMap<unknown, readonly ModelCall[]>;
}

const ordersIn = (issues: readonly ModelCall[]): Orders => ({
  byId: Map.groupBy(issues, issuedId),
  byKey: Map.groupBy(issues, keyOf),
});

function issueProblem(call: ModelCall, orders: Orders, limits: ModelLimits): string | null {
  if (call.status === null) return null;
  if (call.status === 200) return acceptedProblem(call, orders, limits);
  if (call.status >= 500) return failureProblem(call);
  return refusedProblem(call, orders, limits);
}

function acceptedProblem(
  call: ModelCall,
  { byId, byKey }: Orders,
  { destinationOf }: ModelLimits,
): string | null {
  const { reply } = call;
  const url = urlOf(call);
  if (url !== null ? destinationOf(url) === null : isExport(call))
    return "a destination was accepted that means none";
  if (isOfTable(call) && !isWellFormed(call)) return "an order was accepted that means nothing";
  const id = isRun(call) ? issuedId(call) : field(reply, "job_id");
  for (const [name, expected] of Object.entries(echoOf(call, id)))
    if (field(reply, name) !== expected) return wrong(name, expected, field(reply, name));
  const isEarlier = (other: ModelCall) => other !== call && issuedId(other) !== null && isBefore(other, call);
  if (typeof id === "string" && byId.get(id)?.some(isEarlier))
    return `job_id: ${show(id)} is the id of another job`;
  const alike = keyOf(call) === null ? [] : (byKey.get(keyOf(call)) ?? []);
  const holder = alike.find((other) => isEarlier(other) && mayBeSame(other.account, call.account));
  return holder === undefined ? null : `domain_key: job ${issuedId(holder)} has it already`;
}

/** What an answer repeats. */
function echoOf({ operation, request }: ModelCall, id: unknown): Fields {
  const { database, table, target_id } = request;
  if (operation === "scheduled_query.run") return {};
  if (operation === "job.result_export") return { target_job_id: target_id };
  return { database, ...(operation === "job.issue" ? { job: id } : { table }) };
}

function refusedProblem(call: ModelCall, { byKey }: Orders, { destinationOf }: ModelLimits): string | null {
  const reason = reasonOf(call);
  const url = urlOf(call);
  const refused = `it was refused (${reason}) although`;
  switch (reason) {
    case "invalid_input":
      return !isWellFormed(call) || (url !== null && destinationOf(url) === null)
        ? null
        : `${refused} it is well-formed`;
    case "not_found":
      // Whether the database was there is judged with all that is known of its name, and a job with all of that.
      return null;
    case "wrong_state":
      // What state the job is in is judged with that.
      return isExport(call) || isRun(call) ? null : `${refused} it is on no job`;
    case "domain_key_taken":
      return conflictProblem(call, byKey.get(keyOf(call)) ?? []);
    default:
      return `${refused} nothing speaks against it`;
  }
}

function conflictProblem(call: ModelCall, alike: readonly ModelCall[]): string | null {
  const key = keyOf(call);
  // What was refused has taken no key.
  const holders = alike.filter(
    (other) =>
      other !== call &&
      mayBeSame(other.account, call.account) &&
      other.sent <= call.returned &&
      (other.status === 200 || isUnanswered(other)),
  );
  if (key === null || holders.length === 0)
    return "it was refused (domain_key_taken) although nobody has that key";
  const told = field(field(call.reply, "details"), "conflicts_with");
  const ids = holders.map(issuedId).filter((id) => id !== null);
  // The answer to the holder may have been lost: then its id is not known otherwise.
  if (ids.length === 0 || ids.includes(String(told))) return null;
  return wrong("conflicts_with", ids[0], told);
}
