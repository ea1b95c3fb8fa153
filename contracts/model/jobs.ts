import { isDeepStrictEqual } from "node:util";
import { engineFor, generationOf, type QueryType } from "../job.ts";
import { field } from "../step.ts";
import { fieldsIn, type ModelCall, mayBeSame } from "./call.ts";
import type { ImportOrder } from "./imports/orders.ts";
import { issuedId, keyOf } from "./issues.ts";
import type { JobFacts } from "./job-state.ts";

/** Which jobs there are, and which order each of them was. */

/** A call about a job, and what its answer says of that one: a list answers about many. */
export interface About {
  call: ModelCall;
  reply: unknown;
}

/** By id; null where more than one order can have become the job, which then cannot be judged. */
export type Jobs = ReadonlyMap<string, JobFacts | null>;

export function jobsOf(issues: readonly ModelCall[], abouts: ReadonlyMap<string, readonly About[]>): Jobs {
  const jobs = new Map<string, JobFacts | null>();
  for (const issue of issues) {
    const id = issuedId(issue);
    if (id !== null && !jobs.has(id)) jobs.set(id, factsOf(id, issue, issue.returned));
  }
  const unanswered = issues.filter(({ status }) => status === null || status >= 500);
  for (const [id, about] of abouts) {
    if (jobs.has(id)) continue;
    const conflict = issues.find((call) => conflictIn(call) === id);
    const shown = about.filter(({ call }) => call.status === 200);
    const seen = Math.min(
      ...[...shown, ...(conflict === undefined ? [] : [{ call: conflict }])].map(({ call }) => call.returned),
    );
    const orders = unanswered.filter(
      (order) =>
        order.sent <= seen &&
        (conflict === undefined || keyOf(conflict) === keyOf(order)) &&
        shown.every((look) => mayBe(order, look)),
    );
    const [order] = orders;
    if (order === undefined || !Number.isFinite(seen)) continue;
    jobs.set(id, orders.every((other) => isSame(order, other)) ? factsOf(id, order, seen) : null);
  }
  return jobs;
}

const conflictIn = ({ reply }: ModelCall): unknown => field(field(reply, "details"), "conflicts_with");

const isSame = (a: ModelCall, b: ModelCall): boolean =>
  isDeepStrictEqual([a.request, a.account], [b.request, b.account]);

/** Whether an order without an answer can have become the job of which this was seen. */
function mayBe({ request, account }: ModelCall, { call, reply }: About): boolean {
  const seen = fieldsIn(call.operation === "worker.claim" ? field(reply, "job") : reply);
  return (
    mayBeSame(account, call.account) &&
    ["type", "database", "query"].every((name) => !(name in seen) || seen[name] === request[name])
  );
}

function factsOf(id: string, issue: ModelCall | ImportOrder, to: number): JobFacts {
  const type = issue.request["type"] as QueryType;
  const { account } = issue;
  const engine = account === null ? null : engineFor(type, account.cluster);
  return {
    id,
    issue,
    account,
    type,
    shownType: "shownType" in issue ? issue.shownType : type,
    engine,
    generation: engine === null ? null : generationOf(engine),
    createdAt: { from: issue.sent, to: Math.max(issue.sent, to) },
  };
}
