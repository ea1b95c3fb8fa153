import {
  type Departure,
  doneBy,
  type Fields,
  fieldsIn,
  isUnanswered,
  type ModelCall,
  otherThan,
  show,
  wrong,
} from "../call.ts";
import { isWellFormed, reasonOf } from "../refusals.ts";
import { keysTold } from "./keys.ts";

/**
 * Every account's users through all calls about them. Where a change overlaps another call about the account's users, or
 * was not answered, nothing is known until a list: only what is sure is judged.
 */

interface User {
  name: string;
  /** Null where no call has said it. */
  email: string | null;
  password: unknown;
  /** What was shown of it first and never changes. */
  shown: Fields | null;
  /** In order, null for one that is there and was not told; null where they are not all known. */
  keys: readonly (string | null)[] | null;
}

/** What is known of an account between two calls: its users in the order in which they were added. */
interface Known {
  users: readonly User[];
  /** Whether it has no others. */
  isAll: boolean;
}

const nothing: Known = { users: [], isAll: false };

const changing: readonly string[] = ["user.add", "user.remove", "user.add_apikey", "user.remove_apikey"];
const isChange = ({ operation, status }: ModelCall): boolean =>
  changing.includes(operation) && (status === null || status === 200 || status >= 500);

export function userDepartures(calls: readonly ModelCall[]): Departure[] {
  const own = calls.filter(({ operation }) => operation.startsWith("user.")).sort((a, b) => a.sent - b.sent);
  if (own.length === 0) return [];
  const departures = own.flatMap(looseDepartures);
  const accounts = new Map<string, Known>();
  const told = new Set<unknown>();
  for (const call of own) {
    const { account } = call;
    if (call.operation === "user.authenticate") {
      const problem = isUnanswered(call) || isBesideChange(call, own) ? null : loginProblem(call, accounts);
      if (problem !== null) departures.push({ call, job: null, problem });
      continue;
    }
    if (account === null) continue;
    const before = accounts.get(account.name) ?? nothing;
    const beside = isBesideChange(
      call,
      own.filter((one) => one.account?.name === account.name),
    );
    const isAgain = call.operation === "user.add_apikey" && keysTold(call).some((key) => told.has(key));
    if (isAgain) departures.push({ call, job: null, problem: "a new key is one that was told before" });
    for (const key of keysTold(call)) told.add(key);
    if (beside || isUnanswered(call)) {
      if (beside || isChange(call)) accounts.set(account.name, nothing);
      continue;
    }
    const { problem, known } = judged(call, before);
    accounts.set(account.name, known);
    if (problem !== null) departures.push({ call, job: null, problem });
  }
  return departures;
}

/** Whether a change may have come about while the call was on its way. */
const isBesideChange = (call: ModelCall, own: readonly ModelCall[]): boolean =>
  own.some((one) => one !== call && isChange(one) && one.sent < call.returned && doneBy(one) > call.sent);

/** What is wrong of a call whatever there is. */
function looseDepartures(call: ModelCall): Departure[] {
  const { status, request, reply } = call;
  const depart = (problem: string): Departure[] => [{ call, job: null, problem }];
  if (status === null || status >= 500) return [];
  const words = JSON.stringify(reply) ?? "";
  const secrets = [request["password"], request["apikey"]].filter(isLong);
  if (secrets.some((secret) => words.includes(secret)))
    return depart("its answer holds a secret of the request");
  const reason = status === 200 ? null : reasonOf(call);
  if (isWellFormed(call) || reason === "invalid_input") return [];
  // What no user can be called is not there.
  return reason === "not_found" ? [] : depart("it was taken although it is not well-formed");
}

const isLong = (text: unknown): text is string => typeof text === "string" && text.length >= 6;

interface Step {
  problem: string | null;
  known: Known;
}

function judged(call: ModelCall, known: Known): Step {
  const stay = (problem: string | null): Step => ({ problem, known });
  const reason = call.status === 200 ? null : reasonOf(call);
  if (call.operation === "user.list") return reason === null ? listed(call, known) : stay(null);
  if (call.operation === "user.add") return added(call, known, reason);
  const name = String(call.request["name"]);
  const user = named(known, name);
  const isAbsent = user === undefined && known.isAll;
  if (reason === "not_found") return stay(user === undefined ? null : missedProblem(call, user));
  if (reason !== null) return stay(null);
  if (isAbsent) return stay("it was answered although there is no such user");
  // Who is not known by that name may be one that is, by the other.
  if (user === undefined)
    return call.operation === "user.apikeys" ? stay(null) : { problem: null, known: nothing };
  return answered(call, known, user);
}

/** The user that a path means: one of that name comes first, and may be there where not all are known. */
const named = ({ users, isAll }: Known, name: string): User | undefined =>
  users.find((user) => user.name === name) ?? users.find((user) => isAll && user.email === name);

function missedProblem({ operation, request }: ModelCall, { keys }: User): string | null {
  if (operation !== "user.remove_apikey") return "it was not found although it is there";
  const hasKey = keys?.includes(String(request["apikey"])) === true;
  return hasKey ? "the key was not found although the user has it" : null;
}

function answered(call: ModelCall, known: Known, user: User): Step {
  const { operation, request, reply } = call;
  const { apikey, apikeys, user: said } = fieldsIn(reply);
  const named = operation === "user.remove" || operation === "user.remove_apikey";
  const other = named && said !== user.name ? wrong("user", user.name, said) : null;
  const become = (keys: User["keys"], problem: string | null = other): Step => ({
    problem,
    known: { ...known, users: known.users.map((one) => (one === user ? { ...user, keys } : one)) },
  });
  switch (operation) {
    case "user.remove":
      return { problem: other, known: { ...known, users: known.users.filter((one) => one !== user) } };
    case "user.add_apikey":
      return become(user.keys && [...user.keys, String(apikey)]);
    case "user.remove_apikey": {
      const key = String(request["apikey"]);
      const { keys } = user;
      if (keys?.includes(key) === true) return become(keys.filter((one) => one !== key));
      const isOthers = keys !== null && !keys.includes(null);
      return become(null, isOthers ? "a key was removed that is none of the user's" : other);
    }
    default: {
      const keys = Array.isArray(apikeys) ? apikeys.map(String) : [];
      return become(keys, keysProblem(keys, user));
    }
  }
}

function keysProblem(keys: readonly string[], user: User): string | null {
  if (new Set(keys).size < keys.length) return "a key is listed twice";
  const { keys: before } = user;
  if (before === null) return null;
  const isSame =
    keys.length === before.length && keys.every((key, i) => [key, null].includes(before[i] ?? null));
  return isSame ? null : "the keys are not those that the user has, in the order in which they were added";
}

function added(call: ModelCall, known: Known, reason: string | null): Step {
  const { name, email, password, organization } = call.request;
  const holder = known.users.find(
    (user) => user.name === name || (user.email !== null && user.email === email),
  );
  if (reason === "already_exists") {
    const isFree = holder === undefined && known.isAll;
    return {
      problem: isFree ? "it was refused (already_exists) although there is none of its kind" : null,
      known,
    };
  }
  if (reason !== null) return { problem: null, known };
  const user: User = {
    name: String(name),
    email: String(email),
    password,
    shown: { name, email, organization: organization === "" ? null : (organization ?? null) },
    // The first one comes with the user, and nobody is told it.
    keys: [null],
  };
  const said = fieldsIn(call.reply)["name"];
  const problem = said === name ? null : wrong("name", name, said);
  return {
    problem: holder === undefined ? problem : "it was added although there is one of that name or email",
    known: { ...known, users: [...known.users.filter((one) => one !== holder), user] },
  };
}

function listed({ reply }: ModelCall, known: Known): Step {
  const { users: told } = fieldsIn(reply);
  const entries = Array.isArray(told) ? told.map(fieldsIn) : [];
  const users = entries.map((entry): User => {
    const before = known.users.find(({ name }) => name === entry["name"]);
    const { name, email } = entry;
    return {
      password: undefined,
      keys: null,
      ...before,
      name: String(name),
      email: String(email),
      shown: { ...before?.shown, ...entry, roles: undefined },
    };
  });
  return { problem: listProblem(entries, known), known: { users, isAll: true } };
}

function listProblem(entries: readonly Fields[], known: Known): string | null {
  const ids = entries.map(({ id }) => Number(id));
  if (!ids.every((id, i) => i === 0 || (ids[i - 1] as number) < id))
    return `ids are not in order, each once: ${show(ids)}`;
  const names = entries.map(({ name }) => name);
  const missing = known.users.find(({ name }) => !names.includes(name));
  if (missing !== undefined) return `${missing.name} is not in the list although it is there`;
  const inOrder = known.users.map(({ name }) => names.indexOf(name));
  if (!inOrder.every((place, i) => i === 0 || (inOrder[i - 1] as number) < place))
    return "users are not in the order in which they were added";
  for (const entry of entries) {
    const user = known.users.find(({ name }) => name === entry["name"]);
    if (user === undefined && known.isAll)
      return `${show(entry["name"])} is in the list although it is not there`;
    const problem = otherThan(user?.shown ?? {}, { ...entry, roles: undefined });
    if (problem !== null) return `of ${show(entry["name"])} in the list: ${problem}`;
  }
  return null;
}

/** A login is that of the user who surely has this email and password. */
function loginProblem(call: ModelCall, accounts: ReadonlyMap<string, Known>): string | null {
  const { user: email, password } = call.request;
  const users = [...accounts.values()].flatMap(({ users: all }) => all);
  const known = users.filter((user) => user.email === email && user.password !== undefined);
  const [mine, ...others] = known.filter((user) => user.password === password);
  if (call.status === 200) {
    if (known.length > 0 && mine === undefined)
      return "it was answered to a password that is none of the user's";
    const { name, apikey } = fieldsIn(call.reply);
    const owner = users.find(({ keys }) => keys?.includes(String(apikey)));
    if (owner !== undefined && owner.email !== null && owner.email !== email)
      return "it was answered with the key of a user of another email";
    if (mine === undefined || others.length > 0) return null;
    if (mine.keys?.length === 0) return "it was answered although the user has no key";
    if (name !== mine.name) return wrong("name", mine.name, name);
    const oldest = mine.keys?.[0];
    return oldest == null || apikey === oldest ? null : "it was not answered with the user's oldest key";
  }
  const isRefused = reasonOf(call) === "wrong_password" && (mine?.keys?.length ?? 0) > 0;
  return isRefused ? "it was refused although it is the password of the user" : null;
}
