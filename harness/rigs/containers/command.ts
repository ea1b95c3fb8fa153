import { mkdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { execa } from "execa";
import type { LogFile } from "./log-file.ts";
import type { Owner } from "./owner.ts";
import { processNote } from "./sweep.ts";

export interface StartedCommand {
  /** Resolves with how it ended when the process ends. */
  exited: Promise<string>;
  stop(): Promise<void>;
}

/** Grace between SIGTERM and SIGKILL. */
const stopMs = 5_000;

/** Starts a component as a process of this machine and notes it, so that a later sweep can find it. */
export async function startCommand(
  name: string,
  argv: readonly string[],
  env: Record<string, string>,
  run: { folder: string; owner: Owner },
  log: LogFile,
): Promise<StartedCommand> {
  const [file, ...rest] = argv as [string, ...string[]];
  const child = execa(file, rest, {
    env,
    all: true,
    buffer: false,
    reject: false,
    stdin: "ignore",
    forceKillAfterDelay: stopMs,
  });
  const lines = new PassThrough();
  child.all.pipe(lines);
  log.follow(lines);
  const exited = child.then((result) => {
    if (result.exitCode !== undefined) return `it exited with code ${result.exitCode}`;
    return result.signal === undefined
      ? `it could not be started: ${result.shortMessage}`
      : `it was ended by ${result.signal}`;
  });
  const note = join(run.folder, "processes", `${name}.json`);
  if (child.pid !== undefined) {
    await mkdir(join(run.folder, "processes"), { recursive: true });
    await writeFile(note, JSON.stringify(processNote(child.pid, run.owner)));
  }
  return {
    exited,
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
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
