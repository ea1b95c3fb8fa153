import { type Cluster, clusterOf, type Engine, generations } from "../../contracts/job.ts";
import { type Config, customerOf } from "../config/config.ts";
import type { Address } from "../destinations/destination.ts";
import { kindNamed } from "../destinations/index.ts";
import type { ContainersRig } from "../rigs/containers/system/open-rig.ts";
import type { ToldByHand } from "../rigs/containers/system/system.ts";
import { destinationNameOf } from "../schedule/scenario.ts";
import { statementOf } from "../schedule/statements.ts";

/** How whoever stands before a system that is up reaches it: with its keys and passwords, so for their eyes alone. */
export interface Addresses {
  /** The run's folder. */
  folder: string;
  release: string;
  /** Base URL of the API for customers. */
  api: string;
  customers: readonly CustomerAddress[];
  /** Workers that may be started by hand. */
  workers: readonly ToldByHand[];
  /** The oracle's login, which can read everything. */
  mysql: Address & { user: string; password: string };
  /** A URL for Result Output of each kind, as the workers of a generation reach it. */
  outputs: readonly { generation: string; url: string }[];
}

export interface CustomerAddress {
  cluster: Cluster;
  apikey: string;
  database: string;
  engines: readonly Engine[];
  /** A query on rows that are there. */
  query: string;
}

export function addressesOf(rig: ContainersRig, config: Config): Addresses {
  const { folder, releases, customer, byHand, database } = rig;
  return {
    folder,
    release: releases.api,
    api: customer,
    customers: customersOf(config),
    workers: byHand,
    mysql: { ...(database.address() ?? { host: "127.0.0.1", port: 0 }), ...config.mysql.oracle },
    outputs: outputsOf(rig, config),
  };
}

function customersOf(config: Config): CustomerAddress[] {
  const engines = [...new Set(Object.values(config.workers).flatMap((worker) => worker.engines))];
  const [scenario] = config.scenarios;
  const query =
    scenario === undefined ? "" : statementOf({ kind: "select" }).query(scenario.source, "by_hand");
  return [...Map.groupBy(engines, clusterOf)].map(([cluster, its]) => {
    const { apikey, database } = customerOf(config, its[0] as Engine);
    return { cluster, apikey, database, engines: its, query };
  });
}

/** As the first scenario that delivers there has it. */
function outputsOf({ destinations }: ContainersRig, { scenarios }: Config): Addresses["outputs"] {
  return [...destinations].flatMap(([name, { open, seenBy }]) => {
    const output = scenarios.find((scenario) => destinationNameOf(scenario) === name)?.output;
    if (output == null) return [];
    return generations.map((generation) => ({
      generation,
      url: kindNamed(name).url(output, "by_hand", seenBy(generation), open.server),
    }));
  });
}
