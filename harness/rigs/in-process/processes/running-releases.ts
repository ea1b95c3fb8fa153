import type { InProcessSystem, Releases } from "../../../../contracts/in-process.ts";
import type { Generation } from "../../../../contracts/job.ts";
import { apisOf, type Schedule, versionStepsOf } from "../../../schedule/schedule.ts";

/** Whose code each process of a world runs: that of the schedule's releases, until a version step of its own. */
export class RunningReleases {
  readonly #system: InProcessSystem;
  readonly #api: string;
  /** Whether the API's processes may be of several releases. */
  readonly areSeveral: boolean;
  readonly #apis: Map<string, string>;
  readonly #changed = new Map<string, InProcessSystem>();
  /** Releases of workers that are no longer those of the schedule. */
  readonly #workers = new Map<string, string>();
  /** Releases of lives that have not begun. */
  readonly #next = new Map<string, string>();

  constructor(system: InProcessSystem, schedule: Pick<Schedule, "releases" | "faults">) {
    const { releases } = schedule;
    this.#system = system;
    this.#api = releases.api;
    this.#apis = new Map(apisOf(releases));
    this.areSeveral = this.#apis.size > 1 || versionStepsOf(schedule).length > 0;
    for (const [name, release] of apisOf(releases))
      if (release !== releases.api) this.#put(name, null, release);
  }

  of(process: string): InProcessSystem {
    return this.#changed.get(process) ?? this.#system;
  }

  /** Of a process of the API, in its next life. */
  releaseOf(api: string): string {
    return this.#apis.get(api) ?? this.#api;
  }

  /** The same of a worker whose generation began with a release. */
  releaseOfWorker(worker: string, first: string | undefined): string | undefined {
    return this.#workers.get(worker) ?? first;
  }

  /** From its next life on the process is of this release: a worker of its generation, null for the API. */
  change(process: string, generation: Generation | null, release: string): void {
    this.#put(process, generation, release);
    (generation === null ? this.#apis : this.#workers).set(process, release);
    this.#next.set(process, release);
  }

  /** The same of a life that begins at once, and is told of by nothing. */
  beginAs(process: string, generation: Generation | null, release: string): void {
    this.change(process, generation, release);
    this.begin(process);
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
    for (const releases of [this.#apis, this.#workers]) {
      const release = releases.get(from);
      if (release !== undefined) releases.set(process, release);
    }
  }

  /** The release that the life which now begins is the first of; undefined where it is what the last one was. */
  begin(process: string): string | undefined {
    const release = this.#next.get(process);
    this.#next.delete(process);
    return release;
  }
}
