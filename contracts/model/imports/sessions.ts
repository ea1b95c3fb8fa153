import { isDeepStrictEqual } from "node:util";
import { integerDigits } from "../../bounds/wide-integers.ts";
import { importStatuses } from "../../operations/bulk-import.ts";
import {
  type Departure,
  type Fields,
  fieldsIn,
  isBefore,
  isUnanswered,
  type ModelCall,
  show,
  wrong,
} from "../call.ts";
import { reasonOf } from "../refusals.ts";
import { countsOf } from "./counts.ts";
import { isFileOf } from "./errors.ts";
import { isOfSession, sessionKey } from "./orders.ts";
import { created, ended, type Judged, judged, type Known, type Session, shown } from "./session.ts";

/**
 * Every session of Bulk Import through all calls about it and about its jobs. Where two of them overlap, or one was not
 * answered, the session is unsure until a look that nothing overlaps: only what is sure is judged.
 */

const looks = [
  "bulk_import.show",
  "bulk_import.list_parts",
  "bulk_import.error_records",
  "worker.import_part",
];
const ofJobs = ["worker.finish", "job.kill"];

export function sessionDepartures(calls: readonly ModelCall[]): Departure[] {
  const lists = calls.filter(isList);
  const others = lists.length === 0 ? calls : calls.filter((call) => !isList(call));
  const departures = [
    ...lists.flatMap(orderDeparture),
    ...others.flatMap(nameDeparture),
    ...calls.flatMap(orphanDeparture),
  ];
  const firsts = new Map<string, ModelCall>();
  for (const call of others) {
    const key = isOfSession(call) ? sessionKey(call) : null;
    if (key !== null && !firsts.has(key)) firsts.set(key, call);
  }
  const about = others.filter((call) => isOfSession(call) || isOfJob(call));
  for (const [key, first] of firsts) {
    const listed = new Map(lists.flatMap((list) => lookIn(list, first)));
    const found = follow(key, [...about, ...listed.keys()]);
    departures.push(...found.map((departure) => ofList(departure, listed)));
  }
  return departures;
}

const isList = ({ operation }: ModelCall): boolean => operation === "bulk_import.list";

const entriesOf = ({ reply }: ModelCall): Fields[] => {
  const { bulk_imports: entries } = fieldsIn(reply);
  return Array.isArray(entries) ? entries.map(fieldsIn) : [];
};

/** A list of all sessions as a look at one of them, with the list that it is of; none at that of another customer. */
function lookIn(list: ModelCall, { account, request: { name } }: ModelCall): [ModelCall, ModelCall][] {
  if (list.status !== 200 || list.account?.name !== account?.name) return [];
  const entry = entriesOf(list).find((one) => one["name"] === name);
  const look = { ...list, operation: "bulk_import.show", request: { name } } as const;
  const missing = { status: 404, reply: { details: { reason: "not_found" } } };
  return [[entry === undefined ? { ...look, ...missing } : { ...look, reply: entry }, list]];
}

function ofList({ call, problem, ...rest }: Departure, lists: ReadonlyMap<ModelCall, ModelCall>): Departure {
  const list = lists.get(call);
  if (list === undefined) return { ...rest, call, problem };
  return { ...rest, call: list, problem: `of ${String(call.request["name"])} in the list: ${problem}` };
}

function orderDeparture(call: ModelCall): Departure[] {
  const names = entriesOf(call).map((entry) => String(entry["name"]));
  const isInOrder = names.every((name, i) => i === 0 || (names[i - 1] as string) < name);
  return isInOrder ? [] : [{ call, job: null, problem: `names are not in order, each once: ${show(names)}` }];
}

/** An answer names the session that was asked about, whatever its state. */
function nameDeparture(call: ModelCall): Departure[] {
  if (call.status !== 200 || !isOfSession(call)) return [];
  const { name } = call.request;
  const reply = fieldsIn(call.reply);
  const other = ["name", "bulk_import"].find((field) => field in reply && reply[field] !== name);
  return other === undefined ? [] : [{ call, job: null, problem: wrong(other, name, reply[other]) }];
}

/** A session moves in the transaction that orders or ends its job: even where nobody knows how it moved, it has one. */
function orphanDeparture(call: ModelCall): Departure[] {
  if (call.status !== 200 || !isOfSession(call)) return [];
  const isOrphan = [fieldsIn(call.reply), ...entriesOf(call)].some(hasNoJob);
  const problem = "a session that a perform or commit has moved has no job";
  return isOrphan ? [{ call, job: null, problem }] : [];
}

const hasNoJob = ({ status, job_id }: Fields): boolean =>
  importStatuses.some((one) => one === status && one !== "uploading") && job_id === null;

/** @param calls those of sessions and of jobs */
function follow(key: string, calls: readonly ModelCall[]): Departure[] {
  const departures: Departure[] = [];
  const own = calls
    .filter((call) => !isOfSession(call) || sessionKey(call) === key)
    .sort((a, b) => a.sent - b.sent);
  const jobs = jobsIn(own);
  const about = own.filter((call) => isOfSession(call) || jobs.has(String(call.request["job_id"])));
  const changes = about.filter(({ operation }) => !looks.includes(operation));
  let known: Known = "unsure";
  for (const call of about) {
    const overlapped = changes.some(
      (other) => other !== call && !isBefore(call, other) && (isUnanswered(other) || !isBefore(other, call)),
    );
    if (overlapped || isUnanswered(call)) {
      if (!looks.includes(call.operation)) known = "unsure";
      continue;
    }
    const { problem, next } = step(known, call);
    known = next;
    if (problem !== null) departures.push({ call, job: null, problem });
  }
  return departures;
}

const isOfJob = (call: ModelCall): boolean => ofJobs.includes(call.operation) || isPart(call);
const isPart = ({ operation }: ModelCall): boolean => operation === "worker.import_part";

/** The jobs that were told as those of the session. */
function jobsIn(own: readonly ModelCall[]): ReadonlySet<string> {
  const told = own.filter(
    ({ operation, status }) =>
      status === 200 && (operation === "bulk_import.perform" || operation === "bulk_import.show"),
  );
  return new Set(
    told.map(({ reply }) => {
      const { job_id: id } = fieldsIn(reply);
      return integerDigits(id) ?? String(id);
    }),
  );
}

function step(known: Known, call: ModelCall): Judged {
  const { operation, status, reply } = call;
  if (!isOfSession(call)) return ofJob(known, call);
  if (known === "unsure" || known === "absent") {
    if (status !== 200 && !isFileOf(call)) {
      const isGone =
        status === 404 && operation !== "bulk_import.create" && operation !== "bulk_import.delete_part";
      return { problem: known === "absent" ? absentProblem(call) : null, next: isGone ? "absent" : known };
    }
    if (operation === "bulk_import.create") return { problem: null, next: created(call) };
    const problem = known === "absent" ? "it was answered although the session is not there" : null;
    return { problem, next: operation === "bulk_import.show" ? learnt(fieldsIn(reply)) : "unsure" };
  }
  return judged(known, call);
}

/** A session that is not there is in no state, and its name is free: it can only be missed, or the call be malformed. */
function absentProblem(call: ModelCall): string | null {
  const reason = reasonOf(call);
  return reason === "wrong_state" || reason === "already_exists"
    ? `it was refused (${reason}) although the session is not there`
    : null;
}

/** Of a session that was only seen nobody knows the parts. */
function learnt(reply: Fields): Known {
  const { database, table, status, upload_frozen: frozen, job_id: job } = reply;
  const known = importStatuses.find((one) => one === status);
  if (known === undefined) return "unsure";
  const { valid_records, error_records, valid_parts, error_parts } = reply;
  const session: Session = {
    database,
    table,
    status: known,
    frozen: frozen === true,
    job: typeof job === "string" ? job : null,
    jobType: known.startsWith("commit") ? "bulk_import_commit" : "bulk_import_perform",
    counts: { valid_records, error_records, valid_parts, error_parts },
    parts: null,
    file: null,
  };
  return shown(session, reply).next;
}

/** A call about a job: of the session's newest one it may be the end. */
function ofJob(known: Known, call: ModelCall): Judged {
  const { operation, request, reply, status } = call;
  if (known === "unsure" || known === "absent") return { problem: null, next: known };
  if (known.job === undefined) return { problem: null, next: isPart(call) ? known : "unsure" };
  if (status !== 200 || request["job_id"] !== known.job) return { problem: null, next: known };
  if (isPart(call)) return { problem: partProblem(known, call), next: known };
  if (operation === "worker.finish")
    return {
      problem: countsProblem(known, call),
      next: ended(known, request["status"] === "success", request["import_counts"]),
    };
  const isEnd = fieldsIn(reply)["former_status"] === "queued";
  return { problem: null, next: isEnd ? ended(known, false, null) : known };
}

/** A success says what is in the parts; what Interlock's own workers say puts the service to the test, and is made up. */
function countsProblem({ parts, jobType }: Session, { request, probe }: ModelCall): string | null {
  const { status, num_records: records, import_counts: said } = request;
  if (parts === null || status !== "success" || probe !== undefined) return null;
  const counts = countsOf(parts);
  if (records !== counts.valid_records) return wrong("num_records", counts.valid_records, records);
  const isToldRight = jobType !== "bulk_import_perform" || isDeepStrictEqual(said, counts);
  return isToldRight ? null : wrong("import_counts", counts, said);
}

/** The part behind the one that was named, as it was uploaded last. */
function partProblem({ parts }: Session, { request, reply }: ModelCall): string | null {
  if (parts === null) return null;
  const { after = "" } = request;
  const name = [...parts.keys()].sort().find((one) => one > (after as string));
  const part = fieldsIn(reply)["part"];
  const [said, content] = [fieldsIn(part)["name"], fieldsIn(part)["content"]];
  if (name === undefined) return part === null ? null : `part: expected none, got ${show(said)}`;
  if (said !== name) return wrong("part.name", name, said);
  return content === parts.get(name) ? null : `part.content: it is not what was uploaded as ${name}`;
}
