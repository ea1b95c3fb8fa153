import { isRetryable } from "../../contracts/errors.ts";
import type { ExchangeEvent } from "../history/event.ts";
import { field } from "../history/job-history.ts";

/** Finish reports that were sent and, as far as the links have seen, neither acknowledged nor refused for good. */
export class UnacknowledgedReports {
  readonly #open = new Map<string, string>();

  /** A report leaves its worker. */
  sent(event: ExchangeEvent): void {
    if (event.operation === "worker.finish") this.#open.set(keyOf(event), event.by ?? "");
  }

  /**
   * What came of one try. One that got no answer changes nothing: a later try may have been acknowledged before the
   * link knew that the earlier one had failed.
   */
  concluded(event: ExchangeEvent): void {
    const { operation, status } = event;
    if (operation === "worker.finish" && status !== null && !isRetryable(status))
      this.#open.delete(keyOf(event));
  }

  /** Whether somebody of these still has one to send. */
  of(workers: Iterable<string>): boolean {
    const open = new Set(this.#open.values());
    return [...workers].some((worker) => open.has(worker));
  }
}

const keyOf = ({ by, job, request }: ExchangeEvent): string =>
  `${by} ${job} ${String(field(request, "attempt"))}`;
