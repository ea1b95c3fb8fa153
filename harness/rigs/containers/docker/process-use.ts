import { readdirSync } from "node:fs";
import { type Seat, textOf } from "./cpu-time.ts";

/** What a component holds of the machine, all of its processes together. */
export interface ProcessUse {
  openFiles: number;
  /** Memory that is its own, without what is mapped from files. */
  memoryBytes: number;
}

/** What a component holds now; null where this machine's /proc does not show it, as with an engine elsewhere. */
export function processUse(seat: Seat): ProcessUse | null {
  const pids = processesOf(seat);
  const uses = pids.map(useOf);
  const known = uses.filter((use) => use !== null);
  if (known.length === 0 || known.length < uses.length) return null;
  return {
    openFiles: known.reduce((sum, { openFiles }) => sum + openFiles, 0),
    memoryBytes: known.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
  };
}

function processesOf({ containerId, pid }: Seat): string[] {
  const isOne = (process: string): boolean =>
    containerId === null
      ? groupIn(textOf(`/proc/${process}/stat`) ?? "") === pid
      : (textOf(`/proc/${process}/cgroup`) ?? "").includes(containerId);
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name) && isOne(name));
}

/** By the text of /proc/<pid>/stat; the command name before it may hold blanks and brackets. */
const groupIn = (stat: string): number => Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]);

function useOf(process: string): ProcessUse | null {
  const kib = /^RssAnon:\s+(\d+) kB$/m.exec(textOf(`/proc/${process}/status`) ?? "")?.[1];
  try {
    const openFiles = readdirSync(`/proc/${process}/fd`).length;
    return kib === undefined ? null : { openFiles, memoryBytes: Number(kib) * 1_024 };
  } catch {
    return null;
  }
}
