import { isRetryable } from "../../contracts/errors.ts";
import type { OperationId } from "../../contracts/operations.ts";
import { factsOf } from "../../contracts/steps.ts";
import type { Caller } from "./caller.ts";
import { firstWaitMs, longestWaitMs } from "./patience.ts";

/** Sends an order until it is answered. @returns the job's id, or null if the API refused it for good, or if the customer gave up. */
export async function issue(
  { call, sleep }: Caller,
  operation: OperationId,
  order: Readonly<Record<string, unknown>>,
  giveUp: AbortSignal,
): Promise<string | null> {
  for (let wait = firstWaitMs; !giveUp.aborted; wait = Math.min(wait * 2, longestWaitMs)) {
    const request = { ...order };
    const reply = await call(operation, request);
    if (reply !== null) {
      const { job, conflictsWith } = factsOf(operation, {
        request,
        status: reply.status,
        reply: reply.body,
      });
      const id = job ?? (conflictsWith === "" ? undefined : conflictsWith);
      if (id !== undefined) return id;
      if (!isRetryable(reply.status)) return null;
    }
    if (order["domain_key"] === undefined) return null;
    await sleep(wait);
  }
  return null;
}
