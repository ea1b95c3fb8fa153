import { type Departure, fieldsIn, isBefore, isUnanswered, type ModelCall, mayBeSame } from "../call.ts";
import { reasonOf } from "../refusals.ts";

/** The API keys of users as they are told, as they are used and as they are removed. */

/** The key of a user that a call bears in the place of its customer's own; undefined where it bears none. */
export const keyBorne = ({ headers }: ModelCall): string | undefined =>
  /^TD1 (.+)$/.exec(headers?.request["authorization"] ?? "")?.[1];

/** The keys that an answer tells as those of a user of the caller's account. */
export function keysTold({ operation, status, reply }: ModelCall): unknown[] {
  if (status !== 200) return [];
  const { apikey, apikeys } = fieldsIn(reply);
  if (operation === "user.add_apikey") return [apikey];
  return operation === "user.apikeys" && Array.isArray(apikeys) ? apikeys : [];
}

/** What is judged of calls that bear keys of users, and all calls without those that no such key has opened. */
export interface Borne {
  calls: readonly ModelCall[];
  departures: Departure[];
}

export function borneKeys(all: readonly ModelCall[]): Borne {
  if (!all.some((call) => keyBorne(call) !== undefined)) return { calls: all, departures: [] };
  const departures: Departure[] = [];
  const calls = all.filter((call) => {
    const key = keyBorne(call);
    if (key === undefined) return true;
    const isRefused = call.status !== null && call.status < 500 && reasonOf(call) === "unauthenticated";
    const life = isUnanswered(call) ? "unsure" : lifeOf(key, call, all);
    const depart = (problem: string) => void departures.push({ call, job: null, problem });
    if (isRefused && life === "alive") depart("it was refused to a key of a user");
    if (!isRefused && life === "dead") depart("it was answered to a key that had been removed");
    return !isRefused && life !== "dead";
  });
  return { calls, departures };
}

/** What the key is surely worth to a call. */
function lifeOf(key: string, call: ModelCall, all: readonly ModelCall[]): "alive" | "dead" | "unsure" {
  const told = all.filter((one) => keysTold(one).includes(key));
  const [first] = told;
  if (first === undefined || !isOwn(call, first)) return "unsure";
  const names = new Set(told.map(({ request }) => request["name"]));
  // What was over when it was told is no end of it: a key is never given again.
  const ends = all.filter(
    (one) =>
      one !== call &&
      !isBefore(one, first) &&
      mayBeSame(one.account, first.account) &&
      removes(one, key, names),
  );
  if (ends.some((end) => end.status === 200 && isBefore(first, end) && isBefore(end, call))) return "dead";
  const mayBeGone = ends.some((end) => end.sent < call.returned);
  return !mayBeGone && told.some((one) => isBefore(one, call)) ? "alive" : "unsure";
}

const isOwn = (call: ModelCall, { account }: ModelCall): boolean =>
  account !== null && call.account?.name === account.name;

/** Whether the key has gone by this call, or may have where nobody heard of it. */
function removes(
  { operation, request, reply, status }: ModelCall,
  key: string,
  names: ReadonlySet<unknown>,
): boolean {
  const mayBe = status === 200 || status === null || status >= 500;
  if (!mayBe) return false;
  if (operation === "user.remove_apikey") return request["apikey"] === key;
  if (operation !== "user.remove") return false;
  // Under its email the user may be the one that the key is of.
  return status === 200 ? names.has(request["name"]) || names.has(fieldsIn(reply)["user"]) : true;
}
