import { setTimeout as delay } from "node:timers/promises";
import type { Engine } from "../../../../contracts/job.ts";
import type { OperationId } from "../../../../contracts/operations.ts";
import { departuresOf } from "../../../history/departures.ts";
import { callOver } from "../../../rigs/containers/schedule/callers.ts";
import { prepareSources } from "../../../rigs/containers/schedule/oracle.ts";
import { undeclared } from "../../../rigs/containers/schedule/world.ts";
import type { ContainersRig } from "../../../rigs/containers/system/open-rig.ts";
import type { AdapterFacts } from "../adapter.ts";
import type { Tried } from "../asked.ts";
import { lookAtApi } from "./api.ts";
import { type BringUpOptions, whileUp } from "./bring-up.ts";
import { lookAtDestinations } from "./destinations.ts";
import { lookAtJobs } from "./jobs.ts";
import { lookAtMysql } from "./mysql.ts";
import type { Reach } from "./reach.ts";
import { lookAtWorld } from "./world.ts";

/** Brings up the system of a config and looks at each thing that the config declares of it, alone. */
export async function lookAtAdapter(options: BringUpOptions): Promise<AdapterFacts> {
  const { start, found } = await whileUp(options, (rig, engines) => lookAt(rig, engines, options));
  const nothing = { api: null, mysql: null, world: null, jobs: null, destinations: null };
  return { start, ...(found ?? nothing) };
}

async function lookAt(
  rig: ContainersRig,
  engines: readonly Engine[],
  { onPhase, api: release, signal }: BringUpOptions,
): Promise<Omit<AdapterFacts, "start">> {
  const { config, run, database } = rig;
  const table = `doctor_${run.replaceAll(/[^a-z0-9]+/g, "_")}`;
  const reach = reachOf(rig, release);
  const oracle = rig.oracle();
  const at = database.address() ?? { host: "127.0.0.1", port: 0 };
  onPhase("looking at the API and at MySQL");
  const api = await lookAtApi(reach, claimsOf(rig));
  const mysql = await lookAtMysql({
    config,
    at,
    oracle,
    loader: rig.loader(),
    table,
    prepareSources: () => prepareSources(rig),
  });
  const world = await lookAtWorld(reach, await undeclared(rig));
  onPhase("looking at destinations and at a few jobs");
  const destinations = await lookAtDestinations({
    destinations: [...rig.destinations].map(([name, { open }]) => [name, open] as const),
    target: table,
  });
  const jobs = await lookAtJobs({
    ...reach,
    engines,
    table,
    sleep: (ms) => delay(ms, undefined, { signal }),
    hasFolder: (engine, folder) => hasFolder(rig, engine, folder),
  });
  return { api, mysql, world, jobs, destinations };
}

/** How the API answered each worker before anybody looked. */
const claimsOf = ({ workers, departed }: ContainersRig): Tried[] =>
  workers.map(({ name }) => {
    const odd = departed.find(({ by }) => by === name);
    if (odd === undefined) return { what: name, trouble: null };
    const [departure] = departuresOf(odd);
    return { what: name, trouble: departure ?? `it was answered with ${odd.status}` };
  });

/** Straight, on no link of anybody else. */
function reachOf(rig: ContainersRig, release: string): Reach {
  const { config, clockwork } = rig;
  const limitMs = clockwork.limits.requestMs * clockwork.timeScale;
  return {
    config,
    lacks: config.api[release]?.lacks ?? [],
    call: async (operation: OperationId, input, authorization) => {
      const at = rig.api.address();
      if (at === null) return null;
      const headers = authorization === null ? {} : { authorization };
      const signal = AbortSignal.timeout(limitMs);
      return callOver(`http://${at.host}:${at.port}`, operation, input, headers, signal);
    },
    oracle: (sql, values) => rig.oracle().query(sql, values),
    loader: (sql, values) => rig.loader().query(sql, values),
  };
}

/** Of a worker that runs jobs of this engine and is a container of this run. */
async function hasFolder(rig: ContainersRig, engine: Engine, folder: string): Promise<boolean | null> {
  const handles = rig.workers.flatMap(({ name, handle }) =>
    handle !== null && rig.config.workers[name]?.engines.includes(engine) ? [handle] : [],
  );
  const found = await Promise.all(handles.map((handle) => handle.has(folder)));
  return found.length === 0 ? null : found.includes(true);
}
