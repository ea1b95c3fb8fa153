import type { Generation } from "../../contracts/job.ts";
import { operations } from "../../contracts/operations.ts";
import type { Component, Config } from "../config/config.ts";
import { lacksOf } from "../config/lacks.ts";
import { asOne, UsageError } from "../errors.ts";
import type { AttestedBuild, MachineEvent } from "../history/event.ts";
import { figuresOf, type MachineFigures, together } from "../history/machine.ts";
import { starvedBy } from "../history/starved.ts";
import { enginesIn } from "../matrix/cell.ts";
import type { ServerSettings } from "../oracle/settings.ts";
import { openRig } from "../rigs/containers/system/open-rig.ts";
import { findReleases } from "../rigs/containers/system/releases.ts";
import { type Comparison, compare, withUnseen } from "./compare.ts";
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
  /** The images that ran, by component; of the database too. */
  images: Readonly<Record<string, string>>;
  /** How its database was set; null where it does not say. */
  settings: ServerSettings | null;
  figures: Figures;
  /** What it used of the machine; null where nothing tells it. */
  machine: MachineFigures | null;
}

export interface CostResult extends Comparison {
  load: Load;
  /** Why what was too high says nothing about the candidate: somebody else took the machine. Null where it says it. */
  starved: string | null;
  deployed: Side;
  candidate: Side;
}

/** Counts what is deployed and the candidate, each as a system of its own, both in one run. */
export async function runCost(options: CostOptions): Promise<CostResult> {
  const { config, load } = options;
  mustBeTwo(options);
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const side = (which: "deployed" | "candidate") =>
    measured({ ...options, signal }, which).catch((error: unknown) => {
      // The other one is of no use by itself.
      stop.abort(error);
      throw asOne(error);
    });
  const sides = await Promise.allSettled([side("deployed"), side("candidate")]);
  for (const one of sides) if (one.status === "rejected") throw stop.signal.reason;
  const [deployed, candidate] = sides.map((one) => (one as PromiseFulfilledResult<Side>).value) as [
    Side,
    Side,
  ];
  const lacks = lacksOfBoth(options).map(String);
  return {
    load,
    starved: starvedIn(deployed, candidate),
    deployed,
    candidate,
    ...withUnseen(
      compare(deployed.figures, candidate.figures, config.cost?.budgets ?? {}),
      Object.keys(operations).filter((operation) => !lacks.includes(operation)),
    ),
  };
}

/**
 * On a machine that others took, a system does more of its own accord within each call, and leases run out: counts are no longer
 * those of the call. The two do not starve each other: one that does is not excused.
 */
function starvedIn({ machine: deployed }: Side, { machine: candidate }: Side): string | null {
  if (deployed === null || candidate === null) return null;
  return starvedBy(
    together({ name: "deployed", figures: deployed }, { name: "candidate", figures: candidate }),
  );
}

/** Whether it found something too high on a machine that others had taken: then nothing of it is evidence. */
export const isUnfair = ({ starved, compared }: Pick<CostResult, "starved" | "compared">): boolean =>
  starved !== null && compared.some(({ isRed }) => isRed);

/** Two systems side by side can share nothing that runs already. */
function mustBeTwo({ config, deployed, candidate }: CostOptions): void {
  const parts = [deployed, candidate].flatMap((releases): (readonly [string, Component])[] => {
    const { api, workers } = findReleases(config, releases, enginesIn(config));
    return [["mysql", config.mysql], ["api", api], ...workers];
  });
  const running = parts.find(([, part]) => "url" in part);
  if (running !== undefined)
    throw new UsageError(
      `cost: ${running[0]} runs already, at a url; two systems are started side by side, so name an image or a command`,
    );
}

/** What one of the two is not asked for: the other one is not either. */
const lacksOfBoth = ({
  config,
  deployed,
  candidate,
}: Pick<CostOptions, "config" | "deployed" | "candidate">) =>
  [deployed, candidate].flatMap(({ api }) => lacksOf(config, api));

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
    onPhase: tell,
    signal,
  });
  const seen: MachineEvent[] = [];
  const watch = rig.watchMachine((event) => seen.push(event));
  let figures: Figures;
  try {
    figures = await measureSystem(rig, load, lacksOfBoth({ config, ...options }), tell);
    await watch.finished();
  } finally {
    watch.stop();
  }
  tell("removing the system");
  return {
    releases,
    folder: rig.folder,
    builds: rig.identities,
    images: Object.fromEntries(rig.images),
    settings: rig.settings,
    figures,
    machine: figuresOf(seen),
  };
}

/** With a MySQL server that counts, where the config says how to start one. */
function thatCounts(config: Config): Config {
  const { mysql, cost } = config;
  return cost?.mysqlCommand === undefined || "url" in mysql
    ? config
    : { ...config, mysql: { ...mysql, command: cost.mysqlCommand } };
}
