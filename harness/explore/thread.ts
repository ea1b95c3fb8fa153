import { parentPort, workerData } from "node:worker_threads";
import { loadConfig } from "../config/load-config.ts";
import { findSystem } from "../rigs/in-process/find-system.ts";
import { Secrets } from "../secrets.ts";
import { perform, type Task } from "./task.ts";
import type { ThreadData } from "./threads.ts";
import { transports } from "../rigs/transports.ts";

/** One thread of an exploration: performs the tasks that it is sent, one after the other. */
const { config: path, releases, rig } = workerData as ThreadData;
// A fault that is meant to happen needs no stack trace, and making one costs more than handling it.
Error.stackTraceLimit = 0;
const system = await findSystem(await loadConfig(path, new Secrets()), releases);
const transport = transports[rig]();
parentPort?.on("message", (task: Task) => {
  void perform(system, task, transport).then((tally) => parentPort?.postMessage(tally));
});
