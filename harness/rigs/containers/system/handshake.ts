import pRetry, { AbortError } from "p-retry";
import { InfrastructureError, reasonOf } from "../../../errors.ts";
import type { Part } from "./part.ts";

export interface Limits {
  readyMs: number;
  /** Aborted when the run is being taken down. */
  over?: AbortSignal;
}

/** What is tried again and again; `note` keeps what was seen, for the message if it never succeeds. */
export type Greet<T> = (signal: AbortSignal, note: (seen: string) => void) => Promise<T>;

/**
 * Waits until `greet` succeeds: a real answer, asked for again and again, never a guess about time. Gives up at once
 * when the part exits, and with what was last seen when its time is over.
 */
export async function handshake<T>(
  part: Part,
  expected: string,
  { readyMs, over }: Limits,
  greet: Greet<T>,
): Promise<T> {
  const settled = new AbortController();
  const { promise: ended, reject: end } = Promise.withResolvers<never>();
  const timer = setTimeout(() => end(new Error(`within ${readyMs / 1000} s it did not; ${last}`)), readyMs);
  const onOver = () => end(over?.reason as Error);
  over?.addEventListener("abort", onOver, { once: true });
  if (over?.aborted) onOver();
  let last = "no answer yet";
  const note = (seen: string) => {
    last = `last seen: ${seen}`;
  };
  const attempt = async () => {
    try {
      return await greet(settled.signal, note);
    } catch (error) {
      if (error instanceof InfrastructureError) throw new AbortError(error);
      note(reasonOf(error));
      // p-retry takes a TypeError for a fault of the caller and gives up; here it is one more answer that is wrong.
      throw new Error(reasonOf(error), { cause: error });
    }
  };
  const trying = pRetry(attempt, {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: 25,
    maxTimeout: 50,
    factor: 1.5,
    signal: settled.signal,
  });
  void part.exited?.then((how) => end(new Error(how)));
  for (const promise of [trying, ended]) promise.catch(() => {});
  try {
    return await Promise.race([trying, ended]);
  } catch (error) {
    if (error instanceof InfrastructureError || over?.aborted) throw error;
    throw new InfrastructureError(
      {
        component: part.name,
        expected,
        happened: reasonOf(error),
        log: part.tail,
        next:
          part.log === null
            ? "see whether the config names the right URL"
            : `read ${part.log}, its whole log`,
      },
      error,
    );
  } finally {
    clearTimeout(timer);
    over?.removeEventListener("abort", onOver);
    settled.abort();
  }
}
