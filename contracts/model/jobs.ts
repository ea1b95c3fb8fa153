import { isDeepStrictEqual } from "node:util";
import { engineFor, generationOf, type QueryType } from "../job.ts";
import { field } from "../step.ts";
import { type Fields, fieldsIn, isUnanswered, type ModelCall, mayBeSame } from "./call.ts";
import { issuedId, keyOf } from "./issues.ts";
import type { JobFacts } from "./job-state.ts";
import { isRun } from "./scheduled/settings.ts";
import type { WordedOrder } from "./worded-orders.ts";

/** Which jobs there are, and which order each of them was. */

/** A call about a job, and what its answer says of that one: a list answers about many. */
export interface About {
  call: ModelCall;
  reply: unknown;
}

/** By id; null where more than one order can have become the job, which then cannot be judged. */
export type Jobs = ReadonlyMap<string, JobFacts | null>;

export function jobsOf(
  issues: readonly Order[],
  abouts: ReadonlyMap<string, readonly About[]>,
): Map<string, JobFacts | null> {
  const jobs = new Map<string, JobFacts | null>();
  for (const issue of issues) {
    const id = issuedId(issue);
    if (id !== null && !jobs.has(id))
      jobs.set(id, isOpen(issue) ? null : factsOf(id, issue, issue.returned, othersOf(issue)));
  }
  const unanswered = issues.filter(isUnanswered);
  const holders = holdersIn(issues);
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
        (holders.get(ownKey(order)) ?? id) === id &&
        (conflict === undefined || keyOf(conflict) === keyOf(order)) &&
        shown.every((look) => mayBe(order, look)),
    );
    const [order, ...others] = orders;
    if (order === undefined || !Number.isFinite(seen)) continue;
    const key = ownKey(order);
    if (key !== null && others.every((other) => ownKey(other) === key)) holders.set(key, id);
    const there = others.length === 0 && isWorded(order) ? (order.doneBy ?? seen) : seen;
    const unlike = others.filter((other) => !isSame(order, other));
    const isClear = !orders.some(isOpen) && unlike.every(isWorded);
    jobs.set(id, isClear ? factsOf(id, order, Math.min(seen, there), [...othersOf(order), ...unlike]) : null);
  }
  return jobs;
}

/** A key that is had by one job alone, with the account whose it is; null where there is none, or nobody knows whose. */
function ownKey(order: Order): string | null {
  const key = keyOf(order);
  // A run of a scheduled query makes several jobs under one key.
  return typeof key !== "string" || order.account === null || isRun(order)
    ? null
    : JSON.stringify([order.account.name, key]);
}

/** The jobs that are known to have a key: of no order with that key has another one come. */
function holdersIn(issues: readonly Order[]): Map<string | null, string> {
  const holders = new Map<string | null, string>();
  for (const issue of issues) {
    const [key, id] = [ownKey(issue), issuedId(issue) ?? conflictIn(issue)];
    if (key !== null && typeof id === "string" && id !== "" && !holders.has(key)) holders.set(key, id);
  }
  return holders;
}

const conflictIn = ({ reply }: ModelCall): unknown => field(field(reply, "details"), "conflicts_with");

const isSame = (a: Order, b: Order): boolean =>
  isDeepStrictEqual([a.request, a.account, endedOf(a)], [b.request, b.account, endedOf(b)]);

/** Whether an order without an answer can have become the job of which this was seen. */
function mayBe(order: Order, { call, reply }: About): boolean {
  const isClaim = call.operation === "worker.claim";
  const seen = fieldsIn(isClaim ? field(reply, "job") : reply);
  // Workers are handed it as what they run, customers are shown what they ordered.
  const wanted: Fields = { ...order.request, ...(isClaim ? {} : { type: shownTypeOf(order) }) };
  return (
    mayBeSame(order.account, call.account) &&
    (!isByKey(call) || keyOf(order) === keyOf(call)) &&
    (["type", "database", "query"] as const).every(
      (name) => !(name in seen) || wanted[name] === undefined || seen[name] === wanted[name],
    )
  );
}

/** Whether it asks for the job that has a key, of which its answer alone tells which one it is. */
export const isByKey = ({ operation }: ModelCall): boolean => operation === "job.status_by_domain_key";

type Order = ModelCall | WordedOrder;
const isWorded = (order: Order): order is WordedOrder => "shownType" in order;
const isOpen = (order: Order): boolean => isWorded(order) && order.isOpen === true;
const shownTypeOf = (order: Order) => (isWorded(order) ? order.shownType : order.request["type"]);

const endedOf = (order: Order) => (isWorded(order) ? order.ended : undefined);

const othersOf = (order: Order): readonly Order[] => (isWorded(order) ? (order.others ?? []) : []);

/** @param others orders that it may have been as well */
function factsOf(id: string, issue: Order, to: number, others: readonly Order[] = []): JobFacts {
  const type = issue.request["type"] as QueryType;
  const { account } = issue;
  const ended = endedOf(issue);
  const engine = account === null ? null : engineFor(type, account.cluster);
  return {
    id,
    issue,
    account,
    type,
    shownType: isWorded(issue) ? issue.shownType : type,
    engine,
    generation: engine === null ? null : generationOf(engine),
    createdAt: { from: issue.sent, to: Math.max(issue.sent, to) },
    ...(ended === undefined ? {} : { ended }),
    ...(others.length === 0 ? {} : { others: others.map((other) => factsOf(id, other, to)) }),
  };
}
