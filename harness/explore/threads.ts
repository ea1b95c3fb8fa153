import { availableParallelism } from "node:os";
import type { RigName } from "../rigs/index.ts";
import type { Needs } from "../rigs/needs.ts";
import { ask, type OwnThread, startThread } from "./own-thread.ts";
import type { Performer } from "./performer.ts";
import { emptyTally, merge, type Tally } from "./tally.ts";
import type { Task } from "./task.ts";

/** What a thread is made for. */
export interface ThreadData {
  /** Path of the config. */
  config: string;
  needs: Needs;
  rig: RigName;
}

/** Threads that share out tasks, one a core. */
export class Threads implements Performer, AsyncDisposable {
  readonly #threads: OwnThread[];

  constructor(data: ThreadData) {
    this.#threads = Array.from({ length: availableParallelism() }, () =>
      startThread(new URL("./thread.ts", import.meta.url), data),
    );
  }

  get size(): number {
    return this.#threads.length;
  }

  async perform(tasks: readonly Task[], onTally: (tally: Tally) => void): Promise<Tally> {
    const queue = [...tasks];
    const total = emptyTally();
    await Promise.all(
      this.#threads.map(async (thread) => {
        for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
          const tally = await ask<Tally>(thread, task);
          merge(total, tally);
          onTally(tally);
        }
      }),
    );
    return total;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }
}
