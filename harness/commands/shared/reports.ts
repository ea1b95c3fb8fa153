import { stat, writeFile } from "node:fs/promises";
import { reasonOf, UsageError, unwritten } from "../../errors.ts";
import { makeFolder } from "../../make-folder.ts";
import { addressLines } from "../../report/addresses.ts";
import { rendered } from "../../report/format.ts";
import { type FormatName, formats, printed } from "../../report/formats/index.ts";
import { type Report, troubleReport } from "../../report/report.ts";
import type { Addresses } from "../../up/addresses.ts";
import { withoutAccounts } from "../../url-accounts.ts";
import { exitOf } from "../../verdict.ts";
import { reportsFolder } from "./defaults.ts";
import { readInput } from "./input.ts";
import { hidden, writeNote, writeResult } from "./output.ts";
import { namesIn, reportFile } from "./report-files.ts";

/** The flags of the formats: a file's name, or true. */
export type ReportFlags = { readonly [name in FormatName]?: string | true } & {
  readonly since?: string;
  readonly reporter?: string;
};

interface Asked {
  flags: ReportFlags;
  /** What says what is judged: a config, a history, a policy. */
  file: string;
  /** What is judged, for a report that comes to no verdict. */
  title: string;
  redact: (text: string) => string;
}

/** Errors that the files of the report tell already. */
const told = new WeakSet<object>();

/**
 * Carries out a command that has the flags of the formats. Where it is refused or breaks off before it judges, its report
 * says so in every file, as where it comes to no verdict later.
 */
export async function orTrouble(
  { title, file, flags }: Pick<Asked, "title" | "flags"> & { file: string | undefined },
  act: () => Promise<void>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    const named = await withReporter(flags).catch(() => flags);
    const trouble = { ...troubleReport(title, reasonOf(error)), ...(file !== undefined && { file }) };
    if (!told.has(Object(error))) await tellTrouble(named, trouble, hidden);
    throw error;
  }
}

/**
 * Lets a command judge, prints its report and writes it to every file that its flags name. A file that cannot be written
 * is refused before the work. A report that is lost does not take the others along.
 */
export async function writeReports(
  { flags: given, file: judged, title, redact }: Asked,
  judge: () => Promise<Report>,
): Promise<void> {
  const flags = await withReporter(given);
  const clean = (text: string) => withoutAccounts(redact(text));
  // Read first, since it may be one of the files; refused before the work, and in every file.
  const comparison = comparing(flags);
  await Promise.allSettled([comparison]);
  const trouble = (message: string): Report => ({ ...troubleReport(title, message), file: judged });
  // An earlier run's report must not pass for this one's, nor one that was never written.
  await toFiles(
    flags,
    trouble(`${title}: it was stopped or broke off before it came to an end`),
    clean,
    begin,
  );
  const judging = comparison.then(async (compare) => compare({ ...(await judge()), file: judged }));
  const report = await judging.catch(async (error: unknown) => {
    await tellTrouble(flags, trouble(reasonOf(error)), clean);
    told.add(Object(error));
    throw error;
  });
  process.exitCode = report.exit ?? exitOf[report.verdict];
  const text = await rendered(formats[printedBy(flags)], report, clean);
  const both = await Promise.allSettled([writeResult(text), toFiles(flags, report, clean, write)]);
  for (const written of both)
    if (written.status === "rejected") {
      told.add(Object(written.reason));
      throw written.reason;
    }
}

/** The same where there is no verdict; its message is printed where errors are, and in the form that is read by a program. */
async function tellTrouble(
  flags: ReportFlags,
  trouble: Report,
  clean: (text: string) => string,
): Promise<void> {
  const form = printedBy(flags);
  if (form !== printed) await writeResult(await rendered(formats[form], trouble, clean));
  await toFiles(flags, trouble, clean, write).catch((error: unknown) =>
    writeNote(`interlock: ${reasonOf(error)}`),
  );
}

/** Each file in its form. One that is lost is told after the others have been written. */
async function toFiles(
  flags: ReportFlags,
  report: Report,
  clean: (text: string) => string,
  put: (flag: string, file: string, text: string) => Promise<void>,
): Promise<void> {
  const puts = filesIn(flags).map(async ({ name, flag, file }) =>
    put(flag, file, await rendered(formats[name], report, clean)),
  );
  for (const written of await Promise.allSettled(puts))
    if (written.status === "rejected") throw written.reason;
}

const withReporter = async (given: ReportFlags): Promise<ReportFlags> =>
  given.reporter === undefined ? given : { ...(await reporterFlags(given.reporter)), ...given };

/** What adds to a report what has changed since an earlier one. */
async function comparing({ since: file }: ReportFlags): Promise<(report: Report) => Report> {
  if (file === undefined) return (report) => report;
  const { earlierIn, since } = await import("../../report/since.ts");
  const earlier = earlierIn(await readInput(file), file);
  return (report) => since(report, earlier);
}

const names = Object.keys(formats) as FormatName[];

/** The flags that `--reporter json,junit` stands for. Makes the folder of the files. */
async function reporterFlags(list: string): Promise<ReportFlags> {
  const asked = namesIn(list);
  const known: readonly string[] = names;
  const unknown = asked.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`--reporter ${list}: ${JSON.stringify(unknown)} is none of ${names.join(", ")}`);
  const all = asked as FormatName[];
  const printedOnes = all.filter((name) => formats[name].to === "output");
  if (printedOnes.length > 1)
    throw new UsageError(
      `--reporter ${list}: ${printedOnes.join(" and ")} are both printed; name one of them`,
    );
  makeReportsFolder(`--reporter ${list}`, reportsFolder);
  return Object.fromEntries(all.map((name) => [name, reportFile(name) ?? true]));
}

function makeReportsFolder(flag: string, folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    throw new UsageError(
      `${flag}: ${folder} cannot be made: ${reasonOf(error)}; remove or rename what stands there, or name each file by its flag`,
    );
  }
}

const printedBy = (flags: ReportFlags): FormatName =>
  names.find((name) => formats[name].to === "output" && flags[name] === true) ?? printed;

const filesIn = (flags: ReportFlags): { name: FormatName; flag: string; file: string }[] =>
  names.flatMap((name) => {
    const file = flags[name];
    return typeof file === "string" ? [{ name, flag: `--${name}`, file }] : [];
  });

async function begin(flag: string, file: string, text: string): Promise<void> {
  try {
    // To open and close a pipe would be its end.
    const what = await stat(file).catch(() => null);
    if (what === null || what.isFile() || what.isDirectory()) await writeFile(file, text);
  } catch (error) {
    throw new UsageError(
      `${flag} ${file}: cannot be written: ${reasonOf(error)}; remove or rename what stands there, or name another file`,
    );
  }
}

async function write(flag: string, file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw unwritten("report", file, error, `name another file with ${flag}`);
  }
}

/**
 * Says how to reach a system, with the secrets that nobody could use it without: on standard output alone, before the
 * report. With `--json` it is a line of its own.
 */
export const tellAddresses = (addresses: Addresses, { json }: ReportFlags): Promise<void> =>
  writeResult(`${json ? JSON.stringify(addresses) : addressLines(addresses).join("\n")}\n`);
