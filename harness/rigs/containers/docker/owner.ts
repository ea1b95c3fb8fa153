import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** Who owns a container, network or process: the labels that a sweep goes by. Nothing without them is ever touched. */
export interface Owner {
  run: string;
  pid: number;
  /** When that process was born, in the kernel's ticks: a later process may get the same pid. */
  born: string;
  host: string;
}

const prefix = "interlock";
export const runLabel = `${prefix}.run`;
export const componentLabel = `${prefix}.component`;

export const ownerOf = (run: string): Owner => ({
  run,
  pid: process.pid,
  born: bornAt(process.pid),
  host: hostname(),
});

export const ownerLabels = ({ run, pid, born, host }: Owner): Record<string, string> => ({
  [runLabel]: run,
  [`${prefix}.pid`]: String(pid),
  [`${prefix}.born`]: born,
  [`${prefix}.host`]: host,
});

export const ownerFromLabels = (labels: Record<string, string>): Owner => ({
  run: labels[runLabel] ?? "",
  pid: Number(labels[`${prefix}.pid`] ?? 0),
  born: labels[`${prefix}.born`] ?? "",
  host: labels[`${prefix}.host`] ?? "",
});

/** Whether the owner's process is gone. One on another host cannot be judged from here and counts as alive. */
export function isDead({ pid, born, host }: Owner): boolean {
  if (host !== hostname()) return false;
  if (!Number.isInteger(pid) || pid <= 0) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
  return bornAt(pid) !== born;
}

/** Start time of a process from /proc, "" where there is none to read (other systems go by the pid alone). */
export function bornAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command name may hold blanks and brackets: fields are counted from behind its last bracket.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
