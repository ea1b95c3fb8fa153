import { LinkBroken, type Reply } from "../../../contracts/in-process.ts";
import type { Millis } from "../../../contracts/values.ts";
import type { Fault, LinkName, ProcessName, Site } from "../../schedule/schedule.ts";
import type { VirtualClock } from "./clock.ts";
import type { FaultPlane } from "./fault-plane.ts";
import type { SimulatedProcess } from "./process.ts";

/** One call on its way: who calls, where to, about what. */
export interface Passage<T> {
  link: LinkName;
  operation: string;
  /** Number of the job in the workload; null while the call is about none. */
  job: number | null;
  by: SimulatedProcess;
  /** The process that serves it; null where that is a server which never dies. */
  to: SimulatedProcess | null;
  effect: () => Promise<T>;
  /** The job that the outcome turned out to be about, for calls that did not know. */
  jobOf?: (value: T) => number | null;
  /** An answer of this status, on links that have answers. */
  answer?: (status: number) => T;
  /** How long the service takes. */
  serviceMs: Millis;
  signal?: AbortSignal | undefined;
  /** The caller gives up after so long. */
  limitMs?: Millis;
}

/** When a process that dies is up again, null: never; as another release, where one is named. */
export interface Back {
  ms: Millis | null;
  release?: string;
}

/** How a life that begins after a death is told of in the history. */
export const startedHow = (release: string | undefined): string =>
  release === undefined ? "again" : `as release ${release}`;

/** What the rest of the rig does when a fault says so. */
export interface Actions {
  fired(fault: Fault, site: Site): void;
  killProcess(which: ProcessName, caller: SimulatedProcess, back: Back): void;
  pauseProcess(which: ProcessName, caller: SimulatedProcess, ms: Millis): void;
  killJob(job: number | null): void;
}

export interface Plane {
  clock: VirtualClock;
  faults: FaultPlane;
  actions: Actions;
}

/** Brings a call to its effect and the reply back, breaking on the way whatever is planned for these places. */
export function transit<T>(plane: Plane, passage: Passage<T>): Promise<T> {
  const { clock } = plane;
  const { by, limitMs, signal } = passage;
  if (limitMs === undefined && signal === undefined) return by.learns(journey(plane, passage));
  return by.learns(
    new Promise<T>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => settle(() => reject(signal?.reason));
      const cancel =
        limitMs === undefined
          ? () => {}
          : clock.after(limitMs, () => settle(() => reject(new LinkBroken("timeout"))));
      const settle = (how: () => void) => {
        cancel();
        signal?.removeEventListener("abort", onAbort);
        how();
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      journey(plane, passage).then(
        (value) => settle(() => resolve(value)),
        (error) => settle(() => reject(error)),
      );
    }),
  );
}

async function journey<T>(plane: Plane, passage: Passage<T>): Promise<T> {
  const { clock, faults } = plane;
  const { link, operation, by, to, effect, serviceMs } = passage;
  if (!by.running) await by.gate();
  const occurrence = faults.count(link, operation, passage.job);
  const before: Site = { link, operation, job: passage.job, occurrence, phase: "before" };
  const hits = faults.isOut(link, clock.now()) ? null : faults.reach(before);
  const way =
    hits === null ? refused() : hits.length === 0 ? clear : await breaks(plane, passage, before, hits);
  // Whoever was killed or paused before the call sends nothing, or sends it later.
  if (!by.running) await by.gate();
  await clock.sleep(1 + 4 * by.random(link));
  if (way.answer !== undefined) return way.answer;
  if (way.broken !== undefined) throw way.broken;
  if (to?.dead) throw new LinkBroken("refused");
  if (to !== null && !to.running) await to.gate();

  const arrive = () => (to === null ? effect() : to.whileAlive(effect()));
  if (serviceMs > 0) await clock.sleep(serviceMs);
  if (way.duplicate) await arrive().catch(() => {});
  const value = await arrive();

  const job = passage.jobOf?.(value) ?? passage.job;
  const at = job === passage.job ? occurrence : faults.count(link, operation, job);
  const after: Site = { link, operation, job, occurrence: at, phase: "after" };
  const hitsBack = faults.reach(after);
  const back = hitsBack.length === 0 ? clear : await breaks(plane, passage, after, hitsBack);
  if (back.answer !== undefined) return back.answer;
  if (back.broken !== undefined) throw back.broken;
  await clock.sleep(1 + 4 * by.random(link));
  return value;
}

interface Way<T> {
  broken?: LinkBroken;
  answer?: T;
  duplicate?: boolean;
}

const refused = (): Way<never> => ({ broken: new LinkBroken("refused") });
/** Nearly every call passes nearly every place like this. */
const clear: Way<never> = {};

/** What the faults at one place do to a call that is just there. */
async function breaks<T>(
  plane: Plane,
  passage: Passage<T>,
  site: Site,
  hits: readonly Fault[],
): Promise<Way<T>> {
  const { clock, faults, actions } = plane;
  const way: Way<T> = {};
  for (const fault of hits) {
    actions.fired(fault, site);
    switch (fault.kind) {
      case "lost":
        way.broken = new LinkBroken(site.phase === "before" ? "refused" : "reset");
        break;
      case "truncated":
        way.broken = new LinkBroken("truncated");
        break;
      case "status":
        if (passage.answer === undefined)
          way.broken = new LinkBroken(site.phase === "before" ? "refused" : "reset");
        else way.answer = passage.answer(fault.status);
        break;
      case "late":
      case "half-open":
        await clock.sleep(fault.ms);
        break;
      case "duplicate":
        way.duplicate = true;
        break;
      case "outage":
        faults.refuse(site.link, clock.now() + fault.ms);
        way.broken = new LinkBroken(site.phase === "before" ? "refused" : "reset");
        break;
      case "kill":
      case "version":
        actions.killProcess(fault.process, passage.by, fault);
        if (fault.process === passage.to?.name)
          way.broken = new LinkBroken(site.phase === "before" ? "refused" : "reset");
        break;
      case "pause":
        actions.pauseProcess(fault.process, passage.by, fault.ms);
        break;
      case "kill-job":
        actions.killJob(site.job);
        break;
    }
  }
  return way;
}

/** An answer that the service never gave, in the form of the contracts. */
export const answerOf = (status: number): Reply => ({
  status,
  body: { error: `status ${status}`, text: `status ${status} by an injected fault`, severity: "error" },
});
