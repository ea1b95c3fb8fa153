import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Docker } from "./engine.ts";
import { componentLabel, runLabel } from "./owner.ts";

/** What the engine tells when a container is made to stand still. */
interface EngineEvent {
  Action?: string;
  id?: string;
  Actor?: { Attributes?: Record<string, string> };
}

const sigstop = "19";

/** Who makes a run's containers stand still: the run counts its own pauses, so that any other is somebody else's. */
export class Pauses {
  readonly #asked = new Map<string, number>();

  /** Before the run asks the engine to pause one of its containers. */
  ask(containerId: string): void {
    this.#asked.set(containerId, this.#left(containerId) + 1);
  }

  /** The engine has not done it. */
  takeBack(containerId: string): void {
    this.#asked.set(containerId, this.#left(containerId) - 1);
  }

  /** How the engine was made to let a component stand still by somebody else; null where it was not. */
  outsider(event: EngineEvent): { component: string; how: string } | null {
    const { Action: action, id = "", Actor } = event;
    const component = Actor?.Attributes?.[componentLabel] ?? id.slice(0, 12);
    if (action === "kill" && Actor?.Attributes?.["signal"] === sigstop)
      return { component, how: "it was stopped from outside by a signal" };
    if (action !== "pause") return null;
    if (this.#left(id) > 0) {
      this.takeBack(id);
      return null;
    }
    return { component, how: "it was paused from outside" };
  }

  #left(containerId: string): number {
    return this.#asked.get(containerId) ?? 0;
  }
}

/**
 * Tells of every container of a run that somebody else makes stand still. An engine that says no more is noticed
 * elsewhere.
 * @returns what ends it
 */
export async function followPauses(
  docker: Docker,
  run: string,
  pauses: Pauses,
  onOutsider: (component: string, how: string) => void,
): Promise<() => void> {
  const filters = { type: ["container"], event: ["pause", "kill"], label: [`${runLabel}=${run}`] };
  const events = (await docker.getEvents({ filters: JSON.stringify(filters) })) as Readable;
  events.on("error", () => {});
  const lines = createInterface({ input: events });
  // Errors of its input are also its own.
  lines.on("error", () => {});
  lines.on("line", (line) => {
    const outsider = pauses.outsider(JSON.parse(line) as EngineEvent);
    if (outsider !== null) onOutsider(outsider.component, outsider.how);
  });
  return () => void events.destroy();
}
