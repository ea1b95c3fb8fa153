import { parentPort, workerData } from "node:worker_threads";
import { loadConfig } from "../config/load-config.ts";
import { rigs } from "../rigs/index.ts";
import { Secrets } from "../secrets.ts";
import { perform, type Task } from "./task.ts";
import type { ThreadData } from "./threads.ts";

/** One thread of an exploration: performs the tasks that it is sent, one after the other, on a rig of its own. */
const { config: path, needs, rig } = workerData as ThreadData;
// A fault that is meant to happen needs no stack trace, and making one costs more than handling it.
Error.stackTraceLimit = 0;
const secrets = new Secrets();
const config = await loadConfig(path, secrets);
const kind = await rigs[rig]();
const { run, limits } = await kind.open(needs, { config, secrets, runsFolder: "", note: () => {} });
parentPort?.on("message", (task: Task) => {
  void perform(run, limits, task).then((tally) => parentPort?.postMessage(tally));
});
