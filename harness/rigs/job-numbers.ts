import { exportedBy, numberOf } from "../schedule/targets.ts";

/** The jobs of the service, by their ids, and the jobs of the workload that they are for, by number. */
export class JobNumbers {
  readonly #numbers = new Map<string, number>();
  readonly #told = new Map<number, string>();

  /** A job is handed out that is for this one of the workload. */
  learnt(id: string, number: number): void {
    this.#numbers.set(id, number);
  }

  /** Its customer is told this id: whatever else was done for it, this is the job. */
  accepted(id: string, number: number): void {
    this.learnt(id, number);
    this.#told.set(number, id);
  }

  /** The workload's number of the job that a reply hands out or names; learned from what its query names. */
  learntFrom({ body }: { body: unknown }): number | null {
    const job = (body as { job?: unknown } | null)?.job;
    if (typeof job !== "object" || job === null) return null;
    const { job_id: id, query } = job as { job_id?: unknown; query?: unknown };
    const number = numberOf(query) ?? this.#numbers.get(exportedBy(query) ?? "") ?? null;
    if (typeof id !== "string" || number === null) return null;
    this.learnt(id, number);
    return number;
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
