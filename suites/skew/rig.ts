import { generations } from "../../contracts/job.ts";
import { loadConfig } from "../../harness/config/load-config.ts";
import type { SkewPolicy } from "../../harness/config/skew-policy.ts";
import { baseSchedule } from "../../harness/explore/workloads.ts";
import { enginesIn } from "../../harness/matrix/cell.ts";
import { rigs } from "../../harness/rigs/index.ts";
import { needsOf } from "../../harness/rigs/needs.ts";
import type { OpenRig } from "../../harness/rigs/rig.ts";
import { Secrets } from "../../harness/secrets.ts";
import { type PlanShape, shapesOf } from "../../harness/skew/shape.ts";
import { windowsOf } from "../../harness/skew/window.ts";

/** The releases of interlock.config.ts, and the simulated rig that runs them. */
const secrets = new Secrets();
export const config = await loadConfig("interlock.config.ts", secrets);
export const policy = config.skew as SkewPolicy;
export const engines = enginesIn(config);

export const shapesIn = (one: SkewPolicy): PlanShape[] =>
  shapesOf(windowsOf(one), engines, config.scenarios, 1);

/** How a release refuses what it lacks is golden too. */
const askedForAll = {
  ...config,
  api: Object.fromEntries(Object.entries(config.api).map(([name, one]) => [name, { ...one, lacks: [] }])),
};

export async function openRig(api = config.current): Promise<OpenRig> {
  const releases = { api, workers: Object.fromEntries(generations.map((one) => [one, config.current])) };
  const kind = await rigs.simulated();
  const base = baseSchedule("presto", "web", releases, 1);
  return kind.open(needsOf(base, config), { config: askedForAll, secrets, runsFolder: "", note: () => {} });
}
