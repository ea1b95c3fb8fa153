import { errorReasons, statusOf } from "../errors.ts";
import { isTerminal } from "../job.ts";
import { type Operation } from "../operation.ts";
import { operations } from "../operations.ts";
import { timesProblem } from "../scheduled/cron.ts";
import { field } from "../step.ts";
import { type ModelCall, type ModelLimits, mayBeSame } from "./call.ts";
import { isReceived, isReleased, isReported, isUncounted, isUndelivered } from "./effects.ts";
import type { JobFacts, JobState } from "./job-state.ts";
import { createsTable } from "./order.ts";
import { changesIt } from "./scheduled/settings.ts";
import { isStream } from "./streams/lives.ts";
import { isImportable } from "./streams/streams.ts";
import { isExport, isOfTable, orderIn, urlOf } from "./worded-orders.ts";

/** What a service may refuse: any reason that applies. */

type Applies = (state: JobState, facts: JobFacts, call: ModelCall) => boolean;

const never: Applies = () => false;

/** By reason: whether a call about a job in this state may be refused so. */
const refusable: Readonly<Record<string, Applies>> = {
  invalid_input: (_, __, call) => !isWellFormed(call),
  // Interlock gives its callers the right credentials.
  unauthenticated: never,
  forbidden: (_, { generation }, call) => call.generation !== null && call.generation !== generation,
  not_found: (state, facts, call) =>
    isForeign(facts, call) ||
    call.sent < facts.createdAt.to ||
    (call.operation === "job.result" && !hasResult(state)) ||
    // Which databases are there, calls about jobs do not say.
    call.operation === "worker.register_table",
  stale_attempt: (state, _, { request }) => request["attempt"] !== state.attempt,
  already_finished: (state, _, { operation, request }) =>
    (isTerminal(state.status) || isReleased(state)) &&
    !(operation === "worker.finish" && isReported(state, request)) &&
    !(operation === "worker.receipt" && isReceived(state, request)),
  // Also where the success says why nothing was delivered: an API without exports has no job to write that to.
  output_undelivered: (state, facts, { request }) =>
    request["status"] === "success" && isUndelivered(state, facts),
  table_unregistered: (state, facts, { request }) =>
    request["status"] === "success" && state.tables.length === 0 && createsTable(facts) !== "no",
  counts_missing: (_, { shownType }, { request }) => isUncounted(shownType, request),
  // Whether it is the newest job of a session is judged with that.
  wrong_state: (state, facts, call) =>
    call.operation === "worker.import_part" ||
    (isExport(call) && !isForeign(facts, call) && !hasResult(state)),
  // The calls do not say which tables existed before.
  table_exists: () => true,
};

/** Whether it is another customer's job: to that one it does not exist. */
export const isForeign = ({ account }: JobFacts, call: ModelCall): boolean =>
  !mayBeSame(account, call.account);

export const hasResult = ({ status, report }: JobState): boolean =>
  status === "success" && report?.["result_schema"] != null;

export const isWellFormed = (call: ModelCall): boolean =>
  (operations[call.operation] as Operation).input.safeParse(call.request).success &&
  (!isStream(call) || isImportable(call)) &&
  (!isOfTable(call) || orderIn(call) !== undefined) &&
  (!changesIt(call) || timesProblem(call.request) === null);

export const reasonOf = ({ reply, status }: ModelCall): string => {
  const reason = field(field(reply, "details"), "reason");
  return typeof reason === "string" ? reason : (reasonWith(status) ?? `status ${status}`);
};

/** A worker that is told to come again later has lost nothing. */
export const isBusy = (call: ModelCall): boolean =>
  call.operation === "worker.claim" && reasonOf(call) === "unavailable";

/** What a status alone says where the answer gives no reason; undefined where several have that status. */
function reasonWith(status: number | null): string | undefined {
  const [reason, ...others] = errorReasons.filter((one) => statusOf[one] === status);
  return others.length === 0 ? reason : undefined;
}

/** Why the call about a job in this state could not be refused as it was; null where it could. */
export function refusalProblem(state: JobState, facts: JobFacts, call: ModelCall): string | null {
  const reason = reasonOf(call);
  return refusable[reason]?.(state, facts, call)
    ? null
    : `it was refused (${reason}) although the job was ${state.status}${attemptOf(state)}`;
}

/** What masks or misreads a password tells its beginning or its end; letters alone may be a word. */
function halvesOf(password: string): string[] {
  const length = Math.max(6, Math.ceil(password.length / 2));
  return [password.slice(0, length), password.slice(-length)].filter((half) => !/^[a-z]*$/i.test(half));
}

/**
 * Passwords in the URLs of destinations, as they were written, as they are meant, and as a header of HTTP has them behind their user,
 * whole and in halves, but none that is found by chance.
 */
export function passwordsIn(
  issues: readonly ModelCall[],
  destinationOf: ModelLimits["destinationOf"],
): string[] {
  const passwords = issues.flatMap((call) => {
    const url = urlOf(call);
    if (url === null) return [];
    const written = (/^td:\/\/(.+)@/is.exec(url) ?? /^[a-z][a-z0-9+.-]*:\/\/[^:@/]*:(.+)@/is.exec(url))?.[1];
    const meant = destinationOf(url);
    const { user, password, apikey } = meant ?? {};
    const hasLogin = typeof user === "string" && typeof password === "string";
    const basic = hasLogin ? Buffer.from(`${user}:${password}`).toString("base64") : null;
    const isLong = (one: unknown): one is string => typeof one === "string" && one.length >= 6;
    const whole = [written, password, apikey].filter(isLong);
    const all = [...whole, ...[basic].filter(isLong), ...whole.flatMap(halvesOf)];
    if (all.length === 0) return [];
    const others = JSON.stringify({ ...call.request, result: null, secret_access_key: null, config: null });
    return all.filter((one) => !others.includes(one));
  });
  return [...new Set(passwords)];
}

/** The hosts of destinations. */
export const hostsIn = (
  issues: readonly ModelCall[],
  destinationOf: ModelLimits["destinationOf"],
): ReadonlySet<string> =>
  new Set(
    issues.flatMap((call) => {
      const host = destinationOf(urlOf(call) ?? "")?.["host"];
      return typeof host === "string" ? [host] : [];
    }),
  );

/** Whether a text has the URL of a destination in it, with a password or without. */
const hasUrl = (text: string, hosts: ReadonlySet<string>): boolean =>
  (text.match(/[a-z][a-z0-9+.-]*:\/\/\S+/gi) ?? []).some((url) =>
    [...hosts].some((host) => url.includes(host)),
  );

/** What a refusal or a message must not hold. */
export interface Secrets {
  passwords: readonly string[];
  hosts: ReadonlySet<string>;
}

/** Why a refusal or a message must not be worded so: its words are free, and it may be logged and shown anywhere. */
export function leakProblem(
  { operation, request, status, reply, probe }: ModelCall,
  { passwords, hosts }: Secrets,
): string | null {
  const holdsOne = (words: unknown): boolean => {
    const text = JSON.stringify(words) ?? "";
    return passwords.some((password) => text.includes(password));
  };
  if (operation === "worker.finish" && probe === undefined) {
    const words = [request["message"], request["output_error"]];
    if (holdsOne(words)) return "its message holds the password of a destination";
    if (words.some((text) => typeof text === "string" && hasUrl(text, hosts)))
      return "its message holds the URL of a destination";
  }
  return status !== null && status >= 400 && holdsOne(reply)
    ? "it was refused in words that hold the password of a destination"
    : null;
}

const attemptOf = ({ attempt }: JobState): string => (attempt === 0 ? "" : ` in attempt ${attempt}`);
