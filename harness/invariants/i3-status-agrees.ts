import { isDeepStrictEqual } from "node:util";
import { isTerminal } from "../../contracts/job.ts";
import type { Row } from "../../contracts/values.ts";
import type { FinalEvent } from "../history/event.ts";
import type { PromisedJob } from "../history/job-history.ts";
import { foundAtSuccess } from "../history/work.ts";
import { rowsAfter, rowsBefore, type Scenario } from "../schedule/scenario.ts";
import { isOrdered } from "../schedule/source-table.ts";
import { type StatementKind, statementOf } from "../schedule/statements.ts";
import { compareRows, describeDifference, isReordered } from "../world/rows.ts";
import { againstReport, type Contradiction, ofPromise, seconds } from "./invariant.ts";

export const statusAgreesWithEffect = ofPromise({
  id: "I3",
  name: "status agrees with effect",
  definition:
    "When success is reported, the effect is there and stays, the API knows the table, and the result can be read; after any other end there is no effect.",
  applies: (history) => hasEffect(history) || hasResult(history),
  witnesses: (history) => [
    ...(hasEffect(history) ? effectProblems(history) : []),
    ...(hasResult(history) ? againstReport(history, history.final, resultProblems(history)) : []),
  ],
});

const kindOf = ({ scenario }: PromisedJob): StatementKind => statementOf(scenario.statement);

const jobsEffects: readonly StatementKind["effect"][] = ["fills", "makes", "deletes"];

/** Ended, and of a statement that does something to the warehouse. */
function hasEffect(history: PromisedJob): boolean {
  const { stored } = history.final;
  return jobsEffects.includes(kindOf(history).effect) && stored !== null && isTerminal(stored);
}

/** Ended well, of a statement with a result, and its customer asked for that. */
function hasResult(history: PromisedJob): boolean {
  const { stored, result } = history.final;
  return kindOf(history).result !== "none" && stored === "success" && result !== undefined;
}

function effectProblems(history: PromisedJob): Contradiction[] {
  const { final, scenario } = history;
  const { stored, registered } = final;
  const table = final.table ?? null;
  const makes = kindOf(history).effect === "makes";
  if (stored === "success") {
    const found = tableProblems(scenario, table, "the job ended as success; the table");
    const early = found.length > 0 ? [] : earlyProblems(history);
    if (early.length > 0) return early;
    if (found.length > 0) return againstReport(history, final, found);
    if (makes && !registered)
      return againstReport(history, final, ["the job ended as success and the API does not know its table"]);
    return againstReport(history, final, shownProblems(final, scenario));
  }
  return againstReport(history, final, [
    ...leftProblems(scenario, table, `the job ended as ${stored}`),
    ...(registered ? [`the job ended as ${stored} and the API knows its table`] : []),
    ...(final.shown ? [`the job ended as ${stored} and its customer is shown its table`] : []),
  ]);
}

/** What a job that did not end well has left of its effect. */
function leftProblems(scenario: Scenario, table: readonly Row[] | null, what: string): string[] {
  const before = rowsBefore(scenario);
  if (before === undefined || before.length === 0) {
    const isLeft = before === undefined ? table !== null : (table?.length ?? 0) > 0;
    return isLeft ? [`${what} and its effect is in the warehouse: ${table?.length} rows`] : [];
  }
  const differs = compareRows(before, table ?? []);
  return differs === null ? [] : describeDifference(`${what}; the table`, differs);
}

/** What was wrong in the table when success was reported. */
function earlyProblems(history: PromisedJob): Contradiction[] {
  const look = foundAtSuccess(history);
  if (look?.table === undefined) return [];
  const what = `${look.by} reported success ${seconds(look.at)}; the table then`;
  return againstReport(history, look, tableProblems(history.scenario, look.table, what));
}

/** How the table of a job that ended well is shown to its customer. */
function shownProblems({ shown }: FinalEvent, { source }: Scenario): string[] {
  if (shown === undefined || isDeepStrictEqual(shown, source.columns)) return [];
  return [
    shown === null
      ? "the job ended as success and its customer is not shown its table"
      : `its customer is shown a table with the columns ${JSON.stringify(shown)}, and ${JSON.stringify(source.columns)} are right`,
  ];
}

/** Rows that are there twice are told by I2. */
function tableProblems(scenario: Scenario, table: readonly Row[] | null, what: string): string[] {
  if (table === null) return [`${what} does not exist`];
  const differs = compareRows(rowsAfter(scenario), table);
  return differs !== null && differs.lost + differs.unexpected > 0 ? describeDifference(what, differs) : [];
}

function resultProblems({ final, scenario }: PromisedJob): string[] {
  const { result } = final;
  if (result === null || result === undefined)
    return ["the job ended as success, yet its result cannot be read"];
  const { source } = scenario;
  const differs = compareRows(source.rows, result);
  if (differs !== null) return describeDifference("the job ended as success; its result", differs);
  return isOrdered(source) && isReordered(source.rows, result)
    ? ["the job ended as success; its result has the rows in another order than its query"]
    : [];
}
