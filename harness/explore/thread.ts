import { parentPort, workerData } from "node:worker_threads";
import type { Releases } from "../../contracts/in-process.ts";
import { loadConfig } from "../load-config.ts";
import { Secrets } from "../secrets.ts";
import { perform, type Task } from "./task.ts";

/** One thread of an exploration: performs the tasks that it is sent, one after the other. */
const { config: path, releases } = workerData as { config: string; releases: Releases };
// A fault that is meant to happen needs no stack trace, and making one costs more than handling it.
Error.stackTraceLimit = 0;
const config = await loadConfig(path, new Secrets());
const system = (await config.inProcess?.())?.system(releases);
parentPort?.on("message", (task: Task) => {
  if (system === undefined) throw new Error("the config has no such builds");
  void perform(system, task).then((tally) => parentPort?.postMessage(tally));
});
