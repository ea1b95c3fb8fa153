import type { Engine, Generation, JobStatus, JobType, QueryType } from "../job.ts";
import type { Account, Fields, ModelCall } from "./call.ts";
import type { Span } from "./span.ts";

/** What a job may be like at one moment, as far as the calls so far tell. Never changed, only replaced. */
export interface JobState {
  readonly status: JobStatus;
  /** Fencing token of the newest attempt; 0 before the first. */
  readonly attempt: number;
  /** The process that the newest attempt was handed to; null where that is not known. */
  readonly holder: string | null;
  readonly leaseUntil: Span | null;
  readonly killRequested: boolean;
  /** When the state became what it is. */
  readonly updatedAt: Span;
  readonly startAt: Span | null;
  readonly endAt: Span | null;
  /** The report that ended it; null before, and where a kill ended it. */
  readonly report: Fields | null;
  /** The attempts that failed and were followed by another one, or will be. */
  readonly failed: readonly number[];
  readonly receipt: { readonly attempt: unknown; readonly rows: unknown; readonly checksum: unknown } | null;
  /** Names of the tables that it has registered, `database.table`. */
  readonly tables: readonly string[];
  /** What was shown of this very state: the next look shows the same. */
  readonly shown: Fields | null;
  /** As `created_at` was first shown. */
  readonly createdText: string | null;
}

/** What is fixed from the moment at which a job was issued. */
export interface JobFacts {
  id: string;
  /** The call that brought it into being, or one that may have. */
  issue: ModelCall;
  account: Account | null;
  type: QueryType;
  /** As customers are shown it: a job of Bulk Import is none of their queries. */
  shownType: JobType;
  /** Null where the account's cluster decides and is not known. */
  engine: Engine | null;
  generation: Generation | null;
  createdAt: Span;
  /** The report with which it came to be, of a job that nobody runs; absent of any other. */
  ended?: Fields;
  /** What it may be as well, where its order is one of several: what is seen of the job has to fit one of them. */
  others?: readonly JobFacts[];
}

export const queuedAt = (createdAt: Span): JobState => ({
  status: "queued",
  attempt: 0,
  holder: null,
  leaseUntil: null,
  killRequested: false,
  updatedAt: createdAt,
  startAt: null,
  endAt: null,
  report: null,
  failed: [],
  receipt: null,
  tables: [],
  shown: null,
  createdText: null,
});

/** A job as it came to be. */
export const bornAs = ({ createdAt, ended }: Pick<JobFacts, "createdAt" | "ended">): JobState =>
  ended === undefined
    ? queuedAt(createdAt)
    : { ...queuedAt(createdAt), status: "error", startAt: createdAt, endAt: createdAt, report: ended };

/** The job after something changed it at that moment. */
export const changed = (state: JobState, at: Span, change: Partial<JobState>): JobState => ({
  ...state,
  updatedAt: at,
  shown: null,
  ...change,
});
