import { setTimeout as delay } from "node:timers/promises";
import type { Millis } from "../../../../../contracts/values.ts";
import type { Back } from "../../../../schedule/effect.ts";
import type { ProcessName, Schedule } from "../../../../schedule/schedule.ts";
import { startedBeside, startedHow } from "../../../injected.ts";
import type { ContainersRig } from "../../system/open-rig.ts";
import type { ProcessHandle } from "../../system/process-handle.ts";
import { generationsOf } from "../../system/releases.ts";
import type { RunningWorker } from "../../system/system.ts";
import type { Actions, Paused, Stop, Surging } from "../carriers.ts";
import type { ScheduleLife } from "../life.ts";
import { databaseAnswers } from "./database-answers.ts";
import { victimOf } from "./victims.ts";

/** Between two looks at whether a worker has asked for work. */
const lookMs: Millis = 5;

/** What happens to the processes of a rig during one schedule. */
export class ProcessEvents {
  /** Events that are under way, and restarts and resumptions that are still to come. */
  pending = 0;
  /** Those for which jobs that follow one another wait. */
  #awaited = 0;
  /** Rejects when the engine did not do what it was told. */
  readonly trouble: Promise<never>;
  readonly #rig: ContainersRig;
  readonly #scale: number;
  /** Processes that never come back. */
  readonly #gone = new Set<ProcessHandle>();
  /** Those whose next life has begun beside them. */
  readonly #replaced = new Set<ProcessHandle>();
  /** Of these, those that are not started again. */
  readonly #retired = new Set<ProcessHandle>();
  /** Releases that processes are of from their next life on. */
  readonly #next = new Map<ProcessHandle, string>();
  #workers: readonly RunningWorker[] = [];
  #raise: (error: unknown) => void = () => {};

  constructor(rig: ContainersRig) {
    this.#rig = rig;
    this.#scale = rig.clockwork.timeScale;
    this.trouble = new Promise((_, reject) => {
      this.#raise = reject;
    });
    this.trouble.catch(() => {});
  }

  /** The workers of the schedule that are not dead for ever. */
  get living(): readonly RunningWorker[] {
    return this.#workers.filter(({ handle }) => handle === null || !this.#gone.has(handle));
  }

  /** What faults do to processes, as the history of a life tells it. */
  actions(life: () => ScheduleLife): Pick<Actions, "kill" | "pause" | "stop" | "surge"> {
    return {
      kill: (which, by, back) => this.kill(life(), which, by, back),
      pause: (which, by, ms) => this.pause(life(), which, by, ms),
      stop: (which, by, stop) => this.stop(life(), which, by, stop),
      surge: (which, by, surge) => this.surge(life(), which, by, surge),
    };
  }

  /** The names of all workers that there are or have been. */
  get workers(): readonly string[] {
    return [...new Set([...this.#rig.workers, ...this.#workers].map(({ name }) => name))];
  }

  /** The name of a process as schedules have it. */
  plannedName(name: string): string {
    return this.#workers.find((worker) => worker.name === name)?.planned ?? name;
  }

  /** Lets exactly the workers run that a schedule is about; the others stand still. */
  async onlyNeeded(schedule: Schedule): Promise<void> {
    const needed = generationsOf(schedule);
    const isNeeded = ({ generation, index }: RunningWorker) =>
      needed.includes(generation) && index <= schedule.workload.workers;
    this.#workers = this.#rig.workers.filter(isNeeded);
    await Promise.all(
      this.#rig.workers.map(async (worker) =>
        isNeeded(worker) ? await worker.handle?.resume() : await worker.handle?.pause(),
      ),
    );
  }

  /**
   * Null of a process that is dead already; but a version step changes its next life also while it is down.
   * @returns what resolves with the name of the process that died, if one did
   */
  kill(
    life: ScheduleLife,
    which: ProcessName,
    by: string,
    { ms, release }: Back,
  ): (() => Promise<string | null>) | null {
    const victim = this.#victim(which, by);
    if (victim === undefined || this.#gone.has(victim)) return null;
    if (victim.state === "dead" && release === undefined) return null;
    return async () => {
      let died: string | null = null;
      const killed = this.#told(async () => {
        if (release !== undefined) this.#next.set(victim, release);
        if (!(await victim.kill())) return;
        died = victim.name;
        const component = nameOf(which, victim);
        const detail = ms === null ? "for ever" : `for ${ms} ms`;
        life.record({ kind: "component", component, what: "exited", detail });
        if (ms === null) return void this.#gone.add(victim);
        void this.#whileAwaited(this.#later(ms, () => this.#startAgain(life, which, victim)));
      });
      await this.#whileAwaited(killed);
      return died;
    };
  }

  /** Null of a process that does not run; but a version step changes its next life also while it is down. */
  stop(
    life: ScheduleLife,
    which: ProcessName,
    by: string,
    { graceMs, back, holdOthers }: Stop,
  ): (() => Promise<void>) | null {
    const victim = this.#victim(which, by);
    if (victim === undefined || this.#gone.has(victim)) return null;
    const isDown = victim.state === "dead" && back.release !== undefined;
    if (!isDown && victim.state !== "running") return null;
    return () => {
      const stopped = this.#told(async () => {
        if (back.release !== undefined) this.#next.set(victim, back.release);
        const asked = await victim.askToEnd();
        if (asked === null) return;
        const component = nameOf(which, victim);
        life.record({ kind: "component", component, what: "stopping", detail: `within ${graceMs} ms` });
        const { life: asLife } = victim;
        const over = Promise.race([asked.ended, delay(graceMs * this.#scale)]);
        const end = async () => {
          // It may have been killed meanwhile, and be there again.
          const isThere = victim.state === "ending" && victim.life === asLife;
          const kill = isThere ? this.kill(life, which, victim.name, back) : null;
          if (kill !== null) await holdOthers(kill());
        };
        void this.#whileAwaited(this.#after(over, end));
      });
      return this.#whileAwaited(stopped);
    };
  }

  /** Resolves when no process is on its way down and up again. */
  async up(): Promise<void> {
    while (this.#awaited > 0) await delay(lookMs);
  }

  async #whileAwaited(event: Promise<void>): Promise<void> {
    this.#awaited += 1;
    await event.finally(() => {
      this.#awaited -= 1;
    });
  }

  async #startAgain(life: ScheduleLife, which: ProcessName, victim: ProcessHandle): Promise<void> {
    if (victim.state !== "dead" || this.#retired.has(victim)) return;
    const next = this.#next.get(victim);
    this.#next.delete(victim);
    const build = next === undefined ? undefined : await this.#rig.startAs(victim, next);
    // Nobody has met a life that was killed before it answered.
    if (build === null) return;
    if (next === undefined) await victim.start();
    if (which === "database") await databaseAnswers(this.#rig);
    const component = nameOf(which, victim);
    life.record({ kind: "component", component, what: "started", detail: startedHow(next), build });
  }

  /** Null of a process that does not run. */
  pause(life: ScheduleLife, which: ProcessName, by: string, ms: Millis): (() => Promise<Paused>) | null {
    const victim = this.#victim(which, by);
    if (victim === undefined || victim.state !== "running") return null;
    return async () => {
      const { promise: resumed, resolve } = Promise.withResolvers<void>();
      await this.#told(async () => {
        if (!(await victim.pause())) return resolve();
        const component = nameOf(which, victim);
        life.record({ kind: "component", component, what: "paused", detail: `for ${ms} ms` });
        void this.#later(ms, async () => {
          await victim.resume();
          resolve();
          life.record({ kind: "component", component, what: "resumed", detail: "" });
        });
      });
      return { resumed };
    };
  }

  /** Null of a process that does not run, or has its next life beside it already. */
  surge(
    life: ScheduleLife,
    which: ProcessName,
    by: string,
    { ms, graceMs, release, holdOthers }: Surging,
  ): (() => Promise<void>) | null {
    const victim = this.#victim(which, by);
    if (victim?.state !== "running" || this.#replaced.has(victim)) return null;
    return () =>
      this.#told(async () => {
        this.#replaced.add(victim);
        const { worker, build } = await this.#rig.startBeside(victim, release);
        this.#workers = [...this.#workers, worker];
        const { name: component } = worker;
        const detail = startedBeside(victim.name, release);
        life.record({ kind: "component", component, what: "started", detail, build });
        // Its start comes on top, as that of any process.
        void this.#after(this.#begun(life, component), () =>
          this.#later(ms, () => this.#retire(life, victim, graceMs, component, holdOthers)),
        );
      });
  }

  /** Whoever has died meanwhile, and would be started again, is not. */
  async #retire(
    life: ScheduleLife,
    victim: ProcessHandle,
    graceMs: Millis,
    next: string,
    holdOthers: Surging["holdOthers"],
  ): Promise<void> {
    this.#retired.add(victim);
    const { name: component } = victim;
    const end = async (): Promise<string | null> => {
      const died = await victim.kill();
      this.#gone.add(victim);
      life.record({ kind: "component", component, what: "retired", detail: `${next} is in its place` });
      return died ? component : null;
    };
    if (victim.state === "dead") return void (await end());
    const asked = await victim.askToEnd();
    life.record({ kind: "component", component, what: "stopping", detail: `within ${graceMs} ms` });
    const grace = delay(graceMs * this.#scale);
    void this.#after(Promise.race(asked === null ? [grace] : [asked.ended, grace]), () => holdOthers(end()));
  }

  /** Resolves when a worker that was started asks for work, or when it is too late for that. */
  async #begun(life: ScheduleLife, worker: string): Promise<void> {
    const limit = performance.now() + this.#rig.config.limits.readyMs;
    while (!life.haveAsked([worker], 0) && performance.now() < limit) await delay(lookMs);
  }

  /**
   * Leaves the processes that there were at first: starts those that died for ever, ends those that came later.
   * @returns the workers among those that were started
   */
  async restore(): Promise<readonly RunningWorker[]> {
    const first = new Set(this.#rig.workers.map(({ handle }) => handle));
    const later = this.#workers.flatMap(({ handle }) =>
      handle === null || first.has(handle) ? [] : [handle],
    );
    const gone = [...this.#gone].filter((handle) => !later.includes(handle));
    await Promise.all([...gone.map((handle) => handle.start()), ...later.map((handle) => handle.kill())]);
    this.#gone.clear();
    return this.#workers.filter(({ handle }) => handle !== null && gone.includes(handle));
  }

  #victim(which: ProcessName, wanted: string): ProcessHandle | undefined {
    return victimOf({ ...this.#rig, workers: this.#workers }, which, wanted)?.handle ?? undefined;
  }

  #later = (ms: Millis, what: () => Promise<void>): Promise<void> =>
    this.#after(delay(ms * this.#scale), what);

  /** Never rejects: trouble is told, and stays pending. */
  async #after(moment: Promise<unknown>, what: () => Promise<void>): Promise<void> {
    this.pending += 1;
    try {
      await moment;
      await this.#told(what);
      this.pending -= 1;
    } catch {}
  }

  async #told(event: () => Promise<void>): Promise<void> {
    this.pending += 1;
    try {
      await event();
    } catch (error) {
      this.#raise(error);
      throw error;
    } finally {
      this.pending -= 1;
    }
  }
}

const nameOf = (which: ProcessName, { name }: ProcessHandle): string => (which === "database" ? which : name);
