import { redactDestination } from "../../destination.ts";
import { type Departure, doneBy, fieldsIn, isUnanswered, type ModelCall, wrong } from "../call.ts";
import { reasonOf } from "../refusals.ts";

/**
 * Named result targets: which of them are there, whose they are, and as what they are shown. Only what is sure is judged;
 * what was there before nobody knows.
 */

const list = "result.list";
const create = "result.create";

export const isOfTargets = ({ operation }: ModelCall): boolean => operation.startsWith("result.");

/** An order as far as it has a URL that nobody else may be told. */
export const asOrder = (call: ModelCall): ModelCall => ({
  ...call,
  request: { name: call.request["name"], result: call.request["url"] },
});

export function targetDepartures(calls: readonly ModelCall[]): Departure[] {
  const all = calls.filter((call) => isOfTargets(call) && call.account !== null);
  return all.flatMap((call) => {
    const own = all.filter((one) => one !== call && one.account?.name === call.account?.name);
    const problem = isUnanswered(call) ? null : problemOf(call, own);
    return problem === null ? [] : [{ call, job: null, problem }];
  });
}

/** @param others all other calls of its customer */
function problemOf(call: ModelCall, others: readonly ModelCall[]): string | null {
  const { operation, request, reply, status } = call;
  if (operation === list) return status === 200 ? listProblem(call, others) : null;
  const name = String(request["name"]);
  const isThere = keeperOf(name, call, others) !== undefined;
  const isGone = isAbsent(name, call, others);
  if (status === 200) {
    const echoed = fieldsIn(reply)["result"];
    if (echoed !== name) return wrong("result", name, echoed);
    if (operation === create && isThere) return `it was taken although there is a target ${name} already`;
    return operation !== create && isGone ? `it was taken although there is no target ${name}` : null;
  }
  const refused = `it was refused (${reasonOf(call)}) although`;
  if (reasonOf(call) === "already_exists" && isGone) return `${refused} there is no target ${name}`;
  return status === 404 && operation !== create && isThere ? `${refused} there is a target ${name}` : null;
}

function listProblem(call: ModelCall, others: readonly ModelCall[]): string | null {
  const listed = listedIn(call);
  const names = new Set(listed.map(({ name }) => name));
  if (names.size < listed.length) return "results: one of them is listed twice";
  const asked = new Set(
    others.filter(({ operation }) => operation === create).map(({ request }) => request["name"]),
  );
  for (const name of asked) {
    const isLeftOut = !names.has(name) && keeperOf(String(name), call, others) !== undefined;
    if (isLeftOut) return `the target ${String(name)} is left out`;
  }
  for (const { name, url } of listed) {
    if (isAbsent(String(name), call, others))
      return `${String(name)} is listed although there is no such target`;
    const said = keeperOf(String(name), call, others)?.request["url"];
    const expected = typeof said === "string" ? redactDestination(said) : url;
    if (url !== expected) return wrong(`url of ${String(name)}`, expected, url);
  }
  return null;
}

function listedIn({ reply }: ModelCall) {
  const { results } = fieldsIn(reply);
  return Array.isArray(results) ? results.map(fieldsIn) : [];
}

const isOf = (name: string, operation: string) => (call: ModelCall) =>
  call.operation === operation && call.request["name"] === name;
const mayBeTaken = (call: ModelCall): boolean => call.status === 200 || isUnanswered(call);

/** The call that made the target for as long as this one was under way; undefined where none surely did. */
function keeperOf(name: string, { sent, returned }: ModelCall, others: readonly ModelCall[]) {
  const takers = others.filter(isOf(name, "result.delete")).filter(mayBeTaken);
  return others
    .filter(isOf(name, create))
    .find(
      (made) =>
        made.status === 200 &&
        made.returned < sent &&
        takers.every((taker) => doneBy(taker) < made.sent || taker.sent > returned),
    );
}

/** Whether somebody was surely told that it is not there, or took it away, and nobody can have made it since. */
function isAbsent(name: string, { sent, returned }: ModelCall, others: readonly ModelCall[]): boolean {
  const makers = others.filter(isOf(name, create)).filter(mayBeTaken);
  return others
    .filter((one) => one.returned < sent && saysNone(name, one))
    .some((told) => makers.every((maker) => doneBy(maker) < told.sent || maker.sent > returned));
}

/** Whether an answer says that there is, or from then on was, none of the name. */
function saysNone(name: string, call: ModelCall): boolean {
  if (call.operation === list)
    return call.status === 200 && listedIn(call).every((one) => one["name"] !== name);
  return isOf(name, "result.delete")(call) && (call.status === 200 || reasonOf(call) === "not_found");
}
