import { isDeepStrictEqual } from "node:util";
import { integerDigits } from "../../bounds/wide-integers.ts";
import type { ImportType } from "../../job.ts";
import { type ImportStatus, importJobs } from "../../operations/bulk-import.ts";
import { type Fields, fieldsIn, type ModelCall, wrong } from "../call.ts";
import { reasonOf } from "../refusals.ts";
import { errorsProblem, isFileOf, type Seen, seenIn } from "./errors.ts";

/** One session of Bulk Import, and what the contract allows of it. */

export interface Session {
  readonly database: unknown;
  readonly table: unknown;
  readonly status: ImportStatus;
  readonly frozen: boolean;
  /** Of the newest job; undefined where it was not told yet. */
  readonly job: string | null | undefined;
  readonly jobType: ImportType | null;
  readonly counts: Fields;
  /** Names and contents; null where a look does not tell. */
  readonly parts: ReadonlyMap<string, unknown> | null;
  /** What was read of the file of the records in error; null where nothing was. */
  readonly file: Seen | null;
}

/** A session that is known, one that is surely not there, or one of which nothing is sure. */
export type Known = Session | "absent" | "unsure";

const uncounted: Fields = { valid_records: null, error_records: null, valid_parts: null, error_parts: null };

export const created = ({ request: { database, table } }: ModelCall): Session => ({
  database,
  table,
  status: "uploading",
  frozen: false,
  job: null,
  jobType: null,
  counts: uncounted,
  parts: new Map(),
  file: null,
});

type Rule = (session: Session) => boolean;
const open: Rule = ({ status, frozen }) => status === "uploading" && !frozen;
const frozen: Rule = ({ status, frozen: isFrozen }) => status === "uploading" && isFrozen;
const performed: Rule = ({ status }) => status !== "uploading" && status !== "performing";
const idle: Rule = ({ status }) => status !== "performing" && status !== "committing";

/** When each call is taken; what it makes of the session, "absent" where that is gone. */
const changing: Readonly<
  Record<string, { allowed: Rule; next: (session: Session, call: ModelCall) => Known }>
> = {
  "bulk_import.upload_part": {
    allowed: open,
    next: (session, { request }) => ({
      ...session,
      parts: session.parts && new Map(session.parts).set(String(request["part"]), request["content"]),
    }),
  },
  "bulk_import.delete_part": {
    allowed: open,
    next: (session, { request }) => {
      const parts = session.parts && new Map(session.parts);
      parts?.delete(String(request["part"]));
      return { ...session, parts };
    },
  },
  "bulk_import.freeze": { allowed: open, next: (session) => ({ ...session, frozen: true }) },
  "bulk_import.unfreeze": { allowed: frozen, next: (session) => ({ ...session, frozen: false }) },
  "bulk_import.perform": {
    allowed: ({ status }) => status === "uploading" || status === "performing",
    next: (session, { reply }) => ({
      ...session,
      status: "performing",
      frozen: true,
      job: integerDigits(fieldsIn(reply)["job_id"]),
      jobType: "bulk_import_perform",
      counts: uncounted,
    }),
  },
  "bulk_import.commit": {
    allowed: ({ status }) => ["ready", "committing", "committed"].includes(status),
    next: (session) =>
      session.status === "ready"
        ? { ...session, status: "committing", job: undefined, jobType: "bulk_import_commit" }
        : session,
  },
  "bulk_import.delete": { allowed: idle, next: () => "absent" },
};

const allowedOf = (operation: string): Rule | undefined =>
  operation === "bulk_import.error_records" ? performed : changing[operation]?.allowed;

export interface Judged {
  problem: string | null;
  next: Known;
}

/** What is wrong with an answered call about a session that is known, and what it is afterwards. */
export function judged(session: Session, call: ModelCall): Judged {
  const { operation, status } = call;
  if (isFileOf(call)) return ofErrors(session, call);
  if (status === 200) return taken(session, call);
  const reason = reasonOf(call);
  const isOfPart =
    operation === "bulk_import.delete_part" && session.parts?.has(String(call.request["part"])) !== true;
  const applies =
    reason === "invalid_input" ||
    (reason === "already_exists" && operation === "bulk_import.create") ||
    (reason === "not_found" && (isOfPart || operation === "bulk_import.create")) ||
    (reason === "wrong_state" && allowedOf(operation)?.(session) === false);
  return {
    problem: applies ? null : `it was refused (${reason}) although the session was ${told(session)}`,
    next: session,
  };
}

function taken(session: Session, call: ModelCall): Judged {
  const { operation, reply } = call;
  if (operation === "bulk_import.create")
    return { problem: "it was taken although the session is there", next: created(call) };
  if (operation === "bulk_import.show") return shown(session, fieldsIn(reply));
  if (operation === "bulk_import.list_parts") {
    const names = session.parts && [...session.parts.keys()].sort();
    const isAsKnown = names === null || isDeepStrictEqual(fieldsIn(reply)["parts"], names);
    return { problem: isAsKnown ? null : wrong("parts", names, fieldsIn(reply)["parts"]), next: session };
  }
  const change = changing[operation];
  if (change === undefined) return { problem: null, next: session };
  const isOther =
    session.status === "performing" &&
    operation === "bulk_import.perform" &&
    integerDigits(fieldsIn(reply)["job_id"]) !== session.job;
  const missing =
    operation === "bulk_import.delete_part" && session.parts?.has(String(call.request["part"])) === false;
  if (isOther) return { problem: wrong("job_id", session.job, fieldsIn(reply)["job_id"]), next: session };
  if (missing) return { problem: "it was taken although the session has no such part", next: session };
  return {
    problem: change.allowed(session) ? null : `it was taken although the session was ${told(session)}`,
    next: change.next(session, call),
  };
}

/** The records in error: known only once the perform has found them, and the same each time. */
function ofErrors(session: Session, call: ModelCall): Judged {
  const problem = performed(session)
    ? errorsProblem(session.parts, session.file, call)
    : `it was answered although the session was ${told(session)}`;
  return { problem, next: problem === null ? { ...session, file: seenIn(session.file, call) } : session };
}

/** A look at a session: after a commit it tells that one's job. */
export function shown(session: Session, reply: Fields): Judged {
  const job = session.job === undefined ? reply["job_id"] : session.job;
  const expected: Fields = {
    database: session.database,
    table: session.table,
    status: session.status,
    upload_frozen: session.frozen,
    job_id: job,
    ...session.counts,
  };
  const name = Object.keys(expected).find((one) => !isDeepStrictEqual(reply[one], expected[one]));
  return {
    problem: name === undefined ? null : wrong(name, expected[name], reply[name]),
    next: { ...session, job: typeof job === "string" ? job : null },
  };
}

/** The session once its job has ended: moved on by success alone, given back by any other end. */
export function ended(session: Session, success: boolean, counts: unknown): Session {
  if (session.jobType === null) return session;
  const { during, success: moved, else: back } = importJobs[session.jobType];
  if (session.status !== during) return session;
  const isCounted = success && session.jobType === "bulk_import_perform";
  return {
    ...session,
    status: success ? moved : back,
    counts: isCounted ? fieldsIn(counts) : session.counts,
  };
}

const told = ({ status, frozen: isFrozen }: Session): string => `${status}${isFrozen ? ", frozen" : ""}`;
