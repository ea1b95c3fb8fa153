import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder and those above it that are missing. Node's own way to do that never ends where a folder that is there takes
 * none and calls it missing, as /proc does.
 *
 * @param mode of every folder that is made
 * @throws the system's error; EPERM where it is that folder
 */
export function makeFolder(path: string, mode?: number): void {
  let first = resolve(path);
  while (!existsSync(dirname(first))) first = dirname(first);
  if (!existsSync(first)) makeOne(first, mode);
  mkdirSync(path, { recursive: true, mode });
}

/** In a folder that is there; another process may make it meanwhile. */
function makeOne(path: string, mode: number | undefined): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    if (code !== "ENOENT") throw error;
    const message = `EPERM: ${dirname(path)} takes no folder, mkdir '${path}'`;
    throw Object.assign(new Error(message, { cause: error }), { code: "EPERM", syscall: "mkdir", path });
  }
}
