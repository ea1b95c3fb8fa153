import { exportedBy, numberOf } from "../schedule/targets.ts";
import type { Job } from "./workload.ts";

/** The jobs of the service, by their ids, and the jobs of the workload that they are for, by number. */
export class JobNumbers {
  readonly #numbers = new Map<string, number>();
  readonly #told = new Map<number, string>();
  /** Those that come by themselves, again and again: the first one of each is the workload's, and others are none of it. */
  readonly #due: ReadonlySet<number>;

  constructor(workload: readonly Job[]) {
    this.#due = new Set(workload.flatMap(({ number, scenario }) => (scenario.due ? [number] : [])));
  }

  /** A job is handed out that is for this one of the workload. @returns whether it is one of the workload's */
  learnt(id: string, number: number): boolean {
    if (this.#due.has(number) && (this.idOf(number) ?? id) !== id) return false;
    this.#numbers.set(id, number);
    return true;
  }

  /** Its customer is told this id: whatever else was done for it, this is the job. */
  accepted(id: string, number: number): void {
    const known = [...this.#numbers.keys()].filter((one) => this.#numbers.get(one) === number);
    // The first one of which it hears need not be the first that was handed out.
    if (this.#due.has(number)) for (const other of known) this.#numbers.delete(other);
    this.#numbers.set(id, number);
    this.#told.set(number, id);
  }

  /** The workload's number of the job that a reply hands out or names; learned from what its query names. */
  learntFrom({ body }: { body: unknown }): number | null {
    const job = (body as { job?: unknown } | null)?.job;
    if (typeof job !== "object" || job === null) return null;
    const { job_id: id, query } = job as { job_id?: unknown; query?: unknown };
    const number = numberOf(query) ?? this.#numbers.get(exportedBy(query) ?? "") ?? null;
    if (typeof id !== "string" || number === null) return null;
    return this.learnt(id, number) ? number : null;
  }

  numberOf(id: string): number | undefined {
    return this.#numbers.get(id);
  }

  /** Its customer's, or the one that came last of those that were done for it; null as long as none is known. */
  idOf(number: number): string | null {
    const told = this.#told.get(number);
    if (told !== undefined) return told;
    const [last = null] = [...this.#numbers].findLast(([, known]) => known === number) ?? [];
    return last;
  }
}
