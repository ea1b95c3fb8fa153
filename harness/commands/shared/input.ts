import { readFile, stat } from "node:fs/promises";
import { unreadable } from "../../errors.ts";

/** The largest counterexample has a hundredth of it. */
const mostBytes = 16 * 1024 * 1024;

/** What is no text in UTF-8 is refused: with other signs in its place, two files would be one. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of a file that the caller names. A pipe or a device may never end, or never begin: it is not waited for. */
export async function readInput(file: string): Promise<string> {
  try {
    const what = await stat(file);
    if (!what.isFile())
      throw new Error(`it is ${what.isDirectory() ? "a folder" : "a pipe or a device"}, no file`);
    if (what.size > mostBytes)
      throw new Error(`it has ${what.size} bytes, and at most ${mostBytes} are read`);
    return utf8.decode(await readFile(file));
  } catch (error) {
    throw unreadable(file, error);
  }
}
