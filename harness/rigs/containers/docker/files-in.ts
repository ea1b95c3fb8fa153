import { dirname } from "node:path";
import type { Docker } from "./engine.ts";

type Container = ReturnType<Docker["getContainer"]>;

/** A folder of a container's disk, to be put into another's. */
export interface Disk {
  /** The folder that it is in. */
  path: string;
  /** The folder itself with all that is in it, as tar. */
  archive: Buffer;
}

/** A folder of a container's disk, also while that is dead; undefined where there is no such folder. */
export async function diskOf(container: Container, folder: string): Promise<Disk | undefined> {
  try {
    const archive = await container.getArchive({ path: folder });
    const chunks: Buffer[] = [];
    for await (const chunk of archive) chunks.push(chunk as Buffer);
    return { path: dirname(folder), archive: Buffer.concat(chunks) };
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  }
}

/** Names of the regular files below a folder of a container's disk; none where there is no such folder. */
export async function filesIn(container: Container, folder: string): Promise<string[]> {
  const disk = await diskOf(container, folder);
  return disk === undefined ? [] : fileNames(disk.archive);
}

const block = 512;

/** The names of the regular files of a tar archive. */
export const fileNames = (tar: Buffer): string[] => filesOf(tar).map(({ name }) => name);

/** The regular files of a tar archive: blocks of a header each (POSIX ustar), followed by the file's own. */
export function filesOf(tar: Buffer): { name: string; bytes: Buffer }[] {
  const files: { name: string; bytes: Buffer }[] = [];
  for (let at = 0; at + block <= tar.length && tar[at] !== 0; ) {
    const text = (from: number, length: number) =>
      tar.toString("utf8", at + from, at + from + length).replace(/\0.*$/s, "");
    const isFile = text(156, 1) === "0" || text(156, 1) === "";
    const size = Number.parseInt(text(124, 12), 8);
    if (isFile) files.push({ name: text(0, 100), bytes: tar.subarray(at + block, at + block + size) });
    at += block + Math.ceil(size / block) * block;
  }
  return files;
}
