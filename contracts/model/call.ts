import type { Credential } from "../authority.ts";
import { statusOf } from "../errors.ts";
import type { Cluster, Generation } from "../job.ts";
import type { OperationId } from "../operations.ts";
import type { Millis, Row } from "../values.ts";

/** One call of the service as the model judges it. All times are milliseconds since the epoch, of the service's clock. */
export interface ModelCall {
  operation: OperationId;
  /** The process that called. */
  by: string;
  /** The customer whose credential it bore; null where that is not known, and for workers. */
  account: Account | null;
  /** Of the worker that called; null for customers. */
  generation: Generation | null;
  sent: Millis;
  /** The latest moment at which the service can have done what was asked. */
  returned: Millis;
  request: Fields;
  /** What the service answered; null where no answer is known: then it may have had its effect, or may have it yet. */
  status: number | null;
  reply: unknown;
  /** Whose credential it bore, of a call by which the service is put to the test: it may be one that has no right to it. */
  probe?: Credential | undefined;
  /** Those that matter, names in lower case; absent where calls carry none. */
  headers?: { request: Headers; reply: Headers } | undefined;
  /** Of a call without an answer: until when its links can have carried it to its effect; absent where that is not known. */
  carriedUntil?: Millis | undefined;
  /** A 5xx is none of the service's own: something was broken on purpose before. */
  excused: boolean;
  /** What was broken is only that the database refused statements and said why: all of that may pass. */
  isTold?: boolean;
  /** The release that answered, where the service is of several; undefined where that is not known, or it is of one. */
  release?: string | undefined;
}

export interface Account {
  name: string;
  cluster: Cluster;
}

export type Fields = Readonly<Record<string, unknown>>;
type Headers = Readonly<Record<string, string>>;

/** What the model is told of the system. */
export interface ModelLimits {
  /** Length of a lease as it is usually told, for answers that nobody heard. */
  leaseMs: Millis;
  /** The same as other releases tell it that are live meanwhile; absent where there are none. */
  laterLeases?: readonly Millis[];
  /** Clocks of the service and of whoever took the times differ by at most so much. */
  clockErrorMs: Millis;
  /** The settings that a destination's URL means; null where it means none. */
  destinationOf: (url: string) => Fields | null;
  /** The rows that a query gives; null where that is not known, or it gives none. */
  rowsOf: (query: string) => readonly Row[] | null;
  /** Whether all calls are answered by processes of one build. */
  isOneBuild: boolean;
  /** What somebody has counted past the service; absent where nobody has. */
  counted?: readonly CountedRows[];
}

/** How many rows stood under the name of a customer's table, by the service's clock. */
export interface CountedRows {
  /** Name of the customer. */
  account: string;
  database: string;
  table: string;
  /** Null where there was no table of that name. */
  rows: number | null;
  sent: Millis;
  returned: Millis;
}

/** A way in which what happened is none of the ways that the contract allows. */
export interface Departure {
  call: ModelCall;
  /** The job that it is about; null where it is about none. */
  job: string | null;
  problem: string;
}

/** Nobody knows what the service made of it: it may have done what was asked, or may do it yet. */
export const isUnanswered = ({ status }: ModelCall): boolean => status === null || status >= 500;

/** When it has had its effect, if it ever has one: what nobody saw answered may have it for as long as its links carry it. */
export const doneBy = (call: ModelCall): Millis =>
  isUnanswered(call) ? (call.carriedUntil ?? Number.POSITIVE_INFINITY) : call.returned;

/** What one process asks at the moment at which it got an answer comes after that. */
export const isBefore = (one: ModelCall, other: ModelCall): boolean =>
  one.returned < other.sent || (one.by === other.by && one.returned === other.sent);

/** Why the service must not have failed like this; null where it did not, or where something was broken on purpose. */
export function failureProblem({ status, excused, isTold }: ModelCall): string | null {
  if (status === null || status < 500) return null;
  if (!excused) return `it was answered ${status} although nothing was broken`;
  const isInternal = isTold === true && status === statusOf.internal;
  return isInternal ? `it was answered ${status} although the database had said why, and it may pass` : null;
}

/** Whether both are one customer's, as far as is known. */
export const mayBeSame = (a: Account | null, b: Account | null): boolean =>
  a === null || b === null || a.name === b.name;

/** A body as its fields; one that is no object has none. */
export const fieldsIn = (body: unknown): Fields =>
  typeof body === "object" && body !== null && !Array.isArray(body) ? (body as Fields) : {};

/** The value of a JSON text; for any other text, words that say so. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return `unreadable: ${text}`;
  }
}

export const show = (value: unknown): string => {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
};

/** The first of these fields that is otherwise now, in words; null where all are as they were. */
export function otherThan(before: Fields, now: Fields): string | null {
  const name = Object.keys(before).find((one) => before[one] !== now[one]);
  return name === undefined ? null : wrong(name, before[name], now[name]);
}

export const wrong = (field: string, expected: unknown, got: unknown): string =>
  `${field}: expected ${show(expected)}, got ${show(got)}`;

/** Whether the success of a query says that its destination has refused the rows that it found. */
export const saysRefused = ({ status, result_schema: schema, output_error: problem }: Fields): boolean =>
  status === "success" && schema != null && problem != null;
