import { mkdir } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { Recorder } from "../harness/history/recorder.ts";
import { stopSignal } from "../harness/interrupt.ts";
import { median } from "../harness/report/quantile.ts";
import { ownerLabels, ownerOf } from "../harness/rigs/containers/docker/owner.ts";
import { startRig } from "../harness/rigs/containers/system/rig.ts";
import { newRunId } from "../harness/run-id.ts";
import type { Bar } from "./bar.ts";
import type { Bench } from "./bench.ts";
import { seconds } from "./seconds.ts";

/** A whole system from nothing to ready and attested, against `docker run` of its MySQL until that greets, by turns. */
const rounds = 5;
const mostTimes = 1.5;

export async function measureRigStart(bench: Bench): Promise<Bar> {
  bench.note(`starting MySQL alone and a whole system ${rounds} times by turns`);
  const alone: number[] = [];
  const whole: number[] = [];
  for (let i = 0; i < rounds; i += 1) {
    alone.push(await startOfMysql(bench));
    whole.push(await startOfRig(bench));
  }
  const [a, w] = [median(alone), median(whole)];
  return {
    bar: "container rig from nothing to ready",
    line: `<= ${mostTimes}x docker run + MySQL's own start`,
    measured: `${(w / a).toFixed(1)}x: ${seconds(w, 2)} against ${seconds(a, 2)}, medians of ${rounds}`,
    met: w <= mostTimes * a,
  };
}

async function startOfMysql({ config }: Bench): Promise<number> {
  if (!("image" in config.mysql)) throw new Error("the config's MySQL is no image");
  const labels = Object.entries(ownerLabels(ownerOf(newRunId(new Date())))).flatMap(([name, value]) => [
    "--label",
    `${name}=${value}`,
  ]);
  const began = performance.now();
  const { stdout: id } = await execa("docker", [
    "run",
    "--detach",
    "--publish=127.0.0.1::3306",
    ...labels,
    config.mysql.image,
  ]);
  try {
    const { stdout } = await execa("docker", ["port", id, "3306/tcp"]);
    const port = Number(stdout.split(":").at(-1));
    while (!(await greets(port))) await delay(10);
    return performance.now() - began;
  } finally {
    await execa("docker", ["rm", "--force", "--volumes", id]);
  }
}

/** Whether a MySQL server speaks first, as it does once it is ready. */
const greets = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("data", () => {
      resolve(true);
      socket.destroy();
    });
    socket.once("error", () => {});
    socket.once("close", () => resolve(false));
  });

async function startOfRig({ config, redact, folder: parent }: Bench): Promise<number> {
  const run = newRunId(new Date());
  const folder = join(parent, run);
  await mkdir(join(folder, "logs"), { recursive: true });
  const release = config.current;
  const now = () => performance.now();
  const recorder = new Recorder(join(folder, "history.jsonl"), { id: run, api: release }, redact, now);
  try {
    const began = now();
    const onReady = () => {};
    const owner = ownerOf(run);
    const signal = stopSignal();
    await using _ = await startRig({ config, release, owner, folder, redact, recorder, onReady, signal });
    return now() - began;
  } finally {
    await recorder.close();
  }
}
