import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Millis } from "../../../../contracts/values.ts";
import type { Docker } from "./engine.ts";

/** CPU time since the start of a component. */
export interface CpuTime {
  /** Null where nothing tells it. */
  usedMs: Millis | null;
  /** How long a CPU quota kept it from running. */
  heldMs: Millis;
}

/** Where a component runs on this machine; both null for one that runs elsewhere. */
export interface Seat {
  containerId: string | null;
  /** The head of a process group. */
  pid: number | null;
}

export const notMeasured: CpuTime = { usedMs: null, heldMs: 0 };

/** Reads the CPU time of components; what cannot be read is not measured, and never a trouble of the run. */
export class CpuTimes {
  readonly #docker: Docker;
  readonly #files = new Map<string, Promise<CgroupFiles | null>>();

  constructor(docker: Docker) {
    this.#docker = docker;
  }

  /** What reads the clock of a component at once. */
  async reader({ containerId, pid }: Seat): Promise<() => CpuTime> {
    if (containerId === null)
      return () => (pid === null ? notMeasured : { usedMs: usedByGroup(pid), heldMs: 0 });
    const files = await this.#filesOf(containerId);
    if (files !== null) return () => cpuTimeIn(textOf(files.usage), textOf(files.stat));
    const asked = await this.#ask(containerId).catch(() => notMeasured);
    return () => asked;
  }

  /** A container keeps its cgroup from life to life. */
  #filesOf(id: string): Promise<CgroupFiles | null> {
    const known = this.#files.get(id);
    if (known !== undefined) return known;
    const found = this.#find(id).catch(() => null);
    this.#files.set(id, found);
    return found;
  }

  async #find(id: string): Promise<CgroupFiles | null> {
    const { State } = await this.#docker.getContainer(id).inspect();
    const files = cgroupFiles(textOf(`/proc/${State.Pid}/cgroup`) ?? "");
    // An engine on another kernel has process ids of its own, which lead to somebody else here.
    return files.usage.includes(id) && textOf(files.usage) !== null ? files : null;
  }

  /** Where its files are out of reach, as with Docker Desktop, the engine is asked itself; that takes it a second. */
  async #ask(id: string): Promise<CpuTime> {
    const told = await this.#docker.getContainer(id).stats({ stream: false, "one-shot": true });
    const { cpu_usage, throttling_data } = told.cpu_stats;
    return { usedMs: cpu_usage.total_usage / 1e6, heldMs: (throttling_data?.throttled_time ?? 0) / 1e6 };
  }
}

interface CgroupFiles {
  usage: string;
  stat: string;
}

const root = "/sys/fs/cgroup";

/** The files of a process's cgroup by the lines of /proc/<pid>/cgroup: `4:cpu,cpuacct:/docker/…`, or `0::/…` of version 2. */
export function cgroupFiles(lines: string): CgroupFiles {
  const all = lines.split("\n").map((line) => line.split(":") as [string, string, string]);
  const folderOf = (controller: string) => {
    const found = all.find(([, names]) => names?.split(",").includes(controller));
    return found === undefined ? null : join(root, found[1], found[2]);
  };
  const [usage, quota] = [folderOf("cpuacct"), folderOf("cpu")];
  if (usage !== null && quota !== null)
    return { usage: join(usage, "cpuacct.usage"), stat: join(quota, "cpu.stat") };
  const unified = all.find(([number, names]) => number === "0" && names === "");
  const stat = join(root, unified?.[2] ?? "/", "cpu.stat");
  return { usage: stat, stat };
}

/** Version 1 counts nanoseconds in a file of its own, version 2 microseconds in cpu.stat. */
export function cpuTimeIn(usage: string | null, stat: string | null): CpuTime {
  const value = (name: string): number | null => {
    const found = new RegExp(`^${name} (\\d+)$`, "m").exec(stat ?? "")?.[1];
    return found === undefined ? null : Number(found);
  };
  const [used, held] = [value("usage_usec"), value("throttled_usec")];
  if (used !== null) return { usedMs: used / 1e3, heldMs: (held ?? 0) / 1e3 };
  const nanos = /^\d+\s*$/.test(usage ?? "") ? Number(usage) : null;
  return { usedMs: nanos === null ? null : nanos / 1e6, heldMs: (value("throttled_time") ?? 0) / 1e6 };
}

/** The kernel counts a process's CPU time in hundredths of a second. */
const tickMs = 10;

/** Of the living processes of a group, and of their children that have ended; null where nothing tells it. */
function usedByGroup(pid: number): Millis | null {
  const stats = namesIn("/proc").flatMap((name) =>
    /^\d+$/.test(name) ? (textOf(`/proc/${name}/stat`) ?? []) : [],
  );
  return stats.length === 0 ? null : usedIn(stats, pid);
}

/** The same by the texts of /proc/<pid>/stat. The command name may hold blanks and brackets: fields are counted from behind it. */
export const usedIn = (stats: readonly string[], group: number): Millis =>
  stats
    .map((stat) =>
      stat
        .slice(stat.lastIndexOf(")") + 2)
        .split(" ")
        .map(Number),
    )
    .filter((fields) => fields[2] === group)
    .flatMap((fields) => fields.slice(11, 15))
    .reduce((sum, ticks) => sum + ticks * tickMs, 0);

/** The text of a file of the kernel's; null where there is none. */
export function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
