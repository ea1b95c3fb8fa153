import { setTimeout as wait } from "node:timers/promises";
import { isTerminal, type JobStatus } from "../../../contracts/job.ts";
import type { Row } from "../../../contracts/values.ts";
import type { ApiReply } from "../../../fixtures/workers/kit/ports.ts";

/** So long may anything take that needs some tries. */
const patienceMs = 30_000;

/** What the service has acknowledged to anybody, and what was wrong with an answer by itself. */
export class Acknowledged {
  readonly wrong = new Set<string>();
  /** By job: what its customer was told that it is. */
  readonly jobs = new Map<string, Issued>();
  /** By query, each of which is sent once: jobs of a client that sends nothing again. */
  readonly once = new Map<string, "taken" | "refused" | "unknown">();
  /** By job: the status that it had when its end was asked for the first time. */
  readonly kills = new Map<string, string>();
  /** By job: how it had ended by the first answer that tells of that. */
  readonly seenEnds = new Map<string, string>();
  readonly ends = new Map<string, { status: string; num_records: unknown; message: unknown }>();
  /** By job: the rows of its newest receipt. */
  readonly receipts = new Map<string, { attempt: unknown; rows: unknown; checksum: unknown }>();
  /** Job by table. */
  readonly tables = new Map<string, string>();
  /** By the name under which it was done, a job's: how often rows came into the warehouse, or went. */
  readonly effects = new Map<string, number>();
  /** By job. */
  readonly orders = new Map<string, Ordered>();
  /** By id: the chunks of fluentd that were taken. */
  readonly chunks = new Map<string, Chunk>();
  /** By name: sessions of Bulk Import that were made. */
  readonly sessions = new Map<string, Session>();
  /** Names of those whose commit has ended. */
  readonly loaded = new Set<string>();
  /** By job: the due time that it was shown to be of. */
  readonly due = new Map<string, string>();
  /** Operations that were refused for now. */
  readonly refused = new Set<string>();
  /** By customer: how many jobs of its workflow were taken. */
  readonly done = new Map<string, number>();
  #patienceMs = patienceMs;
  readonly #asked = new Map<string, number>();

  /** Waits for it, and holds it against the service where it does not come. */
  async until(
    otherwise: string,
    isSo: () => boolean | Promise<boolean>,
    limitMs: number = patienceMs,
  ): Promise<void> {
    for (
      const end = performance.now() + Math.min(limitMs, this.#patienceMs);
      !(await isSo());
      await wait(50)
    ) {
      if (performance.now() < end) continue;
      this.wrong.add(otherwise);
      // Once is enough: what is red already need not wait for the rest.
      this.#patienceMs = 0;
      return;
    }
  }

  issued(id: string, job: Issued): void {
    const first = this.jobs.get(id);
    const isAnother = first !== undefined && first.query !== job.query;
    if (isAnother) this.wrong.add("the id of one job was given to another one");
    else this.jobs.set(id, job);
  }

  /** How often an answer to it has come. */
  asked = (operation: string): number => this.#asked.get(operation) ?? 0;

  /** What is refused for now says so, when to come again, and nothing of the inside. */
  answered(operation: string, status: number, text: string, retryAfter: string | null = "1"): void {
    this.#asked.set(operation, this.asked(operation) + 1);
    if (status < 500) return;
    this.refused.add(operation);
    if (status !== 503) this.wrong.add(`${operation} was answered ${status}`);
    if (Number(retryAfter) < 1) this.wrong.add(`${operation} is not told when to come again`);
    if (!text.includes("send the same request again")) this.wrong.add(`${operation} is not told what to do`);
    if (/mysql|ER_|ECONN|read.only|127\.0\.0\.1/i.test(text))
      this.wrong.add(`${operation} is told of the inside`);
  }

  /** Rows came into the warehouse or went, unless they had before. */
  changed<T extends { alreadyDone: boolean }>(id: string, done: T): T {
    if (!done.alreadyDone) this.effects.set(id, (this.effects.get(id) ?? 0) + 1);
    return done;
  }

  killed(id: string, former: string): void {
    if (!this.kills.has(id)) this.kills.set(id, former);
    if (isTerminal(former as JobStatus) && !this.seenEnds.has(id)) this.seenEnds.set(id, former);
  }

  /** What a worker has told the service, and the service has taken. */
  reported(operation: string, input: { [name: string]: unknown }, { status, body }: ApiReply): void {
    if (status !== 200) return;
    const handedOut = (body as { job?: { job_id: string } | null }).job;
    if (operation === "worker.claim" && handedOut && this.ends.has(handedOut.job_id))
      this.wrong.add("an end was acknowledged and is lost: its job is handed out again");
    const { job_id, attempt, rows, checksum, num_records, message, table } = input;
    const id = String(job_id);
    if (operation === "worker.finish")
      this.ends.set(id, { status: String(input["status"]), num_records, message });
    if (operation === "worker.receipt") this.receipts.set(id, { attempt, rows, checksum });
    if (operation === "worker.register_table") this.tables.set(String(table), id);
  }
}

export interface Issued {
  account: number;
  query: string;
  domainKey: string | null;
}

/** What was ordered, but for statements that end in the warehouse. */
export interface Ordered {
  account: number;
  what: "a load" | "a deletion" | "an export" | "a result export" | "a delivery";
  /** Its query, or what stands in its URL: no other order of the account has it. */
  mark: string;
  does: Does;
}

type Does =
  | { loads: string; lines: readonly number[] }
  | { deletes: { table: string; from: number; to: number } }
  | { delivers: readonly Row[] };

/** Of one record. */
export interface Chunk {
  account: number;
  time: number;
}

export interface Session {
  account: number;
  /** Those that were taken, by name: the `time` of each of its records. */
  parts: Map<string, number[]>;
  /** Whether its commit was taken. */
  isCommitted: boolean;
}
