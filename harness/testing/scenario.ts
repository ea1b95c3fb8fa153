import type { Scenario } from "../schedule/scenario.ts";
import type { SourceTable } from "../schedule/source-table.ts";

/** Hand-made scenarios: a query whose rows arrive, and whatever a test changes about it. */

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
