import { engineLabel } from "../../contracts/job.ts";
import { lacksOf } from "../config/lacks.ts";
import type { Settings } from "../config/load-config.ts";
import { costDigest } from "../evidence/cost.ts";
import { configDigest, type Later, type Releases, surroundingsDigest } from "../evidence/inputs.ts";
import { canonical } from "../history/hash.ts";
import { type Cell, enginesIn, planCells, wholeMatrix } from "../matrix/cell.ts";
import { missingReleases, missingSteps } from "../rigs/containers/system/releases.ts";
import { scenarioTexts } from "./proof.ts";
import { databaseName, type Plan } from "./question.ts";

/** What a config makes of the matrix; evaluated with secrets that are the same each time. */
export function planOf({ config, secrets }: Settings): Plan {
  const engines = enginesIn(config);
  const all = planCells("", engines, config.scenarios);
  const textOf = scenarioTexts(secrets.redact);
  const hasAll = (releases: Releases) => missingReleases(config, releases, engines).length === 0;
  const configOf = remembered(({ releases, later }: { releases: Releases; later: Later }) =>
    hasAll(releases) && later.every((step) => missingSteps(config, step, engines).length === 0)
      ? configDigest(config, releases, later)
      : null,
  );
  return {
    current: config.current,
    others: ["api", databaseName],
    workers: Object.entries(config.workers).map(([component, worker]) => ({
      component,
      generation: worker.generation,
      engines: worker.engines.map(engineLabel),
    })),
    scenarios: new Map(all.map((cell) => [nameOf(cell), textOf(cell.scenario)])),
    lackedBy: remembered((api: string) => {
      const asked = new Set(wholeMatrix(config, api).map(nameOf));
      return new Set(all.map(nameOf).filter((cell) => !asked.has(cell)));
    }),
    lacksOf: (api) => lacksOf(config, api),
    surroundings: surroundingsDigest(config),
    configOf: (releases, later = []) => configOf({ releases, later }),
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
