import { engines } from "../../contracts/job.ts";
import type { DestinationName } from "../../harness/destinations/index.ts";
import { stopSignal } from "../../harness/interrupt.ts";
import { median } from "../../harness/quantile.ts";
import { openRig } from "../../harness/rigs/containers/system/open-rig.ts";
import type { Bar } from "../bar.ts";
import type { Bench } from "../bench.ts";
import { seconds } from "../figures.ts";
import { mysqlContainer } from "../mysql-container.ts";

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
  const began = performance.now();
  await using server = await mysqlContainer(config);
  await server.untilItGreets();
  return performance.now() - began;
}

async function startOfRig({ config, secrets, folder }: Bench): Promise<number> {
  const releases = { api: config.current, workers: { v5: config.current, v6: config.current } };
  const destinations = Object.keys(config.destinations) as DestinationName[];
  const began = performance.now();
  await using _ = await openRig({
    config,
    releases,
    engines: [...engines],
    destinations,
    workers: 1,
    runsFolder: folder,
    redact: secrets.redact,
    onPhase: () => {},
    signal: stopSignal(),
  });
  return performance.now() - began;
}
