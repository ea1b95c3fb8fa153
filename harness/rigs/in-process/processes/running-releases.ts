import type { InProcessSystem, Releases } from "../../../../contracts/in-process.ts";
import type { Generation } from "../../../../contracts/job.ts";
import { apisOf, type Schedule } from "../../../schedule/schedule.ts";

/** Whose code each process of a world runs: that of the schedule's releases, until a version step of its own. */
export class RunningReleases {
  readonly #system: InProcessSystem;
  readonly #api: string;
  readonly #changed = new Map<string, InProcessSystem>();
  /** Releases of lives that have not begun. */
  readonly #next = new Map<string, string>();

  constructor(system: InProcessSystem, releases: Schedule["releases"]) {
    this.#system = system;
    this.#api = releases.api;
    for (const [name, release] of apisOf(releases))
      if (release !== releases.api) this.#put(name, null, release);
  }

  of(process: string): InProcessSystem {
    return this.#changed.get(process) ?? this.#system;
  }

  /** From its next life on the process is of this release: a worker of its generation, null for the API. */
  change(process: string, generation: Generation | null, release: string): void {
    this.#put(process, generation, release);
    this.#next.set(process, release);
  }

  #put(process: string, generation: Generation | null, release: string): void {
    const releases: Releases =
      generation === null
        ? { api: release, workers: {} }
        : { api: this.#api, workers: { [generation]: release } };
    const system = this.#system.inReleases(releases);
    if (system === undefined) throw new Error(`the system knows no release ${release} of ${process}`);
    this.#changed.set(process, system);
  }

  /** A process that has not begun is what another one is. */
  inherit(process: string, from: string): void {
    this.#changed.set(process, this.of(from));
  }

  /** The release that the life which now begins is the first of; undefined where it is what the last one was. */
  begin(process: string): string | undefined {
    const release = this.#next.get(process);
    this.#next.delete(process);
    return release;
  }
}
