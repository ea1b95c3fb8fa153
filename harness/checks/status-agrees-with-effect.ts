import type { Row } from "../../contracts/values.ts";
import { type CellFacts, type Check, hasEnded, lastRead } from "./check.ts";
import { compareRows, describeDifference } from "../invariants/rows.ts";

export const statusAgreesWithEffect: Check = {
  id: "I3",
  definition:
    "A job that ended as success has had its whole effect exactly once; any other end means no effect at all.",
  applies: (facts) => facts.accepted && hasEnded(facts),
  witnesses: (facts) => (lastRead(facts) === "success" ? effectProblems(facts) : remainsOf(facts)),
};

function effectProblems({ scenario, inWarehouse, result }: CellFacts): readonly string[] {
  const rows = scenario.source.rows;
  switch (scenario.statement.kind) {
    case "select":
    case "endless":
      return result === null
        ? ["the job ended as success, yet its result cannot be read"]
        : difference("the result", rows, result);
    case "insert-into":
    case "create-table":
      return inWarehouse === null
        ? ["the job ended as success, yet the table does not exist"]
        : difference("the table", rows, inWarehouse);
  }
}

function remainsOf(facts: CellFacts): readonly string[] {
  const { scenario, inWarehouse } = facts;
  if (scenario.statement.kind === "create-table" && inWarehouse !== null) {
    return [`the job ended as ${lastRead(facts)}, yet the table exists`];
  }
  return difference(`the job ended as ${lastRead(facts)}, yet the table`, [], inWarehouse ?? []);
}

const difference = (where: string, expected: readonly Row[], found: readonly Row[]): readonly string[] => {
  const differs = compareRows(expected, found);
  return differs === null ? [] : describeDifference(where, differs);
};
