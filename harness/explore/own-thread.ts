import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { moduleUrl } from "../installation.ts";

/** A thread of which every message is answered by one, and what rejects when it ends before it is asked to. */
export interface OwnThread {
  worker: Worker;
  ended: Promise<never>;
}

/** Short-lived objects are most of a simulation: a larger nursery means fewer collections, and fewer objects that outlive one. */
const nurseryMb = 192;

export function startThread(module: URL, data: unknown): OwnThread {
  const worker = new Worker(moduleUrl(module), {
    workerData: data,
    resourceLimits: { maxYoungGenerationSizeMb: nurseryMb },
  });
  const { promise: ended, reject } = Promise.withResolvers<never>();
  worker.once("error", reject);
  worker.once("exit", (code) =>
    reject(new Error(`a thread of the simulation ended with ${code} before its tasks did`)),
  );
  // It ends with everything else when all is done.
  ended.catch(() => {});
  return { worker, ended };
}

export async function ask<Answer>({ worker, ended }: OwnThread, task: unknown): Promise<Answer> {
  worker.postMessage(task);
  const [answer] = (await Promise.race([once(worker, "message"), ended])) as [Answer];
  return answer;
}
