import { clusterOf, clusters, generations } from "../../contracts/job.ts";
import { destinationNameOf } from "../schedule/scenario.ts";
import type { Config } from "./config.ts";
import { lacksTooMuch } from "./lacks.ts";

/** What a schema cannot see: parts of a config that do not go together. Each check gives a line for each problem. */
const checks: readonly ((config: Config) => string[])[] = [
  currentIsRelease,
  lacksTooMuch,
  hasWorkers,
  workerNamesAreFree,
  runningWorkersHaveLinks,
  runningApisPostNowhere,
  generationsRunAlike,
  customersDiffer,
  workersHaveCustomers,
  scenarioNamesDiffer,
  scenariosHaveDestinations,
];

export const crossChecks = (config: Config): string[] => checks.flatMap((check) => check(config));

function currentIsRelease({ api, current }: Config): string[] {
  return Object.hasOwn(api, current) ? [] : [`current: names ${current}, which is not under api`];
}

function hasWorkers({ workers }: Config): string[] {
  return Object.keys(workers).length > 0
    ? []
    : ["workers: names none; a matrix without workers tests nothing"];
}

/** Components and links of a run are known by these names in logs and histories. */
const taken = /^(api|mysql|customer|rig|destination-.*)$/;

function workerNamesAreFree({ workers }: Config): string[] {
  return Object.keys(workers)
    .filter((name) => taken.test(name))
    .map((name) => `workers.${name}: is the name of another component of a run; give the worker its own`);
}

function runningWorkersHaveLinks({ workers }: Config): string[] {
  return Object.entries(workers).flatMap(([name, worker]) =>
    "url" in worker && worker.linkPort === undefined
      ? [`workers.${name}: a worker that runs already needs linkPort, the port where it finds the API`]
      : [],
  );
}

/** Interlock's receiver has another port in each run. */
function runningApisPostNowhere({ api, notices }: Config): string[] {
  const running = notices === undefined ? [] : Object.keys(api).filter((name) => "url" in (api[name] ?? {}));
  return running.map(
    (name) =>
      `notices: api.${name} runs already and cannot be told where to post them; leave notices out, then they are not compared`,
  );
}

function generationsRunAlike({ workers }: Config): string[] {
  return generations
    .filter((generation) => {
      const ofIt = Object.values(workers).filter((worker) => worker.generation === generation);
      return new Set(ofIt.map((worker) => "image" in worker)).size > 1;
    })
    .map(
      (generation) =>
        `workers: those of generation ${generation} run partly as images, which find the destinations elsewhere`,
    );
}

/** A customer's account is pinned to one cluster: one account under two would leave the other's engines untested. */
function customersDiffer({ customers }: Config): string[] {
  const all = clusters.flatMap((cluster) => {
    const customer = customers[cluster];
    return customer === undefined ? [] : [{ cluster, ...customer }];
  });
  return all.flatMap((one, i) =>
    all
      .slice(0, i)
      .filter(({ account, apikey }) => account === one.account || apikey === one.apikey)
      .map((other) => {
        const what = other.account === one.account ? "account" : "API key";
        return `customers.${one.cluster}: has the ${what} of customers.${other.cluster}; an account is of one cluster, give each its own`;
      }),
  );
}

function workersHaveCustomers({ customers, workers }: Config): string[] {
  return Object.entries(workers).flatMap(([name, worker]) =>
    worker.engines
      .filter((engine) => customers[clusterOf(engine)] === undefined)
      .map(
        (engine) =>
          `workers.${name}: runs ${engine}, and customers names none of ${clusterOf(engine)}, whose jobs run there`,
      ),
  );
}

function scenarioNamesDiffer({ scenarios }: Config): string[] {
  const names = scenarios.map(({ name }) => name);
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))].map(
    (name) => `scenarios: ${name} stands there twice`,
  );
}

const mostNamed = 3;

/** One line for each kind that is missing: a list of scenarios that has grown with Interlock may deliver to it many times. */
function scenariosHaveDestinations({ scenarios, destinations }: Config): string[] {
  const homeless = scenarios.flatMap((scenario) => {
    const name = destinationNameOf(scenario);
    return name === null || destinations[name] !== undefined ? [] : [{ name, scenario: scenario.name }];
  });
  return [...Map.groupBy(homeless, ({ name }) => name)].map(([name, all]) => {
    const named = all.slice(0, mostNamed).map(({ scenario }) => scenario);
    const who = [...named, ...(all.length > mostNamed ? ["…"] : [])].join(", ");
    return `destinations: has no ${name}, to which ${all.length} of the scenarios deliver (${who}); a config of an older Interlock may lack it: add it, or leave these out, as \`interlock init\` writes it into an empty folder`;
  });
}
