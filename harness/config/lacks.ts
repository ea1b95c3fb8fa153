import type { OperationId } from "../../contracts/operations.ts";
import { isRefused, type Scenario, serviceTableOf } from "../schedule/scenario.ts";
import { statementOf } from "../schedule/statements.ts";
import type { Config } from "./config.ts";

/** Operations that a release of an API does not have: nothing that takes one of them is asked of it. */

/** What every run asks of an API: without one of these there is nothing to judge. */
const askedOfAll: readonly OperationId[] = [
  "job.issue",
  "job.show",
  "job.status",
  "job.kill",
  "job.list",
  "job.result",
  "database.list",
  "database.show",
  "table.list",
  "table.show",
  "worker.claim",
  "worker.heartbeat",
  "worker.receipt",
  "worker.finish",
  "system.status",
  "system.version",
];

/** The operations that a release of the API lacks; none of one that the config does not have. */
export const lacksOf = ({ api }: Pick<Config, "api">, release: string): readonly OperationId[] =>
  (Object.hasOwn(api, release) ? api[release]?.lacks : undefined) ?? [];

/** The operations that a scenario takes besides those of every job. */
const takenBy = ({
  statement,
  output,
  source,
}: Pick<Scenario, "statement" | "output" | "source">): readonly OperationId[] => [
  ...statementOf(statement).takes,
  ...(serviceTableOf({ output })?.takes ?? []),
  // What is refused of a query is an export that has failed.
  ...(isRefused({ output, source }) && statementOf(statement).result === "own"
    ? ["job.result_export" as const]
    : []),
];

/** The operations that a scenario takes and that the API of a release lacks. */
export const lackedBy = (
  config: Pick<Config, "api">,
  release: string,
  scenario: Pick<Scenario, "statement" | "output" | "source">,
): OperationId[] => {
  const lacks = lacksOf(config, release);
  return takenBy(scenario).filter((operation) => lacks.includes(operation));
};

/** The scenarios that the APIs of all these releases can be asked for. */
export const scenariosOn = (
  config: Pick<Config, "api" | "scenarios">,
  releases: readonly string[],
): Scenario[] =>
  config.scenarios.filter((scenario) =>
    releases.every((release) => lackedBy(config, release, scenario).length === 0),
  );

/** A line for each release that is said to lack what every run asks. */
export const lacksTooMuch = ({ api }: Config): string[] =>
  Object.entries(api).flatMap(([release, { lacks = [] }]) =>
    lacks
      .filter((operation) => askedOfAll.includes(operation))
      .map(
        (operation) =>
          `api.${release}.lacks: ${operation} is asked of every API; without it nothing can be tried`,
      ),
  );
