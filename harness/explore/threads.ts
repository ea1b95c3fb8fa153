import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { moduleUrl } from "../installation.ts";
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
  readonly #threads: Thread[];

  constructor(data: ThreadData) {
    this.#threads = Array.from({ length: availableParallelism() }, () => startThread(data));
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
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }
}

/** A thread, and what rejects when it ends before it is asked to, however early that is. */
interface Thread {
  worker: Worker;
  ended: Promise<never>;
}

function startThread(data: ThreadData): Thread {
  const worker = new Worker(moduleUrl(new URL("./thread.ts", import.meta.url)), {
    workerData: data,
    resourceLimits: { maxYoungGenerationSizeMb: nurseryMb },
  });
  const { promise: ended, reject } = Promise.withResolvers<never>();
  worker.once("error", reject);
  worker.once("exit", (code) =>
    reject(new Error(`a thread of the exploration ended with ${code} before its tasks did`)),
  );
  // It ends with everything else when all is done.
  ended.catch(() => {});
  return { worker, ended };
}

async function ask({ worker, ended }: Thread, task: Task): Promise<Tally> {
  worker.postMessage(task);
  const [tally] = (await Promise.race([once(worker, "message"), ended])) as [Tally];
  return tally;
}
