import { isRetryable } from "../../../contracts/errors.ts";
import type { ExchangeEvent } from "../../history/event.ts";
import { field } from "../../history/job-history.ts";

/** Finish reports that were sent and, as far as the links have seen, neither acknowledged nor refused for good. */
export class UnacknowledgedReports {
  readonly #open = new Map<string, string>();

  saw({ operation, by = "", job, status, request }: ExchangeEvent): void {
    if (operation !== "worker.finish") return;
    const key = `${by} ${job} ${String(field(request, "attempt"))}`;
    const settled = status !== null && !isRetryable(status);
    if (settled) this.#open.delete(key);
    else this.#open.set(key, by);
  }

  /** Whether somebody of these still has one to send. */
  of(workers: Iterable<string>): boolean {
    const open = new Set(this.#open.values());
    return [...workers].some((worker) => open.has(worker));
  }
}
