import { constants } from "node:fs";
import { lstat, mkdtemp, open, readdir, rename, rm, unlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { z } from "zod";
import { reasonOf, UsageError } from "../../errors.ts";
import { bodiesFolder, historyLimits } from "../../history/format.ts";
import { makeFolder } from "../../make-folder.ts";
import { costFile, evidenceFile, historyFile } from "../../run-files.ts";
import { sha256 } from "../../secrets.ts";

/** A run's files in parts that fit into a packet of MySQL. */

const pieceBytes = 4 * 2 ** 20;
const [zip, unzip] = [promisify(gzip), promisify(gunzip)];

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const inRun =
  /^(evidence\.intoto\.jsonl|cost\.intoto\.jsonl|history\.jsonl|history\.bodies\/[0-9a-f]{64}\.json)$/;
const mostBytes = historyLimits.fileBytes + historyLimits.bodiesBytes;

/** The files of a run, each with the digests of its pieces in their order. */
export const filesSchema = z
  .array(
    z.strictObject({
      name: z.string().regex(inRun),
      bytes: z.int().min(0).max(historyLimits.fileBytes),
      pieces: z.array(digest).max(1 + historyLimits.fileBytes / pieceBytes),
    }),
  )
  .max(100_000)
  .refine((files) => files.reduce((sum, { bytes }) => sum + bytes, 0) <= mostBytes, {
    error: `expected at most ${mostBytes} bytes`,
  });
export type StoredFiles = z.output<typeof filesSchema>;

/** What is kept of a list of files; its digest is the run's id. */
export const listText = (files: StoredFiles): string => JSON.stringify(files);

/**
 * The list of files that was kept as a run of this id.
 *
 * @throws Error where it is another one, or no list of a run
 */
export function listOf(text: string, id: string): StoredFiles {
  if (sha256(text) !== id) throw new Error("its list of files is not the one that its id names");
  const files = filesSchema.parse(JSON.parse(text));
  if (!files.some(isEvidence)) throw new Error("there is no evidence among its files");
  return files;
}

/** What is kept of a piece. */
export const packed = (piece: Buffer): Promise<Buffer> => zip(piece);

/** Reads the files of a run and hands over each piece with its name. */
export async function cutRun(
  folder: string,
  take: (name: string, piece: Buffer) => Promise<void>,
): Promise<StoredFiles> {
  const own = await readdir(folder).catch((error: unknown) => {
    throw new UsageError(
      `${folder}: expected the folder of a run: ${reasonOf(error)}; runs are kept in .interlock/runs`,
    );
  });
  const named = own.includes(historyFile) ? await bodiesNamedIn(join(folder, historyFile)) : [];
  const bodies = named.map((body) => join(bodiesFolder(historyFile), `${body}.json`));
  const names = [...own.filter((name) => inRun.test(name)), ...bodies];
  const files: StoredFiles = [];
  for (const name of names.toSorted()) {
    const pieces: string[] = [];
    let bytes = 0;
    for await (const part of partsOf(join(folder, name))) {
      const piece = sha256(part);
      await take(piece, part);
      pieces.push(piece);
      bytes += part.length;
    }
    files.push({ name, bytes, pieces });
  }
  const list = filesSchema.safeParse(files);
  if (list.success) return list.data;
  throw new UsageError(`${folder}: expected files as a store keeps them: ${list.error.issues[0]?.message}`);
}

/** The large values that a history names, by digest; whatever else lies in their folder is none of the run's. */
async function bodiesNamedIn(history: string): Promise<string[]> {
  const named = new Set<string>();
  let rest = "";
  for await (const part of partsOf(history)) {
    const text = rest + part.toString("latin1");
    for (const [, digest = ""] of text.matchAll(/"\$body":"([0-9a-f]{64})"/g)) named.add(digest);
    rest = text.slice(-100);
  }
  return [...named];
}

/** The pieces of a file of the run's own: what is behind a link may be anything, and a pipe has no end. */
async function* partsOf(file: string): AsyncGenerator<Buffer> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  await using opened = await open(file, flags).catch((error: unknown) => {
    throw new UsageError(`${file}: expected a file of a run's own: ${reasonOf(error)}`);
  });
  if (!(await opened.stat()).isFile()) throw new UsageError(`${file}: expected a file of a run's own`);
  for (;;) {
    const { buffer, bytesRead } = await opened.read(Buffer.alloc(pieceBytes), 0);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Brings a run into a folder, unless it is there as it was put and nothing else. */
export async function onceBrought(folder: string, id: string, bring: () => Promise<void>): Promise<void> {
  if (!(await holdsRun(folder, id))) await bring();
}

const holdsRun = (folder: string, id: string): Promise<boolean> =>
  cutRun(folder, async () => {}).then(
    async (files) => sha256(listText(files)) === id && (await straysIn(folder, files)).length === 0,
    () => false,
  );

/** What lies in the copy of a run and is none of its files: a reader might take it for another run. */
async function straysIn(folder: string, files: StoredFiles): Promise<string[]> {
  const own = new Set(files.map(({ name }) => join(folder, name)));
  const parents = new Set([...own].map(dirname));
  const found: string[] = [];
  const look = async (place: string): Promise<void> => {
    for (const entry of await readdir(place, { withFileTypes: true })) {
      const path = join(place, entry.name);
      if (entry.isDirectory() && parents.has(path)) await look(path);
      else if (!entry.isFile() || !own.has(path)) found.push(path);
    }
  };
  await look(folder);
  return found;
}

/**
 * Puts a run together in a folder. What is wrong in it goes, and each file comes in one step, the evidence last: two who
 * mend one copy at once both find it whole when they are done, and a new copy that is not done has no evidence.
 *
 * @throws Error where a piece is not what its name says
 */
export async function joinRun(
  folder: string,
  files: StoredFiles,
  pieceOf: (sha256: string) => Promise<Buffer>,
): Promise<void> {
  const partial = await mkdtemp(`${folder}.`);
  try {
    for (const { name, bytes, pieces } of files) {
      const parts: Buffer[] = [];
      for (const wanted of pieces) {
        const part = await unzip(await pieceOf(wanted), { maxOutputLength: pieceBytes });
        if (sha256(part) !== wanted) throw new Error(`a piece of ${name} is not what its name says`);
        parts.push(part);
      }
      const whole = Buffer.concat(parts);
      if (whole.length !== bytes) throw new Error(`${name} has ${whole.length} bytes, expected ${bytes}`);
      const file = join(partial, name);
      makeFolder(dirname(file), 0o700);
      await writeFile(file, whole, { mode: 0o600 });
    }
    await moveRun(partial, folder, files);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function moveRun(from: string, to: string, files: StoredFiles): Promise<void> {
  const isFolder = await lstat(to).then(
    (what) => what.isDirectory(),
    () => false,
  );
  // Somebody else may have made the folder meanwhile.
  if (!isFolder) await unlink(to).catch(() => {});
  makeFolder(to, 0o700);
  for (const stray of await straysIn(to, files)) await rm(stray, { recursive: true, force: true });
  for (const { name } of files.toSorted(evidenceLast)) {
    makeFolder(dirname(join(to, name)), 0o700);
    await rename(join(from, name), join(to, name));
  }
}

const isEvidence = ({ name }: { name: string }): boolean => name === evidenceFile || name === costFile;
const evidenceLast = (a: { name: string }, b: { name: string }): number =>
  Number(isEvidence(a)) - Number(isEvidence(b));
