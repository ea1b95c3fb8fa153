import type { KeyObject } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { reasonOf, UsageError } from "../errors.ts";
import type { HistoryEvent, RunEvent } from "../history/event.ts";
import { canonical } from "../history/hash.ts";
import { readHistory } from "../history/read.ts";
import { sha256 } from "../secrets.ts";
import { type Envelope, envelopeSchema, signerOf } from "./dsse.ts";
import { type RunPredicate, runStatement, runType, subjectsOf } from "./statement.ts";
import { evidenceFile } from "./write.ts";

/** Evidence as it lies in its folder; what it says of itself holds as far as it was compared with the history. */
export interface Evidence {
  folder: string;
  predicate: RunPredicate;
  /** Id of the key that has signed it; null where none of those that were given has signed all of it. */
  signer: string | null;
}

/** Evidence that cannot be believed: it was cut or changed, or is none. */
export interface Damaged {
  folder: string;
  damage: string;
}

/** A thousand cells take a tenth of it. */
const mostBytes = 8 * 2 ** 20;

/**
 * The folders with evidence among these: each is one itself, or holds such.
 *
 * @throws UsageError where a name is no folder
 */
export async function evidenceFolders(places: readonly string[]): Promise<string[]> {
  const found = await Promise.all(places.map(foldersIn));
  return [...new Set(found.flat())].toSorted();
}

async function foldersIn(place: string): Promise<string[]> {
  const names = await readdir(place).catch((error: unknown) => {
    throw new UsageError(`${place}: expected a folder with evidence: ${reasonOf(error)}`);
  });
  if (names.includes(evidenceFile)) return [place];
  const inner = await Promise.all(
    names.map(async (name) => ((await isThere(join(place, name, evidenceFile))) ? [join(place, name)] : [])),
  );
  return inner.flat();
}

const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
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
    const runs = own.filter(({ statement }) => statement.predicateType === runType);
    const [run] = runs;
    if (run === undefined || runs.length > 1)
      throw new Error(`expected one statement of the type ${runType}, got ${runs.length}`);
    const { predicate, subject } = runStatement.parse(run.statement);
    if (canonical(subject) !== canonical(subjectsOf(predicate)))
      throw new Error("its subjects are not the builds that it lists");
    const signers = envelopes.map((envelope) => signerOf(envelope, keys));
    return { folder, predicate, signer: signers.includes(null) ? null : (signers[0] ?? null) };
  } catch (error) {
    return { folder, damage: reasonOf(error).replaceAll(/\s+/g, " ").slice(0, 300) };
  }
}

const statementIn = ({ payload }: Envelope): { predicateType?: unknown } =>
  Object(JSON.parse(Buffer.from(payload, "base64").toString()));

/** The history that evidence is of, where both agree. */
export async function historyOf({ folder, predicate }: Evidence): Promise<readonly HistoryEvent[] | Damaged> {
  try {
    const file = join(folder, "history.jsonl");
    const events = await readHistory(file);
    // It was read whole and within its limits: its bytes are to be the attested ones.
    if (sha256(await readFile(file)) !== predicate.history)
      throw new Error("the history is another than the one that was attested");
    const run = events[0] as HistoryEvent & RunEvent;
    const said = [
      run.id,
      run.rig,
      run.epoch ?? 0,
      run.builds,
      run.schedule.releases.api,
      run.schedule.releases.workers,
    ];
    const { run: id, rig, at, builds, releases } = predicate;
    if (canonical(said) !== canonical([id, rig, at, builds, releases.api, releases.workers]))
      throw new Error("it says another run, time or builds than its history");
    return events;
  } catch (error) {
    return { folder, damage: reasonOf(error).replaceAll(/\s+/g, " ").slice(0, 300) };
  }
}
