import { setTimeout as delay } from "node:timers/promises";
import type { Millis } from "../../../../contracts/values.ts";
import type { AttestedBuild, HistoryEvent, MatrixExtent } from "../../../history/event.ts";
import type { MachineWatch } from "../docker/machine-watch.ts";
import type { ContainersRig } from "../system/open-rig.ts";
import type { ScheduleLife } from "./life.ts";
import { watchClock } from "./wall-clock.ts";

/** Begins a life's history, and has its links and the machine recorded from now on. */
export type Enter = (matrix?: MatrixExtent) => MachineWatch;

/** Who is told of a history before it is whole. */
export interface Told {
  /** Given how it begins; the run ends when that is taken. */
  onBegun: ((events: readonly HistoryEvent[]) => Promise<void>) | undefined;
  /** Given it as far as it goes if the run comes to trouble. */
  onTrouble: ((events: readonly HistoryEvent[]) => void) | undefined;
}

interface Around extends Partial<Told> {
  /** Rejects when something but the system itself goes wrong. */
  trouble: readonly Promise<never>[];
}

/** Lets a life have the rig for as long as it acts. Rejects with the rig's trouble. */
export async function onStage<T>(
  rig: ContainersRig,
  life: ScheduleLife,
  { trouble: all, onBegun, onTrouble }: Around,
  act: (enter: Enter) => Promise<T>,
): Promise<T> {
  let watch: MachineWatch | null = null;
  let refuseSetClock = () => {};
  let begun: Promise<void> = Promise.resolve();
  const enter: Enter = (matrix) => {
    const builds = rig.identities.map(({ component, release, digest, image }) => ({
      component,
      release,
      digest,
      image,
    }));
    refuseSetClock = watchClock();
    const images = imagesBeside(rig.images, builds);
    life.begin(rig.run, { builds, images, settings: rig.settings ?? undefined, matrix }, rig.config);
    begun = onBegun?.(life.history()) ?? begun;
    // Heard of below; what fails meanwhile says more.
    begun.catch(() => {});
    rig.stage.traffic = life;
    watch = rig.watchMachine((event) => life.record(event));
    return watch;
  };
  try {
    const trouble = Promise.race([rig.trouble, ...all]);
    const seen = act(enter).catch((error) => causeOf(error, trouble));
    const result = await Promise.race([seen, trouble]);
    await begun;
    refuseSetClock();
    return result;
  } catch (error) {
    await begun.catch(() => {});
    onTrouble?.(life.history());
    throw error;
  } finally {
    rig.stage.traffic = null;
    (watch as MachineWatch | null)?.stop();
  }
}

/** What was seen of the rig itself, whatever was run on it. */
export function recordAsides({ departed, telltales }: ContainersRig, life: ScheduleLife): void {
  for (const exchange of departed) life.record(exchange);
  for (const component of telltales)
    life.record({ kind: "component", component, what: "disclosed", detail: "a secret stands in its log" });
}

/** Whoever looks at a component may notice that it is gone before its end is heard of, which says more. */
const hearsayMs: Millis = 5_000;

async function causeOf(error: unknown, trouble: Promise<never>): Promise<never> {
  await Promise.race([trouble, delay(hearsayMs)]);
  throw error;
}

/** Of what attests no build of its own: databases and destinations. */
const imagesBeside = (
  images: ReadonlyMap<string, string>,
  builds: readonly AttestedBuild[],
): Record<string, string> =>
  Object.fromEntries([...images].filter(([name]) => builds.every(({ component }) => component !== name)));
