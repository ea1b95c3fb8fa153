import type { SystemLimits } from "../in-process.ts";
import type { Millis } from "../values.ts";

/** How long API and workers wait for each other, in system time: what a deployment has in production. */

const seconds = 1000;
const minutes = 60 * seconds;

export const systemLimits = {
  leaseMs: 30 * seconds,
  requestMs: 10 * seconds,
  registerMs: 10 * minutes,
  retryCapMs: 30 * seconds,
  statementMs: 10 * minutes,
  deliveryTryMs: 1 * minutes,
  deliveryMs: 2 * minutes,
} as const satisfies SystemLimits;

/** How a step of a worker is tried again: full jitter, from a base to a cap; null where it is tried without an end. */
export interface BackOff {
  baseMs: Millis;
  capMs: Millis;
  limitMs: Millis | null;
}

const { registerMs, statementMs, deliveryMs, retryCapMs } = systemLimits;

/** Of these only the limits are a must; a worker may have another base and cap. */
export const backOffs = {
  claim: { baseMs: 200, capMs: 15 * seconds, limitMs: null },
  heartbeat: { baseMs: 200, capMs: 5 * seconds, limitMs: null },
  finish: { baseMs: 200, capMs: retryCapMs, limitMs: null },
  register: { baseMs: 200, capMs: 5 * seconds, limitMs: registerMs },
  // What is delivered stays delivered: a job of which nobody could be told would end in an error that is none (2019-09-04).
  receipt: { baseMs: 200, capMs: 5 * seconds, limitMs: null },
  statement: { baseMs: 200, capMs: 10 * seconds, limitMs: statementMs },
  delivery: { baseMs: 500, capMs: 10 * seconds, limitMs: deliveryMs },
  result: { baseMs: 200, capMs: 10 * seconds, limitMs: statementMs },
  abandon: { baseMs: 200, capMs: 10 * seconds, limitMs: null },
  cleanup: { baseMs: 200, capMs: 5 * seconds, limitMs: 2 * minutes },
} as const satisfies Readonly<Record<string, BackOff>>;

/** A notice of a scheduled query is there by then: a process looks once a second, and two may wait for each other and for the database. */
export const noticesWithinMs: Millis = 60_000;

/**
 * A process of the API that is asked to end has ended by then, whatever it is at: what it has not finished is there for the
 * others to finish. Docker kills one that takes longer.
 */
export const apiEndsWithinMs: Millis = 10_000;
