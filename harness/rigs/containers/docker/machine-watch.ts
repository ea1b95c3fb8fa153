import { cpus } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Millis } from "../../../../contracts/values.ts";
import type { ComponentUse, MachineEvent } from "../../../history/event.ts";
import { type CpuTime, CpuTimes, type Seat, textOf } from "./cpu-time.ts";
import type { Docker } from "./engine.ts";

/** Between two looks, in real time. */
const everyMs: Millis = 500;
/** How often the event loop is asked whether it is late. */
const resolutionMs: Millis = 20;

/** A component of the run, with its seat as it is now. */
export interface Watched {
  name: string;
  seat: () => Seat;
}

/** All clocks of CPU time as they stand at one moment. */
interface Clocks {
  now: Millis;
  ownMs: Millis;
  busyMs: Millis | null;
  waitedMs: Millis | null;
  components: Readonly<Record<string, CpuTime>>;
}

/**
 * Watches what this machine does during a run: Interlock's own event loop, everybody's CPU time, and that of each
 * component. It tells of each half second, and of the rest when it is `finished`.
 */
export class MachineWatch {
  readonly #watched: readonly Watched[];
  readonly #times: CpuTimes;
  readonly #tell: (event: MachineEvent) => void;
  readonly #delay = monitorEventLoopDelay({ resolution: resolutionMs });
  readonly #timer: NodeJS.Timeout;
  #before: Clocks | null = null;
  /** Looks follow one another, however long one takes. */
  #last: Promise<void>;
  #isLooking = false;

  constructor(docker: Docker, watched: readonly Watched[], tell: (event: MachineEvent) => void) {
    this.#watched = watched;
    this.#times = new CpuTimes(docker);
    this.#tell = tell;
    this.#delay.enable();
    this.#last = this.#look();
    this.#timer = setInterval(() => {
      if (!this.#isLooking) this.#last = this.#look();
    }, everyMs);
  }

  /** Takes the last look. */
  async finished(): Promise<void> {
    clearInterval(this.#timer);
    await this.#last;
    await this.#look();
    this.#delay.disable();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#delay.disable();
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    const lagMs = Math.max(0, this.#delay.max / 1e6 - resolutionMs);
    this.#delay.reset();
    const clocks = await this.#read();
    if (this.#before !== null) this.#tell(machineEvent(this.#before, clocks, lagMs, cpus().length));
    this.#before = clocks;
    this.#isLooking = false;
  }

  async #read(): Promise<Clocks> {
    const read = await Promise.all(
      this.#watched.map(async ({ name, seat }) => [name, await this.#times.reader(seat())] as const),
    );
    // From here on in one turn: on a starved machine a wait for one clock would falsify the others.
    const components = Object.fromEntries(read.map(([name, clock]) => [name, clock()]));
    const stat = textOf("/proc/stat");
    const pressure = textOf("/proc/pressure/cpu");
    const { user, system } = process.cpuUsage();
    return {
      now: performance.now(),
      ownMs: (user + system) / 1e3,
      busyMs: stat === null ? busyByNode() : busyIn(stat),
      waitedMs: pressure === null ? null : waitedIn(pressure),
      components,
    };
  }
}

/** What happened between two looks. */
export function machineEvent(before: Clocks, after: Clocks, lagMs: Millis, cores: number): MachineEvent {
  const passed = (from: Millis | null, to: Millis | null) =>
    // A clock that went back belongs to a new life.
    from === null || to === null ? null : to < from ? to : to - from;
  const components = Object.entries(after.components).map(([name, { usedMs, heldMs }]) => {
    const was = before.components[name];
    const use: ComponentUse = {
      usedMs: passed(was?.usedMs ?? null, usedMs),
      heldMs: passed(was?.heldMs ?? 0, heldMs) ?? 0,
    };
    return [name, use] as const;
  });
  return {
    kind: "machine",
    ms: after.now - before.now,
    cores,
    lagMs: Number.isFinite(lagMs) ? lagMs : 0,
    ownMs: after.ownMs - before.ownMs,
    busyMs: passed(before.busyMs, after.busyMs),
    waitedMs: passed(before.waitedMs, after.waitedMs),
    components: Object.fromEntries(components),
  };
}

/** The kernel counts in hundredths of a second: user, nice, system, idle, iowait, irq, softirq, steal. */
export function busyIn(stat: string): Millis | null {
  const [user, nice, system, , , irq, softirq, steal] = (/^cpu +(.*)$/m.exec(stat)?.[1] ?? "")
    .split(" ")
    .map(Number);
  const all = [user, nice, system, irq, softirq, steal];
  return all.some((ticks) => ticks === undefined || Number.isNaN(ticks))
    ? null
    : all.reduce<number>((sum, ticks) => sum + (ticks as number) * 10, 0);
}

const busyByNode = (): Millis =>
  cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);

/** `some … total=` in microseconds: at least one task was ready and had no core. */
export function waitedIn(pressure: string): Millis | null {
  const total = /^some .*\btotal=(\d+)/m.exec(pressure)?.[1];
  return total === undefined ? null : Number(total) / 1e3;
}
