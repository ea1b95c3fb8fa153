import type { JobStatus, TerminalStatus } from "../../../contracts/job.ts";
import type { Millis } from "../../../contracts/values.ts";
import type { EventBody, ExchangeEvent, FinalEvent, HistoryEvent } from "../../history/event.ts";
import { domainKey, type JobHistory, jobHistories } from "../../history/job-history.ts";
import type { Fault, Schedule, StatementKind } from "../../schedule/schedule.ts";

/** Small histories of one job, "1", told by hand: what a test does not say went as it should. */

export interface Story {
  statement?: StatementKind;
  /** Faults of the schedule with the moments at which they fired. */
  faults?: readonly { at: Millis; fault: Fault }[];
  calls?: readonly Told[];
  /** Processes that died for ever. */
  gone?: readonly string[];
  final?: Partial<FinalEvent>;
  /** When the oracle looked. */
  end?: Millis;
}

/** An exchange, with `at` as the moment at which its caller knew what became of it. */
export type Told = ExchangeEvent & { at: Millis };

const rows = [
  [1, "a"],
  [2, "b"],
];

export function eventsOf({
  statement = "insert-into",
  faults = [],
  calls = [],
  gone = [],
  final,
  end = 100_000,
}: Story) {
  const schedule: Schedule = {
    format: 1,
    workload: { jobs: [{ statement, engine: "presto" }], workers: 2 },
    releases: { api: "current", workers: {} },
    seed: 1,
    faults: faults.map(({ fault }, i) => ({
      at: { link: "worker->api", operation: "worker.finish", job: 1, occurrence: i + 1, phase: "before" },
      fault,
    })),
  };
  const limits = {
    leaseMs: 30_000,
    requestMs: 10_000,
    registerMs: 600_000,
    retryCapMs: 30_000,
    statementMs: 600_000,
    deliveryTryMs: 60_000,
    deliveryMs: 120_000,
  };
  const timed: [Millis, EventBody][] = [
    [0, { kind: "run", version: 1, id: "", api: "current", rig: "simulated", schedule, limits }],
    ...faults.map(({ at }, index): [Millis, EventBody] => [at, { kind: "fault", index, what: "" }]),
    ...gone.map((component): [Millis, EventBody] => [
      0,
      { kind: "component", component, what: "exited", detail: "for ever" },
    ]),
    ...calls.map(({ at, ...call }): [Millis, EventBody] => [at, call]),
    [end, { ...well(statement), ...final }],
  ];
  return timed.map(([at, body], seq): HistoryEvent => ({ seq, at, ...body }));
}

/** What is found of a job that ended as it should. */
const well = (statement: StatementKind): FinalEvent => ({
  kind: "final",
  number: 1,
  job: "1",
  stored: "success",
  leased: false,
  rows,
  expected: rows,
  registered: statement === "create-table",
  ...(statement === "select" ? { rows: null, delivered: rows } : {}),
  residue: [],
  unsent: 0,
});

export const historyOf = (story: Story): JobHistory => jobHistories(eventsOf(story))[0] as JobHistory;

/** What a test says otherwise of a call. */
type More = Partial<Told>;

const told = (at: Millis, operation: string, request: object, reply: unknown, more: More): Told => ({
  at,
  sent: at - 10,
  kind: "exchange",
  link: operation.startsWith("worker.") ? "worker->api" : "customer->api",
  by: operation.startsWith("worker.") ? "worker-v5-1" : "customer",
  generation: null,
  operation,
  job: "1",
  outcome: "ok",
  status: 200,
  request,
  reply,
  mismatches: [],
  ...more,
});

export const issue = (at: Millis, more: More = {}): Told =>
  told(at, "job.issue", { domain_key: domainKey(1) }, { job: "1", job_id: "1", database: "sample" }, more);

export const show = (at: Millis, status: JobStatus, more: More = {}): Told =>
  told(at, "job.show", { job_id: "1" }, { job_id: "1", status }, more);

export const kill = (at: Millis, former: JobStatus, more: More = {}): Told =>
  told(at, "job.kill", { job_id: "1" }, { job_id: "1", former_status: former }, more);

export const claim = (at: Millis, attempt: number, more: More = {}): Told =>
  told(at, "worker.claim", {}, { job: { job_id: "1", attempt } }, more);

export const heartbeat = (at: Millis, attempt: number, more: More = {}): Told =>
  told(at, "worker.heartbeat", { job_id: "1", attempt }, { lease_ms: 30_000, kill_requested: false }, more);

export const finish = (at: Millis, attempt: number, status: TerminalStatus, more: More = {}): Told =>
  told(at, "worker.finish", { job_id: "1", attempt, status }, { job_id: "1", status }, more);

/** How a call can go wrong. */
export const refused = (reason: string): More => ({
  outcome: "fail",
  status: 409,
  reply: { error: reason, text: reason, severity: "error", details: { reason } },
});
export const unavailable: More = { outcome: "unknown", status: 503, reply: {} };
/** No answer came, and the request never arrived. */
export const lost: More = { outcome: "fail", status: null, reply: undefined };
/** No answer came, though the API gave one. */
export const lostReply: More = { outcome: "unknown", status: null, served: 200 };

/** A job that nothing happened to. */
export const calm: readonly Told[] = [
  issue(100),
  claim(200, 1),
  heartbeat(220, 1),
  finish(700, 1, "success"),
  show(1_000, "success"),
];

/** A fault that was over after ten seconds. */
export const trouble = [{ at: 500, fault: { kind: "outage", ms: 10_000 } as const }];
