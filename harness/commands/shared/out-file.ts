import { writeFile } from "node:fs/promises";
import { unwritten } from "../../errors.ts";
import { writeResult } from "./output.ts";

/** Writes a command's result to the file that `--out` names; to standard output where there is none. */
export async function writeOut(component: string, out: string | undefined, text: string): Promise<void> {
  await (out === undefined ? writeResult(text) : writeNamed({ component, flag: "--out", file: out }, text));
}

/** Writes a file that a flag of a command names. */
export async function writeNamed(
  { component, flag, file }: { component: string; flag: string; file: string },
  text: string,
): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw unwritten(component, file, error, `name another file with ${flag}`);
  }
}
