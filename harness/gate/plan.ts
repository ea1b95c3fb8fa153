import { engineLabel } from "../../contracts/job.ts";
import type { Settings } from "../config/load-config.ts";
import { costDigest } from "../evidence/cost.ts";
import { configDigest, type Releases } from "../evidence/inputs.ts";
import { canonical } from "../history/hash.ts";
import { type Cell, enginesIn, planCells, wholeMatrix } from "../matrix/cell.ts";
import { missingReleases } from "../rigs/containers/system/releases.ts";
import { scenarioText } from "./proof.ts";
import { databaseName, type Plan } from "./question.ts";

/** What a config makes of the matrix; evaluated with secrets that are the same each time. */
export function planOf({ config, secrets }: Settings): Plan {
  const engines = enginesIn(config);
  const all = planCells("", engines, config.scenarios);
  const hasAll = (releases: Releases) => missingReleases(config, releases, engines).length === 0;
  return {
    current: config.current,
    others: ["api", databaseName],
    workers: Object.entries(config.workers).map(([component, worker]) => ({
      component,
      generation: worker.generation,
      engines: worker.engines.map(engineLabel),
    })),
    scenarios: new Map(all.map((cell) => [nameOf(cell), scenarioText(cell.scenario, secrets.redact)])),
    lackedBy: (api) => {
      const asked = new Set(wholeMatrix(config, api).map(nameOf));
      return new Set(all.map(nameOf).filter((cell) => !asked.has(cell)));
    },
    configOf: remembered((releases) => (hasAll(releases) ? configDigest(config, releases) : null)),
    costConfigOf: remembered((releases) => (hasAll(releases) ? costDigest(config, releases) : null)),
  };
}

const nameOf = ({ engine, scenario }: Pick<Cell, "engine" | "scenario">): string =>
  `${engineLabel(engine)}/${scenario.name}`;

/** Each run is asked about once a thing that it may show. */
function remembered(digestOf: (releases: Releases) => string | null): (releases: Releases) => string | null {
  const digests = new Map<string, string | null>();
  return (releases) => {
    const key = canonical(releases);
    if (!digests.has(key)) digests.set(key, digestOf(releases));
    return digests.get(key) ?? null;
  };
}
