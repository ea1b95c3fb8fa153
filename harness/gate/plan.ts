import { engineLabel } from "../../contracts/job.ts";
import type { Config } from "../config/config.ts";
import type { Settings } from "../config/load-config.ts";
import { configDigest, type Releases } from "../evidence/inputs.ts";
import { enginesIn, planCells } from "../matrix/cell.ts";
import { apiRelease, workerRelease } from "../rigs/containers/system/releases.ts";
import { scenarioText } from "./proof.ts";
import { databaseName, type Plan } from "./question.ts";

/** What a config makes of the matrix; evaluated with secrets that are the same each time. */
export function planOf({ config, secrets }: Settings): Plan {
  return {
    current: config.current,
    others: ["api", databaseName],
    workers: Object.entries(config.workers).map(([component, { generation, engines }]) => ({
      component,
      generation,
      engines: engines.map(engineLabel),
    })),
    scenarios: new Map(
      planCells("", enginesIn(config), config.scenarios).map(({ engine, scenario }) => [
        `${engineLabel(engine)}/${scenario.name}`,
        scenarioText(scenario, secrets.redact),
      ]),
    ),
    configOf: (releases) => (isThere(config, releases) ? configDigest(config, releases) : null),
  };
}

const isThere = (config: Config, { api, workers }: Releases): boolean =>
  apiRelease(config, api) !== undefined &&
  Object.values(config.workers).every(
    (worker) => workerRelease(config, worker, workers[worker.generation]) !== undefined,
  );
