import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { reasonOf, UsageError } from "../errors.ts";

/** Where evidence lies. What cannot be looked into is refused: a red run may be in it. */

/** How deep runs may lie below a folder: CI puts artefacts into folders of their own. */
const deepest = 5;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** What was found among folders and below them, and what could not be looked into. */
export interface Looked {
  /** Their real paths, each once. */
  found: string[];
  /** Why, a line each. */
  refused: string[];
}

/**
 * The folders with a file of this name among these and below them, by their real paths, each once.
 *
 * @throws UsageError where a name is no folder, or a folder below it cannot be looked into
 */
export async function foldersWith(file: string, places: readonly string[]): Promise<string[]> {
  const { found, refused } = await lookFor([file], places);
  if (refused[0] !== undefined) throw new UsageError(refused[0]);
  return found;
}

/** The folders with one of these files, and what else there is that may hold some. */
export async function lookFor(files: readonly string[], places: readonly string[]): Promise<Looked> {
  const looked = await Promise.all(places.map((place) => lookIn(files, place)));
  return {
    found: [...new Set(looked.flatMap(({ found }) => found))].toSorted(),
    refused: looked.flatMap(({ refused }) => refused),
  };
}

/** Level by level, so that a folder that is reached twice is looked into where most of it is in reach. */
async function lookIn(files: readonly string[], place: string): Promise<Looked> {
  const found: string[] = [];
  const refused: string[] = [];
  const seen = new Set<string>();
  let level = [place];
  for (let depth = 0; level.length > 0 && depth <= deepest; depth++) {
    const below: string[] = [];
    for (const folder of level) {
      const real = await realpath(folder).catch((error: unknown) => void refused.push(unseen(folder, error)));
      if (real === undefined || seen.has(real)) continue;
      seen.add(real);
      const { names, folders, ...own } = await entriesOf(folder);
      // A run that lies below another one's folder counts as any other.
      if (names.some((name) => files.includes(name))) found.push(real);
      below.push(...folders);
      refused.push(...own.refused);
    }
    level = below;
  }
  const tooDeep = level.map(
    (folder) =>
      `${folder}: lies more than ${deepest} folders below ${place}, where nobody looks for evidence: name a folder further down as well, or move it away`,
  );
  return { found, refused: [...refused, ...tooDeep] };
}

async function entriesOf(folder: string): Promise<{ names: string[]; folders: string[]; refused: string[] }> {
  const names: string[] = [];
  const folders: string[] = [];
  const refused: string[] = [];
  const refuse = (path: string) => (error: unknown) => void refused.push(unseen(path, error));
  const entries = await readdir(folder, { withFileTypes: true, encoding: "buffer" }).catch(refuse(folder));
  for (const entry of entries ?? []) {
    const name = textOf(entry.name);
    if (name === null) {
      refused.push(`${folder}: expected names in UTF-8, got ${JSON.stringify(String(entry.name))}`);
      continue;
    }
    const path = join(folder, name);
    names.push(name);
    const what = entry.isSymbolicLink() ? await stat(path).catch(refuse(path)) : entry;
    if (what?.isDirectory()) folders.push(path);
  }
  return { names, folders, refused };
}

const unseen = (path: string, error: unknown): string =>
  `${path}: expected a folder with evidence: ${reasonOf(error)}; name that of a run, or one that holds such`;

function textOf(name: Buffer): string | null {
  try {
    return utf8.decode(name);
  } catch {
    return null;
  }
}
