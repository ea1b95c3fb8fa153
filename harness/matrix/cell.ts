import {
  clusterOf,
  type Engine,
  engineLabel,
  engines,
  type Generation,
  generationOf,
} from "../../contracts/job.ts";
import type { Config } from "../config/config.ts";
import { scenariosOn } from "../config/lacks.ts";
import { probeLack } from "../config/probe-lack.ts";
import { isKnownToTd } from "../customers/td.ts";
import { UsageError } from "../errors.ts";
import type { MatrixExtent } from "../history/event.ts";
import { commandTo } from "../installation.ts";
import { selectPaths, unmatchedPatterns } from "../schedule/paths.ts";
import { isFor, type Scenario } from "../schedule/scenario.ts";
import { type Probe, type Schedule, scheduleFormat } from "../schedule/schedule.ts";
import { statementOf } from "../schedule/statements.ts";

/** One job of a schedule without faults, as reports name it. Its path is its identity everywhere. */
export interface Cell {
  /** `<api release>/<generation>-<engine>/<scenario>`. */
  path: string;
  api: string;
  generation: Generation;
  engine: Engine;
  scenario: Scenario;
}

/** All cells of one API release. A job that is due comes within a minute, for which no matrix waits: that is explored. */
export const planCells = (api: string, engines: readonly Engine[], scenarios: readonly Scenario[]): Cell[] =>
  scenarios
    .filter(({ due }) => due === undefined)
    .flatMap((scenario) =>
      engines
        .filter((engine) => isFor(scenario, engine))
        .map((engine) => ({
          path: `${api}/${engineLabel(engine)}/${scenario.name}`,
          api,
          generation: generationOf(engine),
          engine,
          scenario,
        })),
    );

/** The engines that the workers of a config run. */
export const enginesIn = ({ workers }: Config): Engine[] => [
  ...new Set(Object.values(workers).flatMap((worker) => worker.engines)),
];

/** The whole matrix of an API release, whatever part of it is run. */
export function extentOf(config: Config, api: string): MatrixExtent {
  const unprobed = probeLack(config);
  return {
    cells: wholeMatrix(config, api).length,
    engines: engines.filter((engine) => config.customers[clusterOf(engine)] !== undefined),
    ...(unprobed === null ? {} : { unprobed }),
  };
}

/** All that an API release is asked for. */
export const wholeMatrix = (config: Config, api: string): Cell[] =>
  planCells(api, enginesIn(config), scenariosOn(config, [api]));

/** Nothing is chosen by what was asked for. */
export const noCell = (asked: string): UsageError =>
  new UsageError(`no cell matches ${asked}; \`${commandTo("cells")}\` lists them all`);

/** The cells of one API release that the patterns choose; all of them where there are none. */
export function chooseCells(config: Config, api: string, patterns: readonly string[]): Cell[] {
  if (!Object.hasOwn(config.api, api)) {
    throw new UsageError(`no API release ${api} in the config; it has ${Object.keys(config.api).join(", ")}`);
  }
  const all = wholeMatrix(config, api);
  const unmatched = unmatchedPatterns(all, patterns);
  if (unmatched.length > 0) {
    throw noCell(unmatched.join(", "));
  }
  return selectPaths(all, patterns);
}

/** npm `td` sends no domain key: what reads alike has to be told apart by one. */
const customerOf = ({ alike, statement }: Scenario) =>
  alike || !isKnownToTd(statementOf(statement).orderedBy) ? {} : { customer: "td" as const };

/**
 * Cells as the schedule that they are: without faults, and issued by npm `td`, as customers do, where it can.
 *
 * @param probe whether the API is put to the test as well
 */
export const matrixSchedule = (
  cells: readonly Cell[],
  api: string,
  workers: Record<Generation, string>,
  probe?: Probe,
): Schedule => ({
  format: scheduleFormat,
  workload: {
    jobs: cells.map(({ scenario, engine }) => ({ scenario: scenario.name, engine, ...customerOf(scenario) })),
    ...(probe === undefined ? {} : { probe }),
    workers: 1,
  },
  releases: { api, workers },
  seed: 1,
  faults: [],
});
