import { readFile } from "node:fs/promises";
import { reasonOf, UsageError } from "../errors.ts";

/** The text of a file that the caller names. */
export async function readInput(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file}: cannot be read: ${reasonOf(error)}`);
  }
}
