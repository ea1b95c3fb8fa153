import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { bytesWithin } from "../../../contracts/bounds/bytes.ts";
import { contractSet } from "../../../contracts/set/contract-set.ts";
import type { Config } from "../../config/config.ts";
import type { Contract } from "../../diff/contract.ts";
import { diffContracts } from "../../diff/diff.ts";
import type { Finding } from "../../diff/finding.ts";
import { contractLimits, readContract } from "../../diff/read.ts";
import { parseReads, type Reads, recordedUses } from "../../diff/reads.ts";
import { Unreadable } from "../../diff/unreadable.ts";
import { declaredUses } from "../../diff/use.ts";
import { InfrastructureError, reasonOf, UsageError } from "../../errors.ts";
import { diffReport } from "../../report/diff.ts";
import { openConfig } from "../shared/config.ts";
import { type ReportFlags, writeReports } from "../shared/reports.ts";

interface DiffFlags extends ReportFlags {
  config: string;
  reads?: string;
  judged: string[];
}

/** Compares two contracts, and says whom each change breaks. */
export async function action([old = "", now = ""]: string[], flags: DiffFlags): Promise<void> {
  // A contract holds no secrets.
  const redact = (text: string) => text;
  await writeReports({ flags, file: now, title: `diff ${old} ${now}`, redact }, async () => {
    const before = await open(old, flags.config);
    const after = await open(now, flags.config);
    if (before.kind !== after.kind)
      throw new UsageError(
        `${old} and ${now}: only two of one kind can be compared; these are: ${before.kind}, ${after.kind}`,
      );
    const declared = declaredUses(before.document);
    const uses = flags.reads === undefined ? declared : recordedUses(await readsIn(flags.reads), declared);
    const findings = judgedBy(
      flags.judged,
      asReadable(`${old} and ${now}`, () => diffContracts(before, after, uses)),
    );
    const operations = before.operations.map(({ name }) => name);
    return diffReport({ before: old, after: now, findings, operations });
  });
}

/** The contracts of this Interlock. */
const present = "current";

async function open(name: string, config: string): Promise<Contract> {
  const bytes = await contentOf(name);
  if (bytes !== undefined) return asReadable(name, () => readContract(bytes));
  if (name === present) return readContract(Buffer.from(JSON.stringify(contractSet())));
  const file = await fileOfRelease(name, config);
  const content = await contentOf(file);
  if (content === undefined) throw new UsageError(`${config}: contracts: ${name}: there is no file ${file}`);
  return asReadable(file, () => readContract(content));
}

/** A contract set that the config names by its release. */
async function fileOfRelease(name: string, configFile: string): Promise<string> {
  const nowhere = `${name}: no such file`;
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(name)) throw new UsageError(nowhere);
  const { contracts = {} } = await configNaming(configFile, nowhere);
  const file = Object.hasOwn(contracts, name) ? contracts[name] : undefined;
  if (file !== undefined) return file;
  const known = [present, ...Object.keys(contracts)].join(", ");
  throw new UsageError(`${nowhere}, nor has the config contracts of a release of that name; it has ${known}`);
}

/** What may have it as a release. @param nowhere that it is no file */
async function configNaming(file: string, nowhere: string): Promise<Config> {
  try {
    return (await openConfig(file)).config;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${nowhere}; nor can it be a release: ${error.message}`);
  }
}

/** The bytes of a file; undefined where there is none of that name. A pipe may never end, or never begin: it is not waited for. */
async function contentOf(file: string): Promise<Uint8Array | undefined> {
  const trouble = (happened: string, next: string) =>
    new InfrastructureError({ component: file, expected: "a contract that can be read", happened, next });
  try {
    const what = await stat(file);
    if (!what.isFile())
      throw trouble(
        `it is ${what.isDirectory() ? "a folder" : "a pipe or a device"}, no file`,
        "write it to a file, and name that",
      );
    const stream = Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>;
    const bytes = await bytesWithin(stream, contractLimits.bytes);
    if (bytes === null) throw trouble(`it has more than ${contractLimits.bytes} bytes`, "take a smaller one");
    return bytes;
  } catch (error) {
    if (error instanceof InfrastructureError) throw error;
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw trouble(reasonOf(error), "name a file that can be read");
  }
}

async function readsIn(file: string): Promise<Reads> {
  const content = await contentOf(file);
  if (content === undefined) throw new UsageError(`--reads ${file}: no such file`);
  return asReadable(file, () => parseReads(Buffer.from(content).toString()));
}

/** What cannot be read is infrastructure, and says which file it was. */
function asReadable<T>(component: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const { expected, message: happened, next } = error;
    throw new InfrastructureError({ component, expected, happened, next }, error);
  }
}

/** Takes changes that somebody has judged as harmless. A fingerprint without its change is refused: the change may be another one by now. */
function judgedBy(fingerprints: readonly string[], findings: readonly Finding[]): Finding[] {
  const open = new Set(findings.flatMap((one) => (one.severity === "to-judge" ? [one.fingerprint] : [])));
  const strange = fingerprints.filter((fingerprint) => !open.has(fingerprint));
  if (strange.length > 0)
    throw new UsageError(`--judged: no change that is to be judged has ${strange.join(", ")}`);
  return findings.map((one) =>
    one.severity === "to-judge" && fingerprints.includes(one.fingerprint)
      ? { ...one, severity: "compatible", used: [...one.used, "judged by hand"] }
      : one,
  );
}
