import type { MysqlErrno } from "../../contracts/mysql-errors.ts";
import type { Millis } from "../../contracts/values.ts";
import type { Certificate } from "./mysql-tls.ts";
import type { CallPlan, Upstream } from "./way.ts";

/** A labelled call as a proxy sees it begin. */
export interface MysqlCall {
  operation: string;
  /** The job as the label names it. */
  job: string | null;
}

export interface MysqlProxyOptions {
  host: string;
  /** 0 for any free port. */
  port?: number;
  /** Where connections go, asked anew for each; null while nobody is there. */
  upstream: () => Upstream | null;
  /** How the server refuses a new connection at present; null or absent: it takes it. */
  refusal?: () => MysqlErrno | null;
  /** What breaks on the way of this call; null: nothing. */
  plan: (call: MysqlCall) => CallPlan<void> | null;
  /** How much later than it came the reply to a packet of the client goes on; absent: at once. */
  replyDelay?: () => Millis;
  /** What the server proves with who it is, asked for when a client wants to encrypt; absent or undefined: that passes unread. */
  certificate?: () => Promise<Certificate | undefined>;
  /** Told of the id that the server gives a connection. */
  onThread?: (thread: number) => void;
  /**
   * What makes a call: each transaction and each single statement outside of one, or all labelled statements of a
   * connection together.
   */
  unit: "transaction" | "connection";
  /**
   * How the statement begins whose OK tells of the effect, by operation, for calls of many statements. COMMIT for the
   * others.
   */
  effects?: Readonly<Record<string, string>>;
}
