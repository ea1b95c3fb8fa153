import type { CellFacts } from "../checks/check.ts";
import { expectedAtDestination, type Scenario, type SourceTable } from "../schedule/scenario.ts";

/** Hand-made scenarios and facts: a job that went as promised, and whatever a test changes about it. */

export const source: SourceTable = {
  name: "trades",
  columns: [
    ["id", "bigint"],
    ["symbol", "string"],
  ],
  rows: [
    [1, "A"],
    [2, null],
  ],
};

export const scenarioOf = (more: Partial<Scenario> = {}): Scenario => ({
  name: "web",
  source,
  statement: { kind: "select" },
  output: { kind: "web" },
  ending: "success",
  promise: "the rows arrive",
  ...more,
});

/** What is found when all went as the scenario promises. */
export function keptFacts(scenario: Scenario): CellFacts {
  const { statement, output, ending } = scenario;
  const accepted = ending !== "refused";
  const success = ending === "success";
  const holdsRows = output !== null && output.kind !== "invalid";
  const fills = statement.kind === "insert-into" || statement.kind === "create-table";
  const left = statement.kind === "insert-into" ? [] : null;
  return {
    scenario,
    accepted,
    refusal: accepted ? null : "no such destination",
    refusalStatus: accepted ? null : 422,
    reads: ending === "refused" ? [] : ["queued", "running", ending, ending],
    stored: ending === "refused" ? null : ending,
    listed: accepted,
    atDestination: holdsRows ? expectedAtDestination(scenario) : null,
    deliveries: output?.kind === "web" ? Number(success) : null,
    inWarehouse: fills ? (success ? scenario.source.rows : left) : null,
    result: success && !fills ? scenario.source.rows : null,
    mismatches: [],
  };
}

export const factsOf = (scenario: Partial<Scenario> = {}, more: Partial<CellFacts> = {}): CellFacts => ({
  ...keptFacts(scenarioOf(scenario)),
  ...more,
});
