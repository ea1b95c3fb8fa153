import { fstatSync, writeFileSync } from "node:fs";
import { isatty } from "node:tty";
import { InfrastructureError, loggable, reasonOf } from "../../errors.ts";
import { type LiveProgress, liveProgress } from "../../report/live/progress.ts";
import { withoutAccounts } from "../../url-accounts.ts";

// An `error` event without a listener would end the process. Of standard output it is reported by `writeResult`, and
// a run whose progress nobody reads any longer still has a verdict.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

/**
 * Writes a command's result to standard output and waits until all of it is taken. A reader that has seen enough and
 * went away, as `head` does, is no error.
 * @throws InfrastructureError where the result is lost, as on a full disk
 */
export async function writeResult(text: string): Promise<void> {
  try {
    await (isStream() ? writeToStream(text) : writeFileSync(1, text));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EPIPE") return;
    // Without its cause: where it goes is for the caller to say, and has nothing to do with where runs are kept.
    throw new InfrastructureError({
      component: "standard output",
      expected: "it to take the whole result",
      happened: reasonOf(error),
      next: "make room, or name another file behind `>`",
    });
  }
}

let redact = (text: string): string => text;

/** From now on no remark shows a secret of the command's config, whoever makes it. */
export function hideInNotes(secrets: { redact: (text: string) => string }): void {
  redact = secrets.redact;
}

/** Text without the secrets that are known so far. */
export const hidden = (text: string): string => withoutAccounts(redact(text));

/** Progress and remarks, which are no part of the result. */
export const writeNote = (line: string): void => void process.stderr.write(`${loggable(hidden(line))}\n`);

export const openProgress = (): LiveProgress => liveProgress(writeNote);

/** `process.stdout` writes to a file once, and does not say when that took a part only; to these it writes until all is taken. */
function isStream(): boolean {
  const output = fstatSync(1);
  return output.isFIFO() || output.isSocket() || isatty(1);
}

const writeToStream = (text: string): Promise<void> =>
  new Promise((resolve, reject) =>
    process.stdout.write(text, (error) => (error ? reject(error) : resolve())),
  );
