import { writeFile } from "node:fs/promises";
import { InfrastructureError, reasonOf, UsageError } from "../errors.ts";

/** Writes a command's JUnit report; does nothing where none is asked for. */
export type WriteJunit = (xml: string) => Promise<void>;

/** Says at once when the file cannot be written, and empties it: an earlier run's report must not pass for this one's. */
export async function openJunitFile(
  file: string | undefined,
  redact: (text: string) => string,
): Promise<WriteJunit> {
  if (file === undefined) return async () => {};
  const write: WriteJunit = (xml) => writeFile(file, redact(xml));
  try {
    await write("");
  } catch (error) {
    throw new UsageError(`--junit ${file}: cannot be written: ${reasonOf(error)}`);
  }
  return (xml) =>
    write(xml).catch((error: unknown) => {
      throw new InfrastructureError({
        component: "JUnit report",
        expected: `${file} to take it`,
        happened: reasonOf(error),
        next: "make room or name another file with --junit",
      });
    });
}
