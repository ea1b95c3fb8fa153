import type { Docker } from "./engine.ts";
import { filesOf } from "./files-in.ts";

/** What a container has changed on its disk since its image: not on volumes, nor in memory. */
export interface DiskChanges {
  /** Of whatever came, went or became otherwise, folders included. */
  paths: readonly string[];
  /** What stands in the files that came or became otherwise. */
  files: readonly { path: string; bytes: Buffer }[];
  /** Whether all of these were read. */
  isWhole: boolean;
}

interface Changed {
  Path: string;
  Kind: number;
}

const mostFiles = 60;
const mostBytes = 16 * 1024 * 1024;
const removed = 2;

export async function diskChanges(container: ReturnType<Docker["getContainer"]>): Promise<DiskChanges> {
  const told: unknown = await container.changes();
  // The client leaves it unread where the engine does not say that it is JSON.
  const found: Changed[] = (Buffer.isBuffer(told) ? JSON.parse(told.toString()) : told) ?? [];
  const paths = found.map(({ Path }) => Path).sort();
  const leaves = found.filter(
    ({ Path, Kind }) => Kind !== removed && !paths.some((other) => other.startsWith(`${Path}/`)),
  );
  const files: { path: string; bytes: Buffer }[] = [];
  let isWhole = leaves.length <= mostFiles;
  let room = mostBytes;
  for (const { Path } of leaves.slice(0, mostFiles)) {
    const archive = await archiveOf(container, Path, room);
    room -= archive.length;
    isWhole &&= room > 0;
    for (const { bytes } of filesOf(archive)) files.push({ path: Path, bytes });
  }
  return { paths, files, isWhole };
}

/** As tar, its beginning where it is longer; nothing of what has gone meanwhile. */
async function archiveOf(
  container: ReturnType<Docker["getContainer"]>,
  path: string,
  most: number,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of await container.getArchive({ path })) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
      if (length > most) break;
    }
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 404) throw error;
  }
  return Buffer.concat(chunks);
}
