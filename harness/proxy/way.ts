import type { StatementAt, Written } from "../../contracts/in-process.ts";
import type { MysqlErrno } from "../../contracts/mysql-errors.ts";
import type { Millis } from "../../contracts/values.ts";

/** What happens to a call at one point in a proxy. Empty: it passes. */
export interface Way {
  /** For this long no byte passes on any connection of this proxy, in either direction; then all of them do. */
  stallMs?: Millis;
  /** The request is delivered twice, and the caller gets the second reply. Before the effect only. */
  duplicate?: boolean;
  /** MySQL's own refusal of the next statement, on a way to MySQL; the call itself goes on. */
  denied?: MysqlErrno;
  /** How the call ends here, for its caller: before the effect the service never sees it. */
  end?: Ending;
}

export type Ending =
  | { kind: "reset" }
  /** The reply stops half-way, and the connection is reset. */
  | { kind: "truncated" }
  /** An answer that the service never gave; where a protocol has no such answers, a reset. */
  | { kind: "answer"; status: number; body: unknown };

/** One call, asked at both points of its way. Whatever takes time there holds the call back. */
export interface CallPlan<Reply> {
  /** The call is here and whole, and has not been sent on. */
  before(): Way | Promise<Way>;
  /** It took effect; the reply is here and whole, and the caller has not got it. */
  after(reply: Reply): Way | Promise<Way>;
  /** Before a statement that changes something, and before COMMIT; only on a way to MySQL. `written`: what it does to a table. */
  statement?(at: StatementAt, written: Written | null): Way;
}

/** Where a proxy sends what it gets. */
export interface Upstream {
  host: string;
  port: number;
}

export interface Proxy {
  port: number;
  close(): Promise<void>;
}

/** A call that goes on its way untouched. */
export const untouched: Way = {};
