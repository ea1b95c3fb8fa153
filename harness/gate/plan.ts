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
    lackedBy: remembered((api: string) => {
      const asked = new Set(wholeMatrix(config, api).map(nameOf));
      return new Set(all.map(nameOf).filter((cell) => !asked.has(cell)));
    }),
    configOf: remembered((releases: Releases) => (hasAll(releases) ? configDigest(config, releases) : null)),
    costConfigOf: remembered((releases: Releases) =>
      hasAll(releases) ? costDigest(config, releases) : null,
    ),
  };
}

const nameOf = ({ engine, scenario }: Pick<Cell, "engine" | "scenario">): string =>
  `${engineLabel(engine)}/${scenario.name}`;

/** Each thing that a run may show asks for the same few. */
function remembered<Key, Value>(of: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<string, Value>();
  return (key) => {
    const name = canonical(key);
    if (!known.has(name)) known.set(name, of(key));
    return known.get(name) as Value;
  };
}
