import { constants, existsSync, fstat, type Stats } from "node:fs";
import { access, open, realpath, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import type { OptionValues } from "commander";
import { reasonOf, UsageError } from "../../errors.ts";
import { makeFolder } from "../../make-folder.ts";
import { costFile, evidenceFile, historyFile, resultFile, runFolders } from "../../run-files.ts";
import { configNames, defaultConfig } from "./defaults.ts";
import type { CommandSpec, OptionSpec } from "./options.ts";

/** A file that a command writes or reads, as whoever asked for it called it. */
interface Place {
  /** The flag and what it was given, or the argument alone. */
  name: string;
  file: string;
}

/**
 * Looks at every place that a command is to write before it does anything else. A file that it reads, or writes a second
 * time, would be lost, and so would what a run has left; one that cannot be written would be found out only after the work.
 *
 * @throws UsageError for such a place; no file was written by then, folders for those that can be may have been made
 */
export async function refusePlaces(spec: CommandSpec, args: readonly string[], flags: OptionValues) {
  const given = Object.entries(spec.options).flatMap(([text, option]) => valuesOf(text, option, flags));
  const outputs = given.flatMap(({ flag, value, option: { writes } }) =>
    writes === undefined || writes === "folder"
      ? []
      : filesOf(writes, value).map((file) => ({ name: `${flag} ${value}`, file })),
  );
  const inputs = [
    ...args.map((file) => ({ name: file, file })),
    ...given.flatMap(({ flag, value, option }) =>
      option.reads ? readBy(value).map((file) => ({ name: `${flag} ${value}`, file })) : [],
    ),
  ];
  await refuseSame(outputs, inputs);
  for (const output of outputs) await refuseKept(output);
  for (const { flag, value, option } of given) await mustTake(`${flag} ${value}`, value, option.writes);
}

interface Given {
  flag: string;
  value: string;
  option: OptionSpec;
}

function valuesOf(text: string, option: OptionSpec, flags: OptionValues): Given[] {
  const [flag = ""] = text.split(" ");
  const value: unknown = flags[flag.slice(2).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())];
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.flatMap((one) => (typeof one === "string" ? [{ flag, value: one, option }] : []));
}

const filesOf = (writes: Exclude<OptionSpec["writes"], undefined | "folder">, value: string): string[] =>
  typeof writes === "function" ? writes(value) : [value];

/** Without a flag a config of any of these names is read. */
const readBy = (file: string): readonly string[] => (file === defaultConfig ? configNames : [file]);

async function refuseSame(outputs: readonly Place[], inputs: readonly Place[]): Promise<void> {
  if (outputs.length === 0) return;
  const printed = await promisify(fstat)(1).catch(() => null);
  const taken = new Map<string, string>();
  if (printed?.isFile()) taken.set(keyOf(printed), "standard output");
  const read = new Map<string, string>();
  for (const { name, file } of inputs) {
    const key = await identityOf(file);
    if (key !== null) read.set(key, name);
  }
  for (const { name, file } of outputs) {
    const key = await identityOf(file);
    if (key === null) continue;
    const input = read.get(key);
    if (input !== undefined)
      throw new UsageError(`${name}: is what is read as ${input}, and would be lost; name another file`);
    const other = taken.get(key);
    if (other !== undefined)
      throw new UsageError(`${name}: is written by ${other} as well; name another file`);
    taken.set(key, name);
  }
}

const judgedBy = [historyFile, evidenceFile, costFile];

/** What a run has left is judged again, by whoever asks for it: nothing of it may be written over. */
async function refuseKept({ name, file }: Place): Promise<void> {
  const there = await realpath(file).catch(() => null);
  if (there === null) return;
  const folder = dirname(there);
  const isInner = runFolders.includes(basename(folder));
  if (!isInner && ![...judgedBy, resultFile].includes(basename(there))) return;
  const run = isInner ? dirname(folder) : folder;
  if (judgedBy.some((one) => existsSync(join(run, one))))
    throw new UsageError(`${name}: belongs to the run in ${run}, and would be lost; name another file`);
}

const keyOf = ({ dev, ino }: Stats): string => `${dev}:${ino}`;

/** The same for every name of one file, also where there is none yet; null for what can be written twice, such as a device. */
async function identityOf(file: string): Promise<string | null> {
  const what = await stat(file).catch(() => null);
  if (what !== null) return what.isFile() ? keyOf(what) : null;
  const folder = await realpath(dirname(file)).catch(() => resolve(dirname(file)));
  return join(folder, basename(file));
}

async function mustTake(name: string, value: string, writes: OptionSpec["writes"]): Promise<void> {
  try {
    if (writes === "folder") await mustBeFolder(value);
    if (writes === "file") await mustBeFile(value);
    if (writes === "whole file") await mustBeReplaceable(value);
  } catch (error) {
    throw new UsageError(`${name}: cannot be written: ${reasonOf(error)}; ${nextStep(error, writes)}`);
  }
}

const nextStep = (error: unknown, writes: OptionSpec["writes"]): string =>
  (error as NodeJS.ErrnoException).code === "ENOENT"
    ? "make its folder first, or name another file"
    : `name another ${writes === "folder" ? "folder" : "file"}`;

async function mustBeFolder(folder: string): Promise<void> {
  makeFolder(folder);
  await access(folder, constants.W_OK);
}

/** What was there is left as it is, and what was not there is not there afterwards. */
async function mustBeFile(file: string): Promise<void> {
  const what = await stat(file).catch(() => null);
  // To open a pipe would wait for its reader, and to close it would end it.
  if (what !== null && !what.isFile() && !what.isDirectory()) return await access(file, constants.W_OK);
  const opened = await open(file, "a");
  await opened.close();
  // Behind a link that leads to nothing, what was made is where it leads to.
  if (what === null) await rm(await realpath(file), { force: true });
}

/** The file is written by putting another one in its place, so a device or a pipe is refused. */
async function mustBeReplaceable(file: string): Promise<void> {
  makeFolder(dirname(file));
  await mustBeFile(file);
  const what = await stat(file).catch(() => null);
  if (what !== null && !what.isFile())
    throw new Error("it is a pipe or a device, and a file is to take its place");
}
