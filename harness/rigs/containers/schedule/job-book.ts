import { integerDigits } from "../../../../contracts/bounds/wide-integers.ts";
import { field, textField } from "../../../../contracts/step.ts";
import { stepOf } from "../../../../contracts/steps.ts";
import type { ExchangeEvent, FinalEvent } from "../../../history/event.ts";
import { domainKey, exportedBy, numberOf, targetOf } from "../../../schedule/targets.ts";
import { orderedBy } from "../../probe-calls.ts";
import type { Job } from "../../workload.ts";

/** A job that a visitor issued. */
export interface Adopted {
  number: number;
  id: string;
  visitor: NonNullable<FinalEvent["visitor"]>;
}

/** An operation, and what its path names. */
interface Asked {
  id: string;
  parameters: Readonly<Record<string, string | undefined>>;
}

/** What a schedule knows of its jobs while it runs: their ids, who holds them, whether they have ended. */
export class JobBook {
  readonly #jobs: readonly Job[];
  /** Before the targets and domain keys of this schedule. */
  readonly #prefix: string;
  readonly #numbers = new Map<string, number>();
  readonly #ids = new Map<number, string>();
  /** The worker that was last handed a job, by the job's number. */
  readonly #holders = new Map<number, string>();
  readonly #ends: readonly PromiseWithResolvers<void>[];
  /** The jobs of visitors, in the order in which they were accepted. */
  readonly adopted: Adopted[] = [];
  /**
   * Ids of its customers' jobs that the workload has not: the perform of a Bulk Import session makes one, what is delivered
   * twice was delivered by one before, and what is exported is the result of another.
   */
  readonly told = new Set<string>();
  /** How many jobs are known to have an id, or to have ended: what tells that the run goes on. */
  progress = 0;

  constructor(jobs: readonly Job[], prefix: string) {
    this.#jobs = jobs;
    this.#prefix = prefix;
    this.#ends = jobs.map(() => Promise.withResolvers());
  }

  accepted(id: string, number: number): void {
    if (!this.#ids.has(number)) this.progress += 1;
    this.#numbers.set(id, number);
    this.#ids.set(number, id);
  }

  /** Keeps the id of the job that an answer tells its customer; that of a job of the workload is kept by `accepted`. */
  heard({ operation, request, reply, status }: ExchangeEvent): void {
    if (operation === null || status === null) return;
    if (stepOf(operation) === "issue" && !this.#isAnother(request)) return;
    for (const id of orderedBy(operation, { status, body: reply })) this.told.add(id);
    // That of a query whose destination has refused its rows came with its end.
    const link = operation === "job.show" ? integerDigits(field(reply, "linked_result_export_job_id")) : null;
    if (link !== null) this.told.add(link);
  }

  /** A visitor's job: it comes after all that are known. */
  adopt(id: string, visitor: Adopted["visitor"]): void {
    const number = this.#jobs.length + this.adopted.length + 1;
    this.adopted.push({ number, id, visitor });
    this.accepted(id, number);
  }

  /** The id that the API gave to a job; null as long as it is not known. */
  idOf(number: number): string | null {
    return this.#ids.get(number) ?? null;
  }

  /** All that are known: of the workload, of visitors, and what its customers ordered beside it. */
  ids(): Set<string> {
    return new Set([...this.#ids.values(), ...this.told]);
  }

  /** The number of a job by its id; undefined for somebody else's. */
  numberOf(id: string): number | undefined {
    return this.#numbers.get(id);
  }

  holderOf(number: number): string {
    return this.#holders.get(number) ?? "";
  }

  /** Resolves when a report or a kill of this job was acknowledged: its customer may soon see the end. */
  ended(number: number): Promise<void> {
    return (this.#ends[number - 1] as PromiseWithResolvers<void>).promise;
  }

  end(number: number): void {
    this.progress += 1;
    this.#ends[number - 1]?.resolve();
  }

  /** The job that a request is about, null where it is about none; undefined: somebody else's. */
  jobOfRequest({ id: operation, parameters }: Asked, body: unknown): number | null | undefined {
    const { job_id: id } = parameters;
    if (id !== undefined) return this.numberOf(id) ?? (this.told.has(id) ? null : undefined);
    // What is ordered may be named in the path.
    const order = { ...(typeof body === "object" ? body : {}), ...parameters };
    return stepOf(operation) === "issue" ? this.#jobOfOrder(order) : null;
  }

  /** The job that is ordered; null: another one, which delivers to the place of a job, fills its table, or is beside it. */
  #jobOfOrder(order: unknown): number | null | undefined {
    const key = field(order, "domain_key");
    const byKey = this.#jobs.find(({ number }) => this.#prefix + domainKey(number) === key)?.number;
    const named = byKey ?? this.jobOfTarget(field(order, "query"));
    if (named !== null) return named;
    const isForOne = ["result", "name", "table", "database"].some(
      (name) => this.jobOfTarget(field(order, name)) !== null,
    );
    return isForOne ? null : undefined;
  }

  /** Whether a job is ordered for one of the workload, and is not that one. */
  #isAnother(order: unknown): boolean {
    const number = this.#jobOfOrder(order);
    const key = field(order, "domain_key");
    if (number == null || typeof key !== "string") return number === null;
    return key !== this.#prefix + domainKey(number);
  }

  /** The job whose query or destination this is. */
  jobOfTarget(text: unknown): number | null {
    const number = numberOf(text, this.#prefix);
    return number !== null && number <= this.#jobs.length ? number : null;
  }

  /** Whether a name is that of a job, and of none of this schedule: of an earlier one on the same rig. */
  isOfAnother(name: string | undefined): boolean {
    return name !== undefined && targetOf(name) !== null && this.jobOfTarget(name) === null;
  }

  /** The job that a reply hands out to `by`. */
  jobOfReply(reply: unknown, by: string): number | null {
    const job = field(reply, "job");
    const id = textField(job, "job_id");
    const query = field(job, "query");
    const number = this.jobOfTarget(query) ?? this.#numbers.get(exportedBy(query) ?? "") ?? null;
    if (id === undefined || number === null) return null;
    this.accepted(id, number);
    this.#holders.set(number, by);
    return number;
  }

  /** As the schedule names things: what keeps schedules apart is no part of what happened. */
  withoutPrefix(request: unknown): unknown {
    const key = field(request, "domain_key");
    return typeof key === "string" && key.startsWith(this.#prefix)
      ? { ...(request as object), domain_key: key.slice(this.#prefix.length) }
      : request;
  }
}
