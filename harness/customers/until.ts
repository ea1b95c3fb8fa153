import { isRetryable } from "../../contracts/errors.ts";
import type { Reply } from "../../contracts/in-process.ts";
import type { Caller } from "./caller.ts";
import { firstWaitMs, longestWaitMs } from "./patience.ts";

/** The first reply that is enough, with growing waits between two tries; null if the customer gave up. */
export async function until(
  { sleep }: Caller,
  giveUp: AbortSignal,
  ask: () => Promise<Reply | null>,
  isEnough: (reply: Reply) => boolean,
): Promise<Reply | null> {
  for (let wait = firstWaitMs; !giveUp.aborted; wait = Math.min(wait * 2, longestWaitMs)) {
    const reply = await ask();
    if (reply !== null && isEnough(reply)) return reply;
    await sleep(wait);
  }
  return null;
}

export const isAnswer = ({ status }: Reply): boolean => !isRetryable(status);

/** What was done before is done: a call whose answer was lost is refused when it is sent again. */
export const isTaken = (reply: Reply | null): boolean => reply?.status === 200 || reply?.status === 409;
