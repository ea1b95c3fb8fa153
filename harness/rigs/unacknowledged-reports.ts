import { isRetryable } from "../../contracts/errors.ts";
import { factsOf, stepOf } from "../../contracts/steps.ts";
import type { ExchangeEvent } from "../history/event.ts";

/** Finish reports that were sent and, as far as the links have seen, neither acknowledged nor refused for good. */
export class UnacknowledgedReports {
  readonly #open = new Map<string, string>();

  /** A report leaves its worker. */
  sent(event: ExchangeEvent): void {
    if (isReport(event)) this.#open.set(keyOf(event), event.by);
  }

  /**
   * What came of one try. One that got no answer changes nothing: a later try may have been acknowledged before the
   * link knew that the earlier one had failed.
   */
  concluded(event: ExchangeEvent): void {
    const { status } = event;
    if (isReport(event) && status !== null && !isRetryable(status)) this.#open.delete(keyOf(event));
  }

  /** Whether somebody of these still has one to send. */
  of(workers: Iterable<string>): boolean {
    const open = new Set(this.#open.values());
    return [...workers].some((worker) => open.has(worker));
  }
}

const isReport = ({ operation }: ExchangeEvent): boolean => stepOf(operation) === "report";

function keyOf({ by, job, operation, request, status, reply }: ExchangeEvent): string {
  return `${by} ${job} ${factsOf(operation, { request, status, reply }).attempt}`;
}
