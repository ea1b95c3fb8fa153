import { mkdtemp, readdir, readFile, rm, stat, statfs, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { reasonOf } from "../../errors.ts";
import { makeFolder } from "../../make-folder.ts";
import type { FolderFacts } from "../folder.ts";

/** Looks at the folder of the runs, which is made where it is not there; what is tried in it is removed. */
export async function lookAtFolder(runsFolder: string): Promise<FolderFacts> {
  const path = resolve(runsFolder);
  const runs = (await readdir(path).catch(() => [])).length;
  const tried = await tryIn(path).catch((error: unknown) => ({ trouble: reasonOf(error), mode: null }));
  return { path, ...tried, ...(await roomIn(path)), runs };
}

async function tryIn(path: string): Promise<Pick<FolderFacts, "trouble" | "mode">> {
  makeFolder(path, 0o700);
  // Beside the runs: in their folder it would look like one.
  const folder = await mkdtemp(join(dirname(path), "doctor-"));
  try {
    const { mode } = await stat(folder);
    const file = join(folder, "tried");
    await writeFile(file, "kept");
    const trouble =
      (await readFile(file, "utf8")) === "kept" ? null : "a file that was written holds something else";
    return { trouble, mode: mode & 0o777 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of the folder, or of the nearest one above that is there. */
async function roomIn(path: string): Promise<Pick<FolderFacts, "bytes" | "files">> {
  try {
    const { bsize, bavail, files, ffree } = await statfs(path);
    // Some file systems count no files.
    return { bytes: bsize * bavail, files: files === 0 ? null : ffree };
  } catch {
    return dirname(path) === path ? { bytes: null, files: null } : roomIn(dirname(path));
  }
}
