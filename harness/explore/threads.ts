import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { RigName } from "../rigs/index.ts";
import type { Needs } from "../rigs/needs.ts";
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

/** Short-lived objects are most of a simulation: a larger nursery means fewer collections, and fewer objects that outlive one. */
const nurseryMb = 192;

/** Threads that share out tasks, one a core. */
export class Threads implements Performer, AsyncDisposable {
  readonly #threads: Worker[];

  constructor(data: ThreadData) {
    this.#threads = Array.from(
      { length: availableParallelism() },
      () =>
        new Worker(new URL("./thread.ts", import.meta.url), {
          workerData: data,
          resourceLimits: { maxYoungGenerationSizeMb: nurseryMb },
        }),
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
          const tally = await ask(thread, task);
          merge(total, tally);
          onTally(tally);
        }
      }),
    );
    return total;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }
}

const ask = (thread: Worker, task: Task): Promise<Tally> =>
  new Promise((resolve, reject) => {
    const settle = (how: () => void) => {
      thread.removeAllListeners("message");
      thread.removeAllListeners("error");
      thread.removeAllListeners("exit");
      how();
    };
    thread.once("message", (tally: Tally) => settle(() => resolve(tally)));
    thread.once("error", (error) => settle(() => reject(error)));
    thread.once("exit", (code) =>
      settle(() => reject(new Error(`a thread of the exploration ended with ${code} before its task did`))),
    );
    thread.postMessage(task);
  });
