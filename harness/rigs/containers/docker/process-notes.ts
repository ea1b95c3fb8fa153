import { lstat, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { bornAt, isDead, isHere, type Owner } from "./owner.ts";
import type { Choice } from "./sweep.ts";

/** The least pid that a run can have started: a signal to group 1 would be one to every process. */
const leastPid = 2;

const text = z.string();
const noteSchema = z.object({
  pid: z.int().min(leastPid),
  born: text,
  owner: z.object({
    run: text,
    pid: z.number(),
    born: text,
    place: z.object({ host: text, machine: text, boot: text, namespace: text }),
  }),
});

/** A process that a run started on this machine, the head of a group; noted in the run's folder at once. */
export type ProcessNote = z.output<typeof noteSchema>;

export const processNote = (pid: number, owner: Owner): ProcessNote => ({ pid, born: bornAt(pid), owner });

/** A note has some hundred bytes. */
const mostBytes = 64 * 1024;

/**
 * Ends the noted processes of the chosen runs: the same pid and the same birth, so never somebody else's. A note whose
 * process cannot be ended from here, since it lacks the right or cannot see it, stays.
 */
export async function sweepProcesses(runsFolder: string, chosen: Choice): Promise<number> {
  let ended = 0;
  for (const run of await readdir(runsFolder).catch(() => [])) {
    const folder = join(runsFolder, run, "processes");
    for (const name of await readdir(folder).catch(() => [])) {
      const file = join(folder, name);
      const note = await readNote(file);
      if (note === null || !chosen(note.owner)) continue;
      const what = endProcess(note);
      if (what === "beyond") continue;
      if (what === "ended") ended += 1;
      await rm(file, { force: true });
    }
  }
  return ended;
}

function endProcess({ pid, born, owner }: ProcessNote): "ended" | "gone" | "beyond" {
  if (!isHere(owner.place)) return isDead(owner) ? "gone" : "beyond";
  if (born === "" || bornAt(pid) !== born) return "gone";
  try {
    killGroup(pid, "SIGKILL");
    return "ended";
  } catch {
    return "beyond";
  }
}

/** Another sweep may have removed it, a run may be writing it, and it may be no note at all: null then. */
async function readNote(file: string): Promise<ProcessNote | null> {
  try {
    const what = await lstat(file);
    if (!what.isFile() || what.size > mostBytes) return null;
    return noteSchema.safeParse(JSON.parse(await readFile(file, "utf8"))).data ?? null;
  } catch {
    return null;
  }
}

/** Signals a process and all that it started; one that is gone is as good as signalled. */
export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
