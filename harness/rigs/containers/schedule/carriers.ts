import { setTimeout as delay } from "node:timers/promises";
import type { Millis } from "../../../../contracts/values.ts";
import type { Way } from "../../../proxy/way.ts";
import type { Back, Carriers, Deed, Surge } from "../../../schedule/effect.ts";
import type { Fault, ProcessName, Site } from "../../../schedule/schedule.ts";
import type { FaultPlane } from "../../fault-plane.ts";
import { answerOf } from "../../injected.ts";

/** What the rest of the rig does for an effect; null where it could do nothing. */
export interface Actions {
  /** Told just before a fault that takes hold is carried out. */
  fired(fault: Fault, site: Site): void;
  /** Resolves with the name of the process that died; null where it was dead already. */
  kill(which: ProcessName, by: string, back: Back): (() => Promise<string | null>) | null;
  pause(which: ProcessName, by: string, ms: Millis): (() => Promise<Paused>) | null;
  /** Resolves when the process is asked to end: it goes on speaking until it has. */
  stop(which: ProcessName, by: string, stop: Stop): (() => Promise<void>) | null;
  /** Resolves when its next life has begun beside it. */
  surge(which: ProcessName, by: string, surge: Surging): (() => Promise<void>) | null;
  /** The job is null where the workload has only one. */
  cancelJob(job: number | null): (() => void) | null;
}

/** How a process is to end, and what comes of it. */
export interface Stop {
  graceMs: Millis;
  back: Back;
  /** Nothing passes while its end is carried out. */
  holdOthers: Tools["holdOthers"];
}

/** Where nothing goes wrong on purpose. */
export const noActions: Omit<Actions, "fired"> = {
  kill: () => null,
  pause: () => null,
  stop: () => null,
  surge: () => null,
  cancelJob: () => null,
};

/** How the next life of a process takes its place. */
export interface Surging extends Surge {
  /** Nothing passes while its end is carried out. */
  holdOthers: Tools["holdOthers"];
}

/** A process that stands still. */
export interface Paused {
  /** Resolves when it goes on. */
  resumed: Promise<void>;
}

/** What effects are carried out with. */
export interface Tools {
  plane: FaultPlane;
  actions: Actions;
  /** Real milliseconds for one of the schedule's. */
  scale: number;
  /** Waits for an event of a process while nothing else passes. It resolves with the name of whoever died by it. */
  holdOthers: (event: Promise<string | null>) => Promise<void>;
}

/** The processes at the two ends of a call. */
export interface Ends {
  by: string;
  /** The same by the name that schedules have. */
  planned: string;
  /** Null where it is a server which never dies. */
  to: Served | null;
}

/** A process that serves calls. */
export interface Served {
  process: ProcessName;
  name: string;
}

/** A call at a site where something is to happen to it. */
export interface Hit extends Tools {
  call: Ends;
  site: Site;
  way: Way;
}

/** Each effect on real connections; null where it could do nothing. */
export const carriers: Carriers<Hit, Deed | null> = {
  end:
    ({ how }, { way }) =>
    () => {
      way.end = { kind: how };
    },
  answer:
    ({ status }, { way }) =>
    () => {
      way.end = { kind: "answer", ...answerOf(status) };
    },
  hold:
    ({ ms }, { scale }) =>
    () =>
      delay(ms * scale),
  stall:
    ({ ms }, { scale, way }) =>
    () => {
      way.stallMs = (way.stallMs ?? 0) + ms * scale;
    },
  repeat:
    (_, { way }) =>
    () => {
      way.duplicate = true;
    },
  refuse:
    ({ ms, errno }, { plane, scale, site, way }) =>
    () => {
      plane.refuse(site.link, performance.now() + ms * scale, errno);
      way.end = { kind: "reset" };
    },
  deny:
    ({ errno }, { way }) =>
    () => {
      way.denied = errno;
    },
  // It is carried out at a statement, and fires there.
  fill: () => null,
  kill: ({ process, name, back }, { actions, holdOthers, call, site, way }) => {
    const meant = meantAt({ process, name }, call);
    const kill = actions.kill(process, meant, back);
    if (kill === null) return null;
    return async () => {
      await holdOthers(kill());
      const isServer = process === call.to?.process && meant === call.to.name;
      if (isServer || isSender(process, meant, call, site)) way.end = { kind: "reset" };
    };
  },
  pause: ({ process, name, ms }, hit) => {
    const { actions, call, site } = hit;
    const meant = meantAt({ process, name }, call);
    const pause = actions.pause(process, meant, ms);
    return pause && (() => carryOutPause(pause, isSender(process, meant, call, site), hit));
  },
  stop: ({ process, name, graceMs, back }, { actions, call, holdOthers }) => {
    const stop = actions.stop(process, meantAt({ process, name }, call), { graceMs, back, holdOthers });
    return stop && (() => holdOthers(stop().then(() => null)));
  },
  surge: (effect, { actions, call, holdOthers }) => {
    const begin = actions.surge(effect.process, meantAt(effect, call), { ...effect, holdOthers });
    return begin && (() => holdOthers(begin().then(() => null)));
  },
  // Nothing of a container's clock is its own, and no build declares an offset.
  skew: "beyond",
  // No operator is at hand there, and its load balancer knows no releases.
  set: "beyond",
  share: "beyond",
  overtake: "beyond",
  cancel: (_, { actions, site }) => actions.cancelJob(site.job),
};

/** Real milliseconds that a process which goes on again needs for the timers that have run out meanwhile. */
const wakeMs = 100;

/** A caller that was paused for longer than it waits for a reply gives up before its late request has one. */
async function carryOutPause(
  pause: () => Promise<Paused>,
  isOfSender: boolean,
  { holdOthers }: Tools,
): Promise<void> {
  const pausing = pause();
  await holdOthers(pausing.then(() => null));
  if (!isOfSender) return;
  await (await pausing).resumed;
  await delay(wakeMs);
}

/** The process of that name or, without one, the end of the call that is of its kind; whoever calls where none is. */
const meantAt = (
  { process, name }: { process: ProcessName; name?: string | undefined },
  { by, to }: Ends,
): string => name ?? (to?.process === process ? to.name : by);

/** Whoever is killed or paused before its call sends nothing, or sends it later. */
const isSender = (
  process: ProcessName,
  meant: string,
  { by, planned }: Ends,
  { phase, link }: Site,
): boolean => phase === "before" && link.startsWith(`${process}->`) && (meant === by || meant === planned);
