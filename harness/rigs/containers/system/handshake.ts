import pRetry, { AbortError } from "p-retry";
import { type ComponentTrouble, InfrastructureError, reasonOf } from "../../../errors.ts";
import type { Part } from "./part.ts";

export interface Limits {
  readyMs: number;
  /** Aborted when the run is being taken down. */
  over?: AbortSignal;
}

/** Keeps what was seen, for the message if a handshake never succeeds; `other` where another component is to blame. */
type Note = (seen: string, other?: ComponentTrouble | null) => void;

/** What is tried again and again. */
export type Greet<T> = (signal: AbortSignal, note: Note) => Promise<T>;

const account = "let that account in, or give the config one that is";

/** Answers of a MySQL server that no waiting changes, by mysql2's name, and what to do. */
const definite: Readonly<Record<string, string>> = {
  ER_SECURE_TRANSPORT_REQUIRED:
    "Interlock sees what is said to MySQL, and so speaks it without TLS: switch require_secure_transport off on a server for tests",
  ER_NOT_SUPPORTED_AUTH_MODE: account,
  AUTH_SWITCH_PLUGIN_ERROR: account,
  ER_ACCOUNT_HAS_BEEN_LOCKED: account,
  ER_MUST_CHANGE_PASSWORD_LOGIN: account,
};

/** The same of a server that runs already: one that is being started may not have its accounts yet. */
const definiteOnceUp: Readonly<Record<string, string>> = {
  ...definite,
  ER_ACCESS_DENIED_ERROR: account,
  ER_HOST_NOT_PRIVILEGED: account,
  ER_DBACCESS_DENIED_ERROR: account,
  ER_BAD_DB_ERROR: "name a database that is there",
};

/** What to do about an answer that is the last word; null where the next may be another. */
function onLastWord(error: unknown, { log }: Part): string | null {
  const { code } = Object(error) as { code?: unknown };
  const words = log === null ? definiteOnceUp : definite;
  return typeof code === "string" && Object.hasOwn(words, code) ? (words[code] ?? null) : null;
}

/**
 * Waits until `greet` succeeds: a real answer, asked for again and again, never a guess about time. Gives up at once
 * when the part exits or its answer is definite, and with what was last seen when its time is over.
 */
export async function handshake<T>(
  part: Part,
  expected: string,
  { readyMs, over }: Limits,
  greet: Greet<T>,
): Promise<T> {
  const settled = new AbortController();
  const { promise: ended, reject: end } = Promise.withResolvers<never>();
  const late = () =>
    blamed === null
      ? new Error(`within ${readyMs / 1000} s it did not; ${last}`)
      : new InfrastructureError(blamed);
  const timer = setTimeout(() => end(late()), readyMs);
  const onOver = () => end(over?.reason as Error);
  over?.addEventListener("abort", onOver, { once: true });
  if (over?.aborted) onOver();
  let last = "no answer yet";
  let blamed: ComponentTrouble | null = null;
  const note: Note = (seen, other = null) => {
    last = `last seen: ${seen}`;
    blamed = other;
  };
  const attempt = async () => {
    try {
      return await greet(settled.signal, note);
    } catch (error) {
      if (error instanceof InfrastructureError || onLastWord(error, part) !== null)
        throw new AbortError(error as Error);
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
        next: onLastWord(error, part) ?? whereToLook(part),
      },
      error,
    );
  } finally {
    clearTimeout(timer);
    over?.removeEventListener("abort", onOver);
    settled.abort();
  }
}

const whereToLook = ({ log }: Part): string =>
  log === null ? "see whether the config names the right URL" : `read ${log}, its whole log`;
