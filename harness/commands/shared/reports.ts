import { mkdir, stat, writeFile } from "node:fs/promises";
import { InfrastructureError, reasonOf, UsageError } from "../../errors.ts";
import { addressLines } from "../../report/addresses.ts";
import { rendered } from "../../report/format.ts";
import { type FormatName, formats, printed } from "../../report/formats/index.ts";
import { type Report, troubleReport } from "../../report/report.ts";
import type { Addresses } from "../../up/addresses.ts";
import { withoutAccounts } from "../../url-accounts.ts";
import { exitOf } from "../../verdict.ts";
import { reportsFolder } from "./defaults.ts";
import { readInput } from "./input.ts";
import { writeNote, writeResult } from "./output.ts";
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

/**
 * Lets a command judge, prints its report and writes it to every file that its flags name. A file that cannot be written
 * is refused before the work. A report that is lost does not take the others along.
 */
export async function writeReports(
  { flags: given, file: judged, title, redact }: Asked,
  judge: () => Promise<Report>,
): Promise<void> {
  const flags = given.reporter === undefined ? given : { ...(await reporterFlags(given.reporter)), ...given };
  const files = filesIn(flags);
  // Read first, since it may be one of the files; refused before the work, and in every file.
  const comparison = comparing(flags);
  await Promise.allSettled([comparison]);
  // An earlier run's report must not pass for this one's.
  for (const { flag, file } of files) await empty(flag, file);
  const clean = (text: string) => withoutAccounts(redact(text));
  const toFiles = (report: Report) =>
    files.map(async ({ name, flag, file }) =>
      write(flag, file, await rendered(formats[name], report, clean)),
    );
  const judging = comparison.then(async (compare) => compare({ ...(await judge()), file: judged }));
  const report = await judging.catch(async (error: unknown) => {
    const trouble = { ...troubleReport(title, reasonOf(error)), file: judged };
    for (const written of await Promise.allSettled(toFiles(trouble)))
      if (written.status === "rejected") writeNote(`interlock: ${reasonOf(written.reason)}`);
    throw error;
  });
  process.exitCode = report.exit ?? exitOf[report.verdict];
  const text = await rendered(formats[printedBy(flags)], report, clean);
  for (const written of await Promise.allSettled([writeResult(text), ...toFiles(report)]))
    if (written.status === "rejected") throw written.reason;
}

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
  await makeFolder(`--reporter ${list}`, reportsFolder);
  return Object.fromEntries(all.map((name) => [name, reportFile(name) ?? true]));
}

async function makeFolder(flag: string, folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new UsageError(`${flag}: ${folder} cannot be made: ${reasonOf(error)}`);
  }
}

const printedBy = (flags: ReportFlags): FormatName =>
  names.find((name) => formats[name].to === "output" && flags[name] === true) ?? printed;

const filesIn = (flags: ReportFlags): { name: FormatName; flag: string; file: string }[] =>
  names.flatMap((name) => {
    const file = flags[name];
    return typeof file === "string" ? [{ name, flag: `--${name}`, file }] : [];
  });

async function empty(flag: string, file: string): Promise<void> {
  try {
    // To open and close a pipe would be its end.
    if ((await stat(file).catch(() => null))?.isFile() !== false) await writeFile(file, "");
  } catch (error) {
    throw new UsageError(`${flag} ${file}: cannot be written: ${reasonOf(error)}`);
  }
}

async function write(flag: string, file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new InfrastructureError({
      component: "report",
      expected: `${file} to take it`,
      happened: reasonOf(error),
      next: `make room or name another file with ${flag}`,
    });
  }
}

/**
 * Says how to reach a system, with the secrets that nobody could use it without: on standard output alone, before the
 * report. With `--json` it is a line of its own.
 */
export const tellAddresses = (addresses: Addresses, { json }: ReportFlags): Promise<void> =>
  writeResult(`${json ? JSON.stringify(addresses) : addressLines(addresses).join("\n")}\n`);
