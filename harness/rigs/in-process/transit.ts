import { LinkBroken, type Server, type StatementAt, type Written } from "../../../contracts/in-process.ts";
import { MysqlError } from "../../../contracts/mysql-errors.ts";
import type { Millis } from "../../../contracts/values.ts";
import {
  type Back,
  type Carriers,
  carryOut,
  type Deed,
  type Meant,
  type Surge,
} from "../../schedule/effect.ts";
import { effectOf } from "../../schedule/faults.ts";
import type { Fault, LinkName, Site } from "../../schedule/schedule.ts";
import type { FaultPlane } from "../fault-plane.ts";
import type { VirtualClock } from "./clock.ts";
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
  /** Given what its server says, and which of these calls it is, from 1. */
  effect: (server: Server, occurrence: number) => Promise<T>;
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

/**
 * What the rest of the rig does for an effect; null where it could do nothing. `near` is the end of the call at which the
 * process is that is meant.
 */
export interface Actions {
  /** Told just before a fault that takes hold is carried out. */
  fired(fault: Fault, site: Site): void;
  killProcess(which: Meant, near: SimulatedProcess, back: Back): (() => void) | null;
  pauseProcess(which: Meant, near: SimulatedProcess, ms: Millis): (() => void) | null;
  stopProcess(which: Meant, near: SimulatedProcess, graceMs: Millis, back: Back): (() => void) | null;
  surgeProcess(which: Meant, near: SimulatedProcess, surge: Surge): (() => void) | null;
  skewProcess(which: Meant, near: SimulatedProcess, ms: Millis): (() => void) | null;
  setSystem(setting: string, value: number): (() => void) | null;
  shareCalls(release: string, percent: number): (() => void) | null;
  /** The job is null where the workload has only one. */
  cancelJob(job: number | null): (() => void) | null;
}

export interface Plane {
  clock: VirtualClock;
  faults: FaultPlane;
  actions: Actions;
}

/** Brings a call to its effect and the reply back, breaking on the way whatever is planned for these sites. */
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
  const occurrence = faults.nextOccurrence(link, operation, passage.job);
  const own = faults.nextOccurrenceBy(by.name, link, operation, passage.job);
  const before: Site = { link, operation, job: passage.job, occurrence, phase: "before" };
  const refusal = refusalOn(plane, link);
  const hits = refusal === null ? faults.reach(before, by.name, own) : [];
  const way = refusal ?? (hits.length === 0 ? clear : await breaks(plane, passage, before, hits));
  // Whoever was killed or paused before the call sends nothing, or sends it later.
  if (!by.running) await by.gate();
  await clock.sleep(1 + 4 * by.random(link));
  if (way.answer !== undefined) return way.answer;
  if (way.broken !== undefined) throw way.broken;
  if (to?.closed) throw new LinkBroken("refused");
  if (to !== null && !to.running) await to.gate();

  const server: Server = (statement, written) => ask(plane, passage, { ...before, statement }, own, written);
  const arrive = () => (to === null ? effect(server, occurrence) : to.whileAlive(effect(server, occurrence)));
  if (serviceMs > 0) await clock.sleep(serviceMs);
  if (way.duplicate) await arrive().catch(() => {});
  const value = await arrive();

  const job = passage.jobOf?.(value) ?? passage.job;
  const isKnown = job === passage.job;
  const at = isKnown ? occurrence : faults.nextOccurrence(link, operation, job);
  const ownAt = isKnown ? own : faults.nextOccurrenceBy(by.name, link, operation, job);
  const after: Site = { link, operation, job, occurrence: at, phase: "after" };
  const hitsBack = faults.reach(after, by.name, ownAt);
  const back = hitsBack.length === 0 ? clear : await breaks(plane, passage, after, hitsBack);
  if (back.answer !== undefined) return back.answer;
  if (back.broken !== undefined) throw back.broken;
  await clock.sleep(1 + 4 * by.random(link));
  return value;
}

interface Way<T> {
  broken?: LinkBroken | MysqlError;
  answer?: T;
  duplicate?: boolean;
}

/** What becomes of every call on a link at present; null: it goes its way. */
function refusalOn({ faults, clock }: Plane, link: LinkName): Way<never> | null {
  const now = clock.now();
  if (faults.isOut(link, now)) return { broken: new LinkBroken("refused") };
  const errno = faults.refusalOn(link, now);
  return errno === null ? null : { broken: new MysqlError(errno) };
}

/** One statement of a call that is being served. Throws what the server says to it. */
function ask(
  { clock, faults, actions }: Plane,
  { by }: Pick<Passage<unknown>, "by">,
  site: StatementSite,
  own: number,
  written: Written | undefined,
): void {
  for (const fault of faults.reach(site, by.name, own)) {
    const effect = effectOf(fault);
    // No other kind of fault comes to one statement.
    if (effect.does !== "deny" && (effect.does !== "fill" || written === undefined)) continue;
    faults.fire(fault);
    actions.fired(fault, site);
    if (effect.does === "deny") throw new MysqlError(effect.errno, written?.table);
    faults.fill((written as Written).table, clock.now() + effect.ms);
  }
  if (written !== undefined && faults.refusesRoom(written, clock.now()))
    throw new MysqlError(1114, written.table);
}

type StatementSite = Site & { statement: StatementAt };

/** Nearly every call passes nearly every site like this. */
const clear: Way<never> = {};

/** What the faults at one site do to a call that is just there. */
async function breaks<T>(
  plane: Plane,
  { by, to, answer }: Passage<T>,
  site: Site,
  hits: readonly Fault[],
): Promise<Way<T>> {
  const way: Way<T> = {};
  for (const fault of hits) {
    const deed = carryOut(carriers, effectOf(fault), { plane, by, to, answer, site, way });
    if (deed === null) continue;
    plane.faults.fire(fault);
    plane.actions.fired(fault, site);
    const wait = deed();
    if (wait !== undefined) await wait;
  }
  return way;
}

/** A call at a site where something is to happen to it. */
interface Hit extends Pick<Passage<unknown>, "by" | "to"> {
  plane: Plane;
  answer: ((status: number) => unknown) | undefined;
  site: Site;
  way: Way<unknown>;
}

/** Each effect under the virtual clock; null where it could do nothing. */
export const carriers: Carriers<Hit, Deed | null> = {
  end:
    ({ how }, { site, way }) =>
    () => {
      way.broken = how === "reset" ? cutOff(site) : new LinkBroken(how);
    },
  answer:
    ({ status }, { answer, site, way }) =>
    () => {
      if (answer === undefined) way.broken = cutOff(site);
      else way.answer = answer(status);
    },
  hold:
    ({ ms }, { plane }) =>
    () =>
      plane.clock.sleep(ms),
  // Its link has no connections that others use.
  stall:
    ({ ms }, { plane }) =>
    () =>
      plane.clock.sleep(ms),
  repeat:
    (_, { way }) =>
    () => {
      way.duplicate = true;
    },
  refuse:
    ({ ms, errno }, { plane, site, way }) =>
    () => {
      plane.faults.refuse(site.link, plane.clock.now() + ms, errno);
      way.broken = errno === undefined ? cutOff(site) : new MysqlError(errno);
    },
  // The first statement of the call: nothing has been done by then.
  deny:
    ({ errno }, { way }) =>
    () => {
      way.broken = new MysqlError(errno);
    },
  // It is carried out at a statement, and fires there.
  fill: () => null,
  kill: (effect, hit) => {
    const { plane, to, site, way } = hit;
    const kill = plane.actions.killProcess(effect, near(effect, hit), effect.back);
    if (kill === null) return null;
    return () => {
      kill();
      if (isMeant(effect, to)) way.broken = cutOff(site);
    };
  },
  pause: (effect, hit) => hit.plane.actions.pauseProcess(effect, near(effect, hit), effect.ms),
  stop: (effect, hit) =>
    hit.plane.actions.stopProcess(effect, near(effect, hit), effect.graceMs, effect.back),
  surge: (effect, hit) => hit.plane.actions.surgeProcess(effect, near(effect, hit), effect),
  skew: (effect, hit) => hit.plane.actions.skewProcess(effect, near(effect, hit), effect.ms),
  set: ({ setting, value }, { plane }) => plane.actions.setSystem(setting, value),
  share: ({ release, percent }, { plane }) => plane.actions.shareCalls(release, percent),
  // It is carried out at a statement of the transaction, and fires there.
  overtake: () => null,
  cancel: (_, { plane, site }) => plane.actions.cancelJob(site.job),
};

const near = (which: Meant, { by, to }: Pick<Hit, "by" | "to">): SimulatedProcess =>
  to !== null && isMeant(which, to) ? to : by;

/** Whether it is the process of that name, or without a name one of that kind: `api` and `api-2` are APIs. */
const isMeant = ({ process: kind, name }: Meant, process: SimulatedProcess | null): boolean =>
  process !== null &&
  (name === undefined ? process.name === kind || process.name.startsWith(`${kind}-`) : process.name === name);

/** The request never arrives, or the reply to it is lost. */
const cutOff = ({ phase }: Site): LinkBroken => new LinkBroken(phase === "before" ? "refused" : "reset");
