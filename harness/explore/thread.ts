import { parentPort, workerData } from "node:worker_threads";
import type { Releases } from "../../contracts/in-process.ts";
import { loadConfig } from "../load-config.ts";
import { findSystem } from "../rigs/in-process/find-system.ts";
import { Secrets } from "../secrets.ts";
import { perform, type Task } from "./task.ts";

/** One thread of an exploration: performs the tasks that it is sent, one after the other. */
const { config: path, releases } = workerData as { config: string; releases: Releases };
// A fault that is meant to happen needs no stack trace, and making one costs more than handling it.
Error.stackTraceLimit = 0;
const system = await findSystem(await loadConfig(path, new Secrets()), releases);
parentPort?.on("message", (task: Task) => {
  void perform(system, task).then((tally) => parentPort?.postMessage(tally));
});
