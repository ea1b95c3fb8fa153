import type { Engine } from "../../../../contracts/job.ts";
import type { Config } from "../../../config/config.ts";
import { type DestinationName, destinationNames } from "../../../destinations/index.ts";
import { asOne, type ComponentTrouble, InfrastructureError } from "../../../errors.ts";
import { type ContainersRig, openRig, type RigOptions } from "../../../rigs/containers/system/open-rig.ts";
import type { Outcome, StartFacts } from "../start.ts";

export interface BringUpOptions
  extends Pick<RigOptions, "config" | "runsFolder" | "redact" | "signal" | "onPhase"> {
  /** API release. */
  api: string;
  onReady: (component: string) => void;
}

/** What is known of a start that is tried without one component after the other. */
export class Start {
  readonly #config: Config;
  readonly #outcomes = new Map<string, Outcome>();
  trouble: ComponentTrouble | null = null;

  constructor(config: Config) {
    this.#config = config;
  }

  ready(component: string): void {
    this.#outcomes.set(component, "ready");
  }

  /** @returns whether the start may be tried again without it */
  failed(trouble: ComponentTrouble): boolean {
    const part = this.#names().find(({ name }) => name === trouble.component);
    const wasReady = this.#outcomes.get(trouble.component) === "ready";
    if (part === undefined || wasReady) {
      this.trouble = trouble;
      return false;
    }
    this.#outcomes.set(part.name, trouble);
    return part.kind === "worker" || part.kind === "destination";
  }

  /** Without what did not start. */
  workers(): Config["workers"] {
    return Object.fromEntries(Object.entries(this.#config.workers).filter(([name]) => this.#isIn(name)));
  }

  destinations(): DestinationName[] {
    const { destinations } = this.#config;
    return destinationNames.filter(
      (name) => destinations[name] !== undefined && this.#isIn(`destination-${name}`),
    );
  }

  facts(): StartFacts {
    return {
      parts: this.#names().map((part) => ({ ...part, outcome: this.#outcomes.get(part.name) ?? "left" })),
      trouble: this.trouble,
    };
  }

  #isIn(name: string): boolean {
    const outcome = this.#outcomes.get(name);
    return outcome === undefined || typeof outcome === "string";
  }

  #names(): { kind: StartFacts["parts"][number]["kind"]; name: string }[] {
    const { workers, destinations } = this.#config;
    return [
      { kind: "mysql", name: "mysql" },
      { kind: "api", name: "api" },
      ...Object.keys(workers).map((name) => ({ kind: "worker" as const, name })),
      ...destinationNames
        .filter((name) => destinations[name] !== undefined)
        .map((name) => ({ kind: "destination" as const, name: `destination-${name}` })),
    ];
  }
}

/**
 * Brings a system up as `up` does, and looks at it. A worker or a destination that does not come up is left out and the
 * rest brought up again, so that one start tells of all of them.
 */
export async function whileUp<T>(
  { config, api, ...options }: BringUpOptions,
  look: (rig: ContainersRig, engines: readonly Engine[]) => Promise<T>,
): Promise<{ start: StartFacts; found: T | null }> {
  const start = new Start(config);
  for (;;) {
    try {
      const workers = start.workers();
      const engines = Object.values(workers).flatMap((worker) => worker.engines);
      await using rig = await openRig({
        ...options,
        config: { ...config, workers },
        releases: { api, workers: { v5: config.current, v6: config.current } },
        engines,
        destinations: start.destinations(),
        workers: 1,
        onReady: (component) => {
          start.ready(component);
          options.onReady(component);
        },
      });
      const found = await Promise.race([look(rig, [...new Set(engines)]), rig.trouble]);
      options.onPhase("removing the system");
      return { start: start.facts(), found };
    } catch (thrown) {
      const error = asOne(thrown);
      if (!(error instanceof InfrastructureError)) throw error;
      if (!start.failed(error.trouble)) return { start: start.facts(), found: null };
      options.onPhase(`${error.trouble.component} did not come up; starting the rest again without it`);
    }
  }
}
