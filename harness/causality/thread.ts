import { parentPort, workerData } from "node:worker_threads";
import { loadConfig } from "../config/load-config.ts";
import { continuingRig } from "../rigs/in-process/continuing/continuing.ts";
import type { Needs } from "../rigs/needs.ts";
import { Secrets } from "../secrets.ts";
import { endsOf, type Task } from "./task.ts";

/** One thread that simulates continuations, on a rig of its own. */
const { config: path, needs } = workerData as { config: string; needs: Needs };
const config = await loadConfig(path, new Secrets());
const rig = await continuingRig(needs, { config });
// It takes a while until there is a rig: nothing is given to a thread that has none.
parentPort?.postMessage("ready");
parentPort?.on("message", (task: Task) => {
  void endsOf(rig, task).then((ends) => parentPort?.postMessage(ends));
});
