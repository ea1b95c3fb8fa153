import type { Reply } from "../../../../contracts/in-process.ts";
import type { OperationId } from "../../../../contracts/operations.ts";
import { field } from "../../../../contracts/step.ts";
import { checkConfig } from "../../../config/check-config.ts";
import type { Config } from "../../../config/config.ts";
import { writtenConfig } from "../../../testing/config.ts";
import { limits } from "../../../testing/limits.ts";
import type { JobsReach } from "../look/jobs.ts";
import type { Input, Query } from "../look/reach.ts";

/** A system that answers as it should, but for what a test changes about it: in memory, with jobs that end at once. */

export interface Wrong {
  /** Answers in the place of the right one. */
  answers?: Partial<
    Record<OperationId, (input: Input, authorization: string | null, right: Reply) => Reply | null>
  >;
  /** What a statement of the config gives in the place of the right rows, or why it fails. */
  rows?: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[] | Error>>;
  hasFolder?: boolean | null;
  config?: Partial<Config>;
  mysql?: Partial<Config["mysql"]>;
}

export const statements = {
  jobStatus: "SELECT status FROM jobs WHERE id = ?",
  nextJob: "ALTER TABLE jobs AUTO_INCREMENT = ?",
  jobRecord: "SELECT * FROM records WHERE id = ?",
  jobLease: "SELECT lease FROM jobs WHERE id = ?",
  registeredTable: "SELECT 1 FROM tables WHERE a = ? AND d = ? AND t = ?",
  registered: "SELECT account, database, name, columns FROM tables",
};
const at = "2026-11-28 08:00:00 UTC";
const refused = (status: number, reason: string): Reply => ({
  status,
  body: { error: reason, text: reason, severity: "error", details: { reason } },
});

export function configOf({ config, mysql }: Wrong = {}): Config {
  const { jobStatus, nextJob, jobRecord, jobLease, registeredTable, registered } = statements;
  const checked = checkConfig({ ...writtenConfig(), workerTokens: { v5: "five", v6: "six" } });
  if (!checked.ok) throw new Error(checked.problems.join());
  const world = { own: {}, atStart: [], binlog: true, registered, jobRecord };
  return {
    ...checked.config,
    mysql: { ...checked.config.mysql, jobStatus, nextJob, world, ...mysql } as Config["mysql"],
    schedules: { timeScale: 1, limits, jobLease, registeredTable, effects: {}, outbox: "/outbox" },
    limits: { readyMs: 1_000, jobMs: 1_000, ageMs: 0 },
    ...config,
  };
}

/** Whose credential it is; null where it is nobody's. */
function callerOf(config: Config, authorization: string | null): string | null {
  const { customers, workerTokens } = config;
  const known: Readonly<Record<string, string>> = {
    [`TD1 ${customers.cdh4?.apikey}`]: "cdh4",
    [`TD1 ${customers.hdp2?.apikey}`]: "hdp2",
    [`Worker ${workerTokens?.v5}`]: "v5",
    [`Worker ${workerTokens?.v6}`]: "v6",
  };
  return known[authorization ?? ""] ?? null;
}

const shown = (id: string) => ({
  job_id: id,
  status: "success",
  created_at: at,
  updated_at: at,
  start_at: at,
  end_at: at,
  duration: 1,
  cpu_time: null,
  result_size: 1,
  num_records: 1,
});

const database = {
  name: "sample",
  count: 0,
  created_at: at,
  updated_at: at,
  organization: null,
  permission: "administrator",
  delete_protected: false,
};

const done = (body: unknown): Reply => ({ status: 200, body });

/** An API and its jobs as they should be. */
class Right {
  next = 1n;
  /** The last table that a job made. */
  made: string | null = null;
  readonly #config: Config;
  readonly #jobs = new Map<string, string>();

  constructor(config: Config) {
    this.#config = config;
  }

  answer(operation: OperationId, input: Input, authorization: string | null): Reply {
    const caller = callerOf(this.#config, authorization);
    if (caller === null) return refused(401, "unauthenticated");
    const id = String(input["job_id"]);
    switch (operation) {
      case "worker.claim":
        return input["generation"] === caller ? done({ job: null }) : refused(403, "forbidden");
      case "database.list":
        return done({ databases: [database] });
      case "database.show":
        return done(database);
      case "table.list":
        return done({ database: "sample", tables: [] });
      case "job.list":
        return done({ jobs: [], count: 0, from: 0, to: 0 });
      case "job.issue":
        return this.#issue(caller, input);
      case "job.status":
        return this.#jobs.get(id) === caller ? done(shown(id)) : refused(404, "not_found");
      default:
        return refused(404, "not_found");
    }
  }

  rows(sql: string): readonly Readonly<Record<string, unknown>>[] {
    switch (sql) {
      case statements.jobStatus:
        return [{ status: "success" }];
      case statements.jobRecord:
        return [
          { num_records: 1, result_schema: "[]", message: null, receipt_rows: 1, receipt_checksum: "" },
        ];
      case statements.jobLease:
        return [{ lease: null }];
      case statements.registeredTable:
        return [{ 1: 1 }];
      default:
        return [{ account: 1, database: "sample", name: this.made, columns: '[["id","bigint"]]' }];
    }
  }

  #issue(caller: string, input: Input): Reply {
    const id = String(this.next);
    this.next += 1n;
    this.#jobs.set(id, caller);
    this.made = /^CREATE TABLE (\w+)/.exec(String(input["query"]))?.[1] ?? this.made;
    return done({ job: id, job_id: id, database: input["database"] });
  }
}

export function fakeSystem(wrong: Wrong = {}): JobsReach {
  const config = configOf(wrong);
  const right = new Right(config);
  const query: Query = async (sql, values = []) => {
    const given = wrong.rows?.[sql];
    if (given instanceof Error) throw given;
    if (sql === statements.nextJob && given === undefined) right.next = values[0] as bigint;
    return given ?? right.rows(sql);
  };
  return {
    config,
    lacks: [],
    engines: ["presto", "hive-hdp2"],
    table: "doctor_made",
    oracle: query,
    loader: query,
    sleep: async () => {},
    hasFolder: async () => (wrong.hasFolder === undefined ? true : wrong.hasFolder),
    call: async (operation, input, authorization) => {
      const reply = right.answer(operation, input, authorization);
      const change = wrong.answers?.[operation];
      return change === undefined ? reply : change(input, authorization, reply);
    },
  };
}

/** A key of a body in the place of the right one. */
export const withKey =
  (name: string, value: unknown) =>
  (_: Input, __: string | null, { status, body }: Reply): Reply => ({
    status,
    body: field(body, name) === undefined ? body : { ...(body as object), [name]: value },
  });
