import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Who owns a container, network or process: the labels that a sweep goes by. Nothing without them is ever touched. */
export interface Owner {
  run: string;
  pid: number;
  /** When that process was born, in the kernel's ticks: a later process may get the same pid. */
  born: string;
  /** Where its pid means something. */
  place: Place;
}

/** A table of processes. Parts that this system does not tell are "". */
export interface Place {
  host: string;
  /** The machine's own id, which it keeps when it is started anew. */
  machine: string;
  /** One start of the machine's kernel. */
  boot: string;
  /** The PID namespace: containers of one machine may share a host name, and count their processes apart. */
  namespace: string;
}

const prefix = "interlock";
export const runLabel = `${prefix}.run`;
export const componentLabel = `${prefix}.component`;

/** Where this process runs. */
export const here: Place = {
  host: hostname(),
  machine: told(() => readFileSync("/etc/machine-id", "utf8")),
  boot: told(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8")),
  namespace: told(() => readlinkSync("/proc/self/ns/pid")),
};

const placeParts = Object.keys(here) as (keyof Place)[];

export const ownerOf = (run: string): Owner => ({
  run,
  pid: process.pid,
  born: bornAt(process.pid),
  place: here,
});

export const ownerLabels = ({ run, pid, born, place }: Owner): Record<string, string> => ({
  [runLabel]: run,
  [`${prefix}.pid`]: String(pid),
  [`${prefix}.born`]: born,
  ...Object.fromEntries(placeParts.map((part) => [`${prefix}.${part}`, place[part]])),
});

export function ownerFromLabels(labels: Record<string, string>): Owner {
  const label = (name: string) => labels[name] ?? "";
  return {
    run: label(runLabel),
    pid: Number(label(`${prefix}.pid`)),
    born: label(`${prefix}.born`),
    place: Object.fromEntries(placeParts.map((part) => [part, label(`${prefix}.${part}`)])) as Record<
      keyof Place,
      string
    >,
  };
}

/** Whether the pids of that place are those that this process sees. */
export const isHere = (place: Place): boolean => placeParts.every((part) => place[part] === here[part]);

/**
 * Whether the owner's process is gone. One on another machine or in another PID namespace cannot be judged from here and
 * counts as alive; one of this machine from before its last start is gone.
 */
export function isDead({ pid, born, place }: Owner): boolean {
  if (isEarlierStart(place)) return true;
  if (!isHere(place)) return false;
  if (!Number.isInteger(pid) || pid <= 0) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
  return bornAt(pid) !== born;
}

const isEarlierStart = ({ host, machine, boot }: Place): boolean =>
  host === here.host &&
  machine !== "" &&
  machine === here.machine &&
  boot !== "" &&
  here.boot !== "" &&
  boot !== here.boot;

function told(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return "";
  }
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
