import type { KeyObject } from "node:crypto";
import { open, readdir, readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { field } from "../../contracts/step.ts";
import { reasonOf, UsageError } from "../errors.ts";
import { type HistoryEvent, historyVersion, type RunEvent } from "../history/event.ts";
import { historyLimits } from "../history/format.ts";
import { canonical } from "../history/hash.ts";
import { readHistory } from "../history/read.ts";
import { evidenceFile, historyFile, runFolders } from "../run-files.ts";
import { type Damaged, damaged, refuseOtherForm, refuseOtherType } from "./damage.ts";
import { type Envelope, envelopeSchema, signerOf } from "./dsse.ts";
import { fileDigest } from "./file-digest.ts";
import { laterBuilds } from "./later-builds.ts";
import { build, type RunPredicate, runStatement, runType, subjectsOf } from "./statement.ts";

/** Evidence as it lies in its folder; what it says of itself holds as far as it was compared with the history. */
export interface Evidence {
  folder: string;
  predicate: RunPredicate;
  /** Id of the key that has signed it; null where none of those that were given has signed all of it. */
  signer: string | null;
}

/** A thousand cells take a tenth of it. */
const mostBytes = 8 * 2 ** 20;

/**
 * The folders with evidence among these and below them.
 *
 * @throws UsageError where a name is no folder
 */
export const evidenceFolders = (places: readonly string[]): Promise<string[]> =>
  foldersWith(evidenceFile, places);

/** The same of folders with a file of this name. */
export async function foldersWith(file: string, places: readonly string[]): Promise<string[]> {
  const found = await Promise.all(places.map((place) => foldersIn(file, place)));
  return [...new Set(found.flat())].toSorted();
}

/** How deep runs may lie below a folder: CI puts artefacts into folders of their own. */
const deepest = 5;

async function foldersIn(file: string, place: string, depth = 0): Promise<string[]> {
  const names = await readdir(place).catch((error: unknown) => {
    throw new UsageError(`${place}: expected a folder with evidence: ${reasonOf(error)}`);
  });
  // A run that lies below another one's folder counts as any other.
  const isFound = names.includes(file);
  const found = isFound ? [await realpath(place)] : [];
  if (depth === deepest) return found;
  const isRun = isFound || names.includes(historyFile);
  for (const name of names.filter((one) => !isRun || !runFolders.includes(one)))
    if (await isFolder(join(place, name)))
      found.push(...(await foldersIn(file, join(place, name), depth + 1)));
  return found;
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (what) => what.isDirectory(),
    () => false,
  );

/** Reads what is attested in a folder, without its history. */
export async function readEvidence(folder: string, keys: readonly KeyObject[]): Promise<Evidence | Damaged> {
  try {
    const file = join(folder, evidenceFile);
    const what = await stat(file);
    if (!what.isFile() || what.size > mostBytes)
      throw new Error(`expected a file of at most ${mostBytes} bytes, got one of ${what.size}`);
    const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line !== "");
    const envelopes = lines.map((line) => envelopeSchema.parse(JSON.parse(line)));
    const own = envelopes.map((envelope) => ({ envelope, statement: statementIn(envelope) }));
    for (const { statement } of own) refuseOtherType(statement.predicateType, runType);
    const runs = own.filter(({ statement }) => statement.predicateType === runType);
    const [run] = runs;
    if (run === undefined || runs.length > 1)
      throw new Error(`expected one statement of the type ${runType}, got ${runs.length}`);
    refuseOtherForm("its history, version", Object(run.statement.predicate).historyVersion, historyVersion);
    const { predicate, subject } = runStatement.parse(run.statement);
    if (canonical(subject) !== canonical(subjectsOf(predicate)))
      throw new Error("its subjects are not the builds that it lists");
    const signers = envelopes.map((envelope) => signerOf(envelope, keys));
    return { folder, predicate, signer: signers.includes(null) ? null : (signers[0] ?? null) };
  } catch (error) {
    return damaged(folder, error);
  }
}

const statementIn = ({ payload }: Envelope): { predicateType?: unknown; predicate?: unknown } =>
  Object(JSON.parse(Buffer.from(payload, "base64").toString()));

/** The history that evidence is of, where both agree. */
export async function historyOf(evidence: Evidence): Promise<readonly HistoryEvent[] | Damaged> {
  const { folder, predicate } = evidence;
  try {
    const file = join(folder, historyFile);
    const events = await readHistory(file);
    // It was read whole and within its limits: its bytes are to be the attested ones.
    if ((await fileDigest(file)) !== predicate.history)
      throw new Error("the history is another than the one that was attested");
    refuseOther(events[0] as HistoryEvent & RunEvent, predicate);
    if (canonical(laterBuilds(events).builds) !== canonical(predicate.later))
      throw new Error("it says that other builds came later than its history does");
    return events;
  } catch (error) {
    return damaged(folder, error);
  }
}

/** Whether evidence at least names the run and builds of its history, of which only the first line is read. */
export async function headDamage({ folder, predicate }: Evidence): Promise<Damaged | null> {
  try {
    const head = await headOf(folder);
    if (field(field(head, "schedule"), "releases") === undefined)
      throw new Error("its history does not begin with a run");
    refuseOther(head as RunEvent, predicate);
    return null;
  } catch (error) {
    return damaged(folder, error);
  }
}

/** A run of the matrix that ended before it was attested: what broke in it must not be forgotten with it. */
export interface Unattested {
  folder: string;
  builds: RunEvent["builds"];
}

/** Those among folders and below them; what is no history of a matrix in containers is none. */
export async function unattestedIn(places: readonly string[]): Promise<Unattested[]> {
  const written = await foldersWith(historyFile, places);
  // Listed afterwards: a run may be attested meanwhile.
  const attested = new Set(await evidenceFolders(places));
  const heads = await Promise.all(
    written
      .filter((folder) => !attested.has(folder))
      .map(async (folder) => ({ folder, head: cutHead.safeParse(await headOf(folder).catch(() => null)) })),
  );
  return heads.flatMap(({ folder, head }) => (head.success ? [{ folder, builds: head.data.builds }] : []));
}

/** How the history of a matrix in containers begins; a build there says more than it does in evidence. */
const cutHead = z.object({
  rig: z.literal("containers"),
  matrix: z.object({}),
  builds: z.array(z.object({ ...build.shape })),
});

async function headOf(folder: string): Promise<unknown> {
  const [line = ""] = await firstLines(join(folder, historyFile));
  return JSON.parse(line);
}

async function firstLines(file: string): Promise<string[]> {
  await using opened = await open(file);
  const { buffer, bytesRead } = await opened.read(Buffer.alloc(historyLimits.lineBytes), 0);
  return buffer.toString("utf8", 0, bytesRead).split("\n");
}

function refuseOther({ id, rig, epoch, builds, schedule }: RunEvent, predicate: RunPredicate): void {
  const { api, workers } = schedule.releases;
  const { run, releases } = predicate;
  const said = [run, predicate.rig, predicate.at, predicate.builds, releases.api, releases.workers];
  if (canonical([id, rig, epoch ?? 0, builds, api, workers]) !== canonical(said))
    throw new Error("it says another run, time or builds than its history");
}
