import type { KeyObject } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { field } from "../../contracts/step.ts";
import type { Millis } from "../../contracts/values.ts";
import { type HistoryEvent, historyVersion, type RunEvent } from "../history/event.ts";
import { canonical } from "../history/hash.ts";
import { eventsIn, headIn, historyBytes, readHead } from "../history/read.ts";
import { evidenceFile, historyFile } from "../run-files.ts";
import { sha256 } from "../secrets.ts";
import { type Damaged, damaged, refuseOtherForm } from "./damage.ts";
import { openedIn, signerOf } from "./dsse.ts";
import { foldersWith } from "./folders.ts";
import { laterBuilds } from "./later-builds.ts";
import { build, type RunPredicate, runStatement, runType, statementsOn, subjectsOf } from "./statement.ts";

/** Evidence as it lies in its folder; what it says of itself holds as far as it was compared with the history. */
export interface Evidence {
  folder: string;
  predicate: RunPredicate;
  /** Id of the key that has signed it; null where none of those that were given has signed all of it. */
  signer: string | null;
}

/** A thousand cells take a tenth of it. */
const mostBytes = 8 * 2 ** 20;

/** @throws UsageError as `foldersWith` */
export const evidenceFolders = (places: readonly string[]): Promise<string[]> =>
  foldersWith(evidenceFile, places);

/** Reads what is attested in a folder, without its history. */
export async function readEvidence(folder: string, keys: readonly KeyObject[]): Promise<Evidence | Damaged> {
  try {
    const file = join(folder, evidenceFile);
    const what = await stat(file);
    if (!what.isFile() || what.size > mostBytes)
      throw new Error(`expected a file of at most ${mostBytes} bytes, got one of ${what.size}`);
    const opened = openedIn(await readFile(file, "utf8"), runType);
    const statements = opened.map(({ statement }) => statement);
    const runs = statements.filter(({ predicateType }) => predicateType === runType);
    const [run] = runs;
    if (run === undefined || runs.length > 1)
      throw new Error(`expected one statement of the type ${runType}, got ${runs.length}`);
    refuseOtherForm("its history, version", Object(run.predicate).historyVersion, historyVersion);
    const { predicate, subject } = runStatement.parse(run);
    if (canonical(subject) !== canonical(subjectsOf(predicate)))
      throw new Error("its subjects are not the builds that it lists");
    if (canonical(statements) !== canonical(statementsOn(predicate, judgedAt(statements))))
      throw new Error("its statements for other tools are not those that it says");
    const signers = opened.map(({ envelope }) => signerOf(envelope, keys));
    return { folder, predicate, signer: signers.includes(null) ? null : (signers[0] ?? null) };
  } catch (error) {
    return damaged(folder, error);
  }
}

/** When its verification was made; 0 where it does not say. */
const judgedAt = (statements: readonly { predicate?: unknown }[]): Millis =>
  Date.parse(String(field(statements.at(-1)?.predicate, "timeCreated"))) || 0;

/** The history that evidence is of, where both agree. What is judged are the very bytes that were compared. */
export async function historyOf({ folder, predicate }: Evidence): Promise<readonly HistoryEvent[] | Damaged> {
  try {
    const file = join(folder, historyFile);
    const bytes = await attestedBytes(file, predicate);
    const events = await eventsIn(bytes, file);
    refuseOther(events[0] as HistoryEvent & RunEvent, predicate);
    refuseOtherLater(events, predicate);
    return events;
  } catch (error) {
    return damaged(folder, error);
  }
}

async function attestedBytes(file: string, { history }: RunPredicate): Promise<Buffer> {
  const bytes = await historyBytes(file);
  if (sha256(bytes) !== history) throw new Error("the history is another than the one that was attested");
  return bytes;
}

/** How an event begins that may say of a build that it came later. */
const lifeMark = '"kind":"component"';

/**
 * Whether evidence that nobody wants to be judged is what its history says: its bytes, its first line, and which builds came
 * later, since these say who wants it.
 */
export async function unjudgedDamage({ folder, predicate }: Evidence): Promise<Damaged | null> {
  try {
    const file = join(folder, historyFile);
    const bytes = await attestedBytes(file, predicate);
    const head = await headIn(bytes, file);
    if (field(field(head, "schedule"), "releases") === undefined)
      throw new Error("its history does not begin with a run");
    refuseOther(head as unknown as RunEvent, predicate);
    if (bytes.includes(lifeMark)) refuseOtherLater(await eventsIn(bytes, file), predicate);
    return null;
  } catch (error) {
    return damaged(folder, error);
  }
}

function refuseOtherLater(events: readonly HistoryEvent[], { later }: RunPredicate): void {
  if (canonical(laterBuilds(events).builds) !== canonical(later))
    throw new Error("it says that other builds came later than its history does");
}

/** A run of the matrix that ended before it was attested: what broke in it must not be forgotten with it. */
export interface Unattested {
  folder: string;
  builds: RunEvent["builds"];
}

/**
 * Those among folders and below them. A history in which even the first line cannot be read may be one; what is another
 * history than of a matrix in containers is none.
 */
export async function unattestedIn(places: readonly string[]): Promise<(Unattested | Damaged)[]> {
  const written = await foldersWith(historyFile, places);
  // Listed afterwards: a run may be attested meanwhile.
  const attested = new Set(await evidenceFolders(places));
  const found: (Unattested | Damaged)[] = [];
  // One after the other: there may be more than a process may open files.
  for (const folder of written.filter((one) => !attested.has(one)))
    found.push(...[(await unattestedAt(folder)) ?? []].flat());
  return found;
}

/** The same of one folder that has a history and no evidence; null where it is none. */
export async function unattestedAt(folder: string): Promise<Unattested | Damaged | null> {
  try {
    const head = await readHead(join(folder, historyFile));
    return matrixHead.safeParse(head).success ? { folder, ...cutHead.parse(head) } : null;
  } catch (error) {
    return damaged(folder, error);
  }
}

/** How the history of a matrix in containers begins. */
const matrixHead = z.object({ rig: z.literal("containers"), matrix: z.object({}) });
/** A build there says more than it does in evidence. */
const cutHead = z.object({ builds: z.array(z.object({ ...build.shape })) });

function refuseOther(
  { id, rig, epoch, builds, schedule, images = {} }: RunEvent,
  predicate: RunPredicate,
): void {
  const { api, workers } = schedule.releases;
  const { run, releases } = predicate;
  const said = [run, predicate.rig, predicate.at, predicate.builds, releases.api, releases.workers];
  if (canonical([id, rig, epoch ?? 0, builds, api, workers]) !== canonical(said))
    throw new Error("it says another run, time or builds than its history");
  const built = new Set([...predicate.builds, ...predicate.later].map(({ component }) => component));
  const beside = Object.entries(predicate.images).filter(([name]) => !built.has(name));
  if (canonical(Object.fromEntries(beside)) !== canonical(images))
    throw new Error("it says other images of databases or destinations than its history");
}
