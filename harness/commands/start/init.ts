import { lstatSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { reasonOf, UsageError } from "../../errors.ts";
import { commandTo, ownRoot } from "../../installation.ts";
import { makeFolder } from "../../make-folder.ts";
import { configNames } from "../shared/defaults.ts";
import { writeResult } from "../shared/output.ts";

/** `.mts` is a module whatever `package.json` says. */
const written = "interlock.config.mts";

/** Writes a config to begin with, and keeps runs out of git. It asks nothing, and leaves alone what is there. */
export async function action(): Promise<void> {
  const there = configNames.find(isThere);
  if (there !== undefined)
    throw new UsageError(
      `${there} is there already, and nothing was written: \`${commandTo("doctor")}\` says what it still lacks; rename it to begin anew`,
    );
  const example = await readFile(join(ownRoot, "docs", written), "utf8");
  // Runs hold passwords, if only of systems that are gone.
  const ignored = ".interlock/.gitignore";
  if (!isThere(ignored)) await writeNew(ignored, "*\n");
  await writeNew(written, example);
  await writeResult(`wrote ${written} and ${ignored}\nnext:\n${nextSteps().join("\n")}\n`);
}

/** Also a link that leads nowhere: it would be written through. */
const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

async function writeNew(path: string, text: string): Promise<void> {
  makeFolder(dirname(path));
  try {
    await writeFile(path, text, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new UsageError(`${path}: is there already and is left as it is: ${reasonOf(error)}`);
  }
}

function nextSteps(): string[] {
  const steps = [
    ...(isInstalled() ? [] : ['install Interlock here: a config imports from "interlock"']),
    `put your own images, commands or URLs into ${written}`,
    `see what a run still lacks: ${commandTo("doctor")}`,
    `see what would run: ${commandTo("run", "--list")}`,
    `run it: ${commandTo("run")}`,
  ];
  return steps.map((step, i) => `  ${i + 1}. ${step}`);
}

/** Whether a config in this folder finds what it imports. */
function isInstalled(): boolean {
  try {
    createRequire(resolve(written)).resolve("interlock");
    return true;
  } catch {
    return false;
  }
}
