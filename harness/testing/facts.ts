import type { CellFacts } from "../checks/check.ts";
import { expectedAt, type Scenario } from "../schedule/scenario.ts";
import { scenarioOf } from "./scenario.ts";

export { scenarioOf, source } from "./scenario.ts";

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
    atDestination: holdsRows ? (expectedAt(scenario, success)?.rows ?? null) : null,
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
