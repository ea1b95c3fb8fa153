import { readFile, stat } from "node:fs/promises";
import { reasonOf, UsageError } from "../../errors.ts";

/** The largest counterexample has a hundredth of it. */
const mostBytes = 16 * 1024 * 1024;

/** The text of a file that the caller names. A pipe or a device may never end, or never begin: it is not waited for. */
export async function readInput(file: string): Promise<string> {
  try {
    const what = await stat(file);
    if (!what.isFile())
      throw new Error(`it is ${what.isDirectory() ? "a folder" : "a pipe or a device"}, no file`);
    if (what.size > mostBytes)
      throw new Error(`it has ${what.size} bytes, and at most ${mostBytes} are read`);
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file}: cannot be read: ${reasonOf(error)}`);
  }
}
