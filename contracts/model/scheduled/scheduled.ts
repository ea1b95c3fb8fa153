import { integerDigits } from "../../bounds/wide-integers.ts";
import { lastSecond } from "../../operations/scheduled-queries.ts";
import { formatTimestamp, type Millis } from "../../values.ts";
import {
  type Departure,
  doneBy,
  type Fields,
  fieldsIn,
  isUnanswered,
  type ModelCall,
  type ModelLimits,
  show,
  wrong,
} from "../call.ts";
import { urlIn } from "../order.ts";
import { isWellFormed, reasonOf } from "../refusals.ts";
import { historyProblem, type Run } from "./history.ts";
import { type Known, maybe, nothing, settingsOnceUpdated, sureSettings, yetToCome } from "./known.ts";
import { lookProblem, nextIn } from "./look.ts";
import { nextDueTime } from "./next-due.ts";
import { jobsIn } from "./orders.ts";
import {
  changesIt,
  isDue,
  isOfScheduled,
  isRun,
  isTimedAlike,
  scheduledKey,
  settingsOfCreate,
  timeIn,
  toldTime,
} from "./settings.ts";

/**
 * Every scheduled query through all calls about it. Where a change overlaps another call, or was not answered, it
 * is unsure until a call tells: only what is sure is judged.
 */

export function scheduledDepartures(
  calls: readonly ModelCall[],
  { destinationOf, clockErrorMs }: Pick<ModelLimits, "destinationOf" | "clockErrorMs">,
): Departure[] {
  const own = calls.filter(isOfScheduled).sort((a, b) => a.sent - b.sent);
  const loose = own.flatMap((call) => looseDeparture(call, destinationOf));
  const keys = new Set(own.map(scheduledKey).filter((key) => key !== null));
  return [...loose, ...[...keys].flatMap((key) => follow(key, own, clockErrorMs))];
}

/** What is wrong of a call whatever there is. */
function looseDeparture(call: ModelCall, destinationOf: ModelLimits["destinationOf"]): Departure[] {
  const depart = (problem: string) => [{ call, job: null, problem }];
  const url = urlIn(call.request);
  const hasDestination = url === null || destinationOf(url) !== null;
  if (changesIt(call) && call.status !== null && reasonOf(call) === "invalid_input")
    return isWellFormed(call) && hasDestination
      ? depart("it was refused (invalid_input) although it is well-formed")
      : [];
  if (call.status !== 200) return [];
  if (changesIt(call) && !hasDestination) return depart("a destination was accepted that means none");
  if (!isWellFormed(call)) return depart("it was taken although it is not well-formed");
  if (call.operation !== "scheduled_query.list") return [];
  const names = entriesOf(call).map(({ name }) => String(name));
  const isInOrder = names.every((name, i) => i === 0 || (names[i - 1] as string) < name);
  return isInOrder ? [] : depart(`names are not in order, each once: ${show(names)}`);
}

const entriesOf = ({ reply }: ModelCall): Fields[] => {
  const { schedules } = fieldsIn(reply);
  return Array.isArray(schedules) ? schedules.map(fieldsIn) : [];
};

function follow(key: string, own: readonly ModelCall[], clockErrorMs: Millis): Departure[] {
  const departures: Departure[] = [];
  let known = nothing;
  const isList = (call: ModelCall) =>
    call.operation === "scheduled_query.list" && key.startsWith(`${call.account?.name}/`);
  const about = own.filter((call) => scheduledKey(call) === key || isList(call));
  const changes = about.filter((call) => changesIt(call) && (call.status === 200 || isUnanswered(call)));
  for (const call of about) {
    const isOverlapped = changes.some((other) => other !== call && areBeside(other, call));
    // A history may hold the jobs of a run that is under way.
    const hasRun = about.some((run) => isRun(run) && run !== call && areBeside(run, call));
    const { hasUnheard } = known;
    const step =
      isUnanswered(call) || isOverlapped
        ? unsure(call, known)
        : judged(call, { ...known, hasUnheard: hasUnheard || hasRun }, key, clockErrorMs);
    known = hasRun && !isRun(call) ? { ...step.known, hasUnheard } : step.known;
    // What was sent before and is on its way still may come behind this one.
    const open = about.filter(
      (other) => isUnanswered(other) && other.sent < call.sent && doneBy(other) > call.sent,
    );
    if (open.length > 0) known = yetToCome(open, known);
    if (step.problem !== null) departures.push({ call, job: null, problem: step.problem });
  }
  return departures;
}

/** Of two calls of which one is sent when the other is answered, one comes after the other. */
const areBeside = (one: ModelCall, other: ModelCall): boolean =>
  one.sent < other.returned && one.returned > other.sent;

interface Step {
  problem: string | null;
  known: Known;
}

/** What may have had its effect, and when nobody knows. */
function unsure(call: ModelCall, known: Known): Step {
  return { problem: null, known: maybe(call, known) };
}

function judged(call: ModelCall, known: Known, key: string, clockErrorMs: Millis): Step {
  const stay = (problem: string | null): Step => ({ problem, known });
  if (call.operation === "scheduled_query.list") return listed(call, known, key, clockErrorMs);
  if (call.operation === "scheduled_query.create") return created(call, known, clockErrorMs);
  const reason = call.status === 200 ? null : reasonOf(call);
  if (reason === "not_found") {
    // The database that it is to have may not be there.
    if (call.request["database"] != null) return stay(null);
    if (known.isThere === true) return stay("it was not found although it is there");
    return { problem: null, known: { ...nothing, isThere: false } };
  }
  if (reason === "wrong_state") return stay(refusalProblem(call, known));
  if (reason !== null) return stay(null);
  if (known.isThere === false) return stay("it was answered although there is none of that name");
  return answered(call, known.isThere === null ? { ...known, isThere: true } : known, clockErrorMs);
}

/** A run of several is refused only where it has no more due times. */
function refusalProblem({ request }: ModelCall, known: Known): string | null {
  const settings = sureSettings(known);
  const more = Number(request["num"] ?? 1) - 1;
  if (more === 0) return "it was refused (wrong_state) although one time is always there";
  let at: Millis | null = Number(request["time"]) * 1000;
  for (let left = more; left > 0 && at !== null; left -= 1)
    at = settings === null ? null : nextDueTime(settings, at);
  return at === null || at > lastSecond * 1000
    ? null
    : `it was refused (wrong_state) although it has ${more} due times more, up to ${formatTimestamp(at)}`;
}

function created(call: ModelCall, known: Known, clockErrorMs: Millis): Step {
  if (call.status === 200) {
    const settings = settingsOfCreate(call);
    const made: Known = {
      ...nothing,
      isThere: true,
      settings,
      since: call,
      fixed: { ...fixedIn(call.reply), name: call.request["name"] },
    };
    const problem =
      known.isThere === true
        ? "it was created although there is one of that name"
        : lookProblem(fieldsIn(call.reply), made.fixed, settings, {
            ...nextIn("start", call, clockErrorMs),
            from: call.sent - clockErrorMs,
          });
    return { problem, known: made };
  }
  const isTaken = reasonOf(call) === "already_exists";
  const problem =
    isTaken && known.isThere === false
      ? "it was refused (already_exists) although there is none of that name"
      : null;
  return { problem, known: isTaken ? { ...known, isThere: known.isThere ?? true } : known };
}

/** What is shown of one and never changes. */
const fixedIn = (reply: unknown): Fields => {
  const { id, created_at, user_name } = fieldsIn(reply);
  return { ...(id === undefined ? {} : { id }), created_at, user_name };
};

function answered(call: ModelCall, known: Known, clockErrorMs: Millis): Step {
  const stay = (problem: string | null): Step => ({ problem, known });
  switch (call.operation) {
    case "scheduled_query.update": {
      const settings = settingsOnceUpdated(call, known);
      const changed: Known = { ...known, settings, since: call, isUnchanged: false, lost: null };
      const isRetimed = settings !== null && known.lost === null && !isTimedAlike(settings, known.settings);
      const next = {
        ...nextIn("start", call, clockErrorMs),
        ...(isRetimed ? { from: call.sent - clockErrorMs } : {}),
      };
      return { problem: lookProblem(fieldsIn(call.reply), changed.fixed, settings, next), known: changed };
    }
    case "scheduled_query.delete":
      return {
        problem: lookProblem(fieldsIn(call.reply), known.fixed, sureSettings(known), null),
        known: { ...nothing, isThere: false },
      };
    case "scheduled_query.run":
      return ran(call, known);
    default:
      return stay(historyProblem(call, { ...known, settings: sureSettings(known) }, clockErrorMs));
  }
}

function ran(call: ModelCall, known: Known): Step {
  const jobs = jobsIn(call);
  const runs = jobs.map(
    (job): Run => ({
      call,
      id: integerDigits(job["job_id"]) ?? String(job["job_id"]),
      at: String(job["scheduled_at"]),
    }),
  );
  return { problem: runProblem(call, jobs, known), known: { ...known, runs: [...known.runs, ...runs] } };
}

function runProblem({ request }: ModelCall, jobs: readonly Fields[], known: Known): string | null {
  const settings = sureSettings(known);
  const num = Number(request["num"] ?? 1);
  if (jobs.length !== num) return `jobs: expected ${num}, got ${jobs.length}`;
  const [first, ...others] = jobs.map(({ scheduled_at }) => scheduled_at);
  if (first !== toldTime(request["time"])) return wrong("scheduled_at", toldTime(request["time"]), first);
  if (settings === null) return null;
  const unlike = jobs.find(({ type }) => type !== settings.type);
  if (unlike !== undefined) return wrong("type", settings.type, unlike["type"]);
  const isNext = (time: unknown, before: Millis) =>
    isDue(settings, timeIn(time)) && timeIn(time) > before && timeIn(time) === nextDueTime(settings, before);
  const other = others.find((time, i) => !isNext(time, timeIn([first, ...others][i])));
  return other === undefined
    ? null
    : `scheduled_at: ${show(other)} is not the first of its due times after the one before`;
}

function listed(call: ModelCall, known: Known, key: string, clockErrorMs: Millis): Step {
  const entry = entriesOf(call).find(({ name }) => `${call.account?.name}/${String(name)}` === key);
  const stay = (problem: string | null): Step => ({ problem, known });
  if (call.status !== 200) return stay(null);
  const name = key.slice(key.indexOf("/") + 1);
  if (entry === undefined)
    return known.isThere === true
      ? stay(`${name} is not in the list although it is there`)
      : { problem: null, known: { ...nothing, isThere: false } };
  if (known.isThere === false) return stay(`${name} is in the list although there is none of that name`);
  const problem = lookProblem(
    entry,
    known.fixed,
    sureSettings(known),
    nextIn("next_time", call, clockErrorMs),
  );
  return stay(problem === null ? null : `of ${name} in the list: ${problem}`);
}
