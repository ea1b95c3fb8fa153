import type { InProcessSystem, Releases } from "../../../contracts/in-process.ts";
import type { Generation } from "../../../contracts/job.ts";

/** Whose code each process of a world runs: that of the schedule's releases, until a version step of its own. */
export class RunningReleases {
  readonly #system: InProcessSystem;
  readonly #releases: Releases;
  readonly #changed = new Map<string, InProcessSystem>();

  constructor(system: InProcessSystem, releases: Releases) {
    this.#system = system;
    this.#releases = releases;
  }

  of(process: string): InProcessSystem {
    return this.#changed.get(process) ?? this.#system;
  }

  /** From its next life on the process is of this release: a worker of its generation, null for the API. */
  change(process: string, generation: Generation | null, release: string): void {
    const { api, workers } = this.#releases;
    const releases =
      generation === null
        ? { api: release, workers }
        : { api, workers: { ...workers, [generation]: release } };
    const system = this.#system.inReleases(releases);
    if (system === undefined) throw new Error(`the system knows no release ${release} of ${process}`);
    this.#changed.set(process, system);
  }
}
