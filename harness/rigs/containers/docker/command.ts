import { writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { execa } from "execa";
import { makeFolder } from "../../../make-folder.ts";
import type { LogFile } from "./log-file.ts";
import type { Owner } from "./owner.ts";
import { killGroup, processNote } from "./process-notes.ts";

export interface StartedCommand {
  /** The head of its process group. */
  pid: number;
  /** Resolves with how it ended when the process ends. */
  exited: Promise<string>;
  stop(): Promise<void>;
}

/** Grace between SIGTERM and SIGKILL. */
const stopMs = 5_000;

/**
 * Starts a component as a process of this machine, at the head of a process group, so that what it starts ends with it.
 * It is noted in the run's folder, so that a later sweep finds it.
 */
export async function startCommand(
  name: string,
  argv: readonly string[],
  env: Record<string, string>,
  run: { folder: string; owner: Owner },
  log: LogFile,
  cwd: string = process.cwd(),
): Promise<StartedCommand> {
  const [file, ...rest] = argv as [string, ...string[]];
  const notes = join(run.folder, "processes");
  const note = join(notes, `${name}.json`);
  makeFolder(notes, 0o700);
  const child = execa(file, rest, {
    cwd,
    env,
    all: true,
    buffer: false,
    reject: false,
    stdin: "ignore",
    detached: true,
    cleanup: false,
  });
  const { pid } = child;
  if (pid === undefined) {
    const { cause, shortMessage } = await child;
    throw cause instanceof Error ? cause : new Error(shortMessage);
  }
  // At once: a run that is killed before it has written this would leave the process to nobody.
  writeFileSync(note, JSON.stringify(processNote(pid, run.owner)), { mode: 0o600 });
  const lines = new PassThrough();
  child.all.pipe(lines);
  log.follow(lines);
  let alive = true;
  const signalGroup = (signal: NodeJS.Signals) => {
    if (alive) killGroup(pid, signal);
  };
  // Also where this process leaves at once, as on a second Ctrl-C.
  const leaving = () => signalGroup("SIGKILL");
  process.once("exit", leaving);
  // The process's own end, not that of its output, which a process that it started may still hold.
  const exited = new Promise<string>((resolve) => {
    child.nodeChildProcess.once("exit", (code, signal) => {
      signalGroup("SIGKILL");
      alive = false;
      process.off("exit", leaving);
      resolve(code === null ? `it was ended by ${signal}` : `it exited with code ${code}`);
    });
  });
  return {
    pid,
    exited,
    stop: async () => {
      signalGroup("SIGTERM");
      const timer = setTimeout(() => signalGroup("SIGKILL"), stopMs);
      await exited;
      clearTimeout(timer);
      await rm(note, { force: true });
    },
  };
}

/** A port of loopback that is free now. The process that gets it must take it soon. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
