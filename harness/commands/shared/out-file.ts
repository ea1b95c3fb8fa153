import { writeFile } from "node:fs/promises";
import { InfrastructureError, reasonOf } from "../../errors.ts";
import { writeResult } from "./output.ts";

/** Writes a command's result to the file that `--out` names; to standard output where there is none. */
export async function writeOut(component: string, out: string | undefined, text: string): Promise<void> {
  if (out === undefined) return await writeResult(text);
  try {
    await writeFile(out, text);
  } catch (error) {
    throw new InfrastructureError({
      component,
      expected: `${out} to take it`,
      happened: reasonOf(error),
      next: "make room or name another file with --out",
    });
  }
}
