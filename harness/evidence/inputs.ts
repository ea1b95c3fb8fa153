import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Component, Config, Surroundings } from "../config/config.ts";
import { lacksOf } from "../config/lacks.ts";
import { canonical } from "../history/hash.ts";
import { dependenciesFile, ownRoot } from "../installation.ts";
import { apiRelease, workerRelease } from "../rigs/containers/system/releases.ts";
import { type ReleaseStep, type Schedule, versionStepsOf } from "../schedule/schedule.ts";
import { sha256 } from "../secrets.ts";

/** What decides a run besides the builds: evidence that was made of other inputs says nothing about these. */
export interface Inputs {
  /** SHA-256 of the code that runs, records and judges, the contract's included. */
  harness: string;
  /** SHA-256 of how the config has everything started and set. */
  config: string;
}

/** The releases that a run is of. */
export type Releases = Pick<Schedule["releases"], "api" | "workers">;
/** Those that it comes to on its way. */
export type Later = readonly ReleaseStep[];

/** Of a schedule: each once, in an order that no other order of its steps changes. */
export const laterIn = (schedule: Pick<Schedule, "faults">): Later =>
  [
    ...new Map(
      versionStepsOf(schedule).map(({ process, release }) => [`${process} ${release}`, { process, release }]),
    ),
  ]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, step]) => step);

/** SHA-256 over names and contents of the harness, the contracts and the file of its dependencies; tests of the harness are left out. */
export async function harnessDigest(): Promise<string> {
  const folders = await Promise.all(["harness", "contracts"].map(sourcesIn));
  const files = [...folders.flat().toSorted(), dependenciesFile];
  const digests = await Promise.all(
    files.map(async (file) => `${file} ${sha256(await readFile(join(ownRoot, file)))}`),
  );
  return sha256([`node ${process.versions.node.split(".")[0]}`, ...digests].join("\n"));
}

async function sourcesIn(folder: string): Promise<string[]> {
  const entries = await readdir(join(ownRoot, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ownRoot.length + 1))
    .filter((file) => !/\.test\.ts$|\/testing\//.test(file));
}

/**
 * SHA-256 of all that the config says of a system of these releases: commands, arguments, environments, settings of
 * servers, limits, who runs what.
 *
 * @param config evaluated with secrets that are the same each time
 */
export function configDigest(config: Config, releases: Releases, later: Later = []): string {
  return sha256(
    canonical({
      components: Object.fromEntries(
        componentsOf(config, releases).map(([name, component]) => [name, startOf(name, component)]),
      ),
      ...(later.length === 0
        ? {}
        : { later: laterOf(config, later).map(([name, component]) => [name, startOf(name, component)]) }),
      ...surroundingsOf(config),
      scenarios: config.scenarios,
      lacks: lacksOf(config, releases.api),
      workers: Object.entries(config.workers).map(([name, { generation, engines }]) => ({
        name,
        generation,
        engines,
      })),
    }),
  );
}

/** What is the same for all releases: how the world is looked at and compared, who asks, where results go, what limits hold. */
function surroundingsOf({ mysql, destinations, notices, customers, schedules, limits }: Config) {
  const { init, oracle, loader, warehouse, jobStatus, nextJob, world } = mysql;
  return {
    mysql: { init, oracle, loader, warehouse: warehouse(1, "database"), jobStatus, nextJob, world },
    destinations: Object.fromEntries(
      Object.entries(destinations).map(([name, component]) => [name, { ...component, env: null }]),
    ),
    ...(notices === undefined ? {} : { notices }),
    customers,
    schedules,
    limits,
  };
}

/** SHA-256 of that, and of what fills the database for a comparison of costs. */
export const surroundingsDigest = (config: Config): string =>
  sha256(canonical({ ...surroundingsOf(config), finished: config.cost?.finished?.(1) ?? null }));

/** All components that a run of these releases can start. */
function componentsOf(config: Config, { api, workers }: Releases): [name: string, component: Component][] {
  const found: [string, Component | undefined][] = [
    ["mysql", config.mysql],
    ["api", apiRelease(config, api)],
    ...Object.entries(config.workers).map(([name, worker]): [string, Component | undefined] => [
      name,
      workerRelease(config, worker, workers[worker.generation]),
    ]),
    ...Object.entries(config.destinations).map(([name, component]): [string, Component | undefined] => [
      `destination-${name}`,
      component,
    ]),
  ];
  return found.flatMap(([name, component]) => (component === undefined ? [] : [[name, component]]));
}

/** Those that its version steps can start. */
const laterOf = (config: Config, later: Later): [name: string, component: Component][] =>
  later.flatMap(({ process, release }) => {
    const found: [string, Component | undefined][] =
      process === "api"
        ? [["api", apiRelease(config, release)]]
        : Object.entries(config.workers).map(([name, worker]) => [
            name,
            workerRelease(config, worker, release),
          ]);
    return found.flatMap(([name, component]): [string, Component][] =>
      component === undefined ? [] : [[`${name} ${release}`, component]],
    );
  });

/** How a component is started; an image is known by its content, which is attested when it runs. */
function startOf(name: string, component: Component): unknown {
  if ("url" in component) return { url: component.url };
  const around: Surroundings = {
    name,
    port: 1,
    mysql: { host: "mysql", port: 3306 },
    api: "http://api",
    folder: "/run",
  };
  return {
    form: "image" in component ? "image" : "command",
    command: component.command,
    ...("ref" in component ? { ref: component.ref, build: component.build } : {}),
    env: component.env(around),
  };
}
