import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { reasonOf, UsageError } from "../errors.ts";

/** Where evidence lies. What cannot be looked into is refused: a red run may be in it. */

/** How deep runs may lie below a folder: CI puts artefacts into folders of their own. */
const deepest = 5;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * The folders with a file of this name among these and below them, by their real paths, each once.
 *
 * @throws UsageError where a name is no folder, or a folder below it cannot be looked into
 */
export async function foldersWith(file: string, places: readonly string[]): Promise<string[]> {
  const found = await Promise.all(places.map((place) => foldersIn(file, place)));
  return [...new Set(found.flat())].toSorted();
}

/** Level by level, so that a folder that is reached twice is looked into where most of it is in reach. */
async function foldersIn(file: string, place: string): Promise<string[]> {
  const found: string[] = [];
  const seen = new Set<string>();
  let level = [place];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest)
      throw new UsageError(
        `${level[0]}: lies more than ${deepest} folders below ${place}, where nobody looks for evidence: name a folder further down as well, or move it away`,
      );
    const below: string[] = [];
    for (const folder of level) {
      const real = await lookedInto(folder, realpath(folder));
      if (seen.has(real)) continue;
      seen.add(real);
      const { names, folders } = await entriesOf(folder);
      // A run that lies below another one's folder counts as any other.
      if (names.includes(file)) found.push(real);
      below.push(...folders);
    }
    level = below;
  }
  return found;
}

async function entriesOf(folder: string): Promise<{ names: string[]; folders: string[] }> {
  const names: string[] = [];
  const folders: string[] = [];
  const entries = await lookedInto(folder, readdir(folder, { withFileTypes: true, encoding: "buffer" }));
  for (const entry of entries) {
    const name = textOf(entry.name);
    if (name === null)
      throw new UsageError(`${folder}: expected names in UTF-8, got ${JSON.stringify(String(entry.name))}`);
    const path = join(folder, name);
    names.push(name);
    const isFolder = entry.isSymbolicLink()
      ? (await lookedInto(path, stat(path))).isDirectory()
      : entry.isDirectory();
    if (isFolder) folders.push(path);
  }
  return { names, folders };
}

function textOf(name: Buffer): string | null {
  try {
    return utf8.decode(name);
  } catch {
    return null;
  }
}

const lookedInto = <T>(path: string, looking: Promise<T>): Promise<T> =>
  looking.catch((error: unknown) => {
    throw new UsageError(`${path}: expected a folder with evidence: ${reasonOf(error)}`);
  });
