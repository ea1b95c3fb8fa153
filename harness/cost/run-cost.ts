import type { Generation } from "../../contracts/job.ts";
import type { Config } from "../config/config.ts";
import { asOne } from "../errors.ts";
import type { AttestedBuild } from "../history/event.ts";
import { enginesIn } from "../matrix/cell.ts";
import { openRig } from "../rigs/containers/system/open-rig.ts";
import { type Comparison, compare } from "./compare.ts";
import type { Figures } from "./figures.ts";
import { type Load, measureSystem } from "./measure-system.ts";

/** The releases of a whole system. */
export interface Releases {
  api: string;
  workers: Record<Generation, string>;
}

export interface CostOptions {
  config: Config;
  deployed: Releases;
  candidate: Releases;
  load: Load;
  runsFolder: string;
  redact: (text: string) => string;
  signal: AbortSignal;
  note: (line: string) => void;
}

export interface Side {
  releases: Releases;
  folder: string;
  builds: readonly Pick<AttestedBuild, "component" | "release" | "digest" | "image">[];
  figures: Figures;
}

export interface CostResult extends Comparison {
  load: Load;
  deployed: Side;
  candidate: Side;
}

/** Counts what is deployed and the candidate, each as a system of its own, both in one run. */
export async function runCost(options: CostOptions): Promise<CostResult> {
  const { config, load } = options;
  try {
    const [deployed, candidate] = await Promise.all([
      measured(options, "deployed"),
      measured(options, "candidate"),
    ]);
    return {
      load,
      deployed,
      candidate,
      ...compare(deployed.figures, candidate.figures, config.cost?.budgets ?? {}),
    };
  } catch (error) {
    throw asOne(error);
  }
}

async function measured(
  { config, load, runsFolder, redact, signal, note, ...options }: CostOptions,
  side: "deployed" | "candidate",
): Promise<Side> {
  const releases = options[side];
  const tell = (line: string) => note(`${side}: ${line}`);
  tell("starting MySQL, the API and the workers");
  const engines = enginesIn(config);
  await using rig = await openRig({
    config: thatCounts(config),
    releases,
    engines,
    destinations: [],
    workers: 1,
    runsFolder,
    redact,
    signal,
  });
  const figures = await measureSystem(rig, load, tell);
  tell("removing the system");
  return { releases, folder: rig.folder, builds: rig.identities, figures };
}

/** With a MySQL server that counts, where the config says how to start one. */
function thatCounts(config: Config): Config {
  const { mysql, cost } = config;
  return cost?.mysqlCommand === undefined || "url" in mysql
    ? config
    : { ...config, mysql: { ...mysql, command: cost.mysqlCommand } };
}
