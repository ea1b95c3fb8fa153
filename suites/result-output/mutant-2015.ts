import { text } from "node:stream/consumers";
import { isDeepStrictEqual } from "node:util";
import { engines } from "../../contracts/job.ts";
import { planCells } from "../../harness/matrix/cell.ts";
import type { RunResult } from "../../harness/matrix/result.ts";
import { loadsOf, type Scenario, serviceTableOf } from "../../harness/schedule/scenario.ts";
import { resultOutput } from "./scenarios.ts";

/** What the cells of an API that hides the destination from v5 break: v5's jobs with output, and no other. */
export const brokenOn2015 = (api: string): Record<string, string[]> =>
  Object.fromEntries(
    planCells(api, engines, resultOutput)
      .filter(
        ({ generation, scenario: { output } }) =>
          generation === "v5" && output !== null && output.kind !== "invalid",
      )
      .map(({ path, scenario }) => [path, brokenBy(scenario)]),
  );

/**
 * v5 is told a form that it does not know, and delivers nothing. A killed or failing job delivers nothing anyway; where the
 * destination refuses, a worker that does not go there never hears of it, and does not say so. A table of the service has no columns then. A job
 * that exports nothing but a result or a table, or loads, ends in error where it is told no destination; what its query was to deliver
 * there before is missing as well.
 */
function brokenBy(scenario: Scenario): string[] {
  const { ending, statement, twice } = scenario;
  if (serviceTableOf(scenario) !== null) return ["C", "F", "I4"];
  if (["result-export", "export"].includes(statement.kind) || loadsOf(scenario) !== undefined)
    return ending === "error" ? ["C"] : ["C", "E", ...(twice ? ["I4"] : [])];
  return ending === "killed" || statement.kind === "failing" ? ["C"] : ["C", "I4"];
}

/** Reads the JSON of a run from stdin; exit 1 unless exactly those cells are red, by those invariants. */
if (import.meta.main) {
  const { cells, api } = JSON.parse(await text(process.stdin)) as RunResult;
  const expected = brokenOn2015(api);
  const wrong = cells.flatMap(({ path, verdict, violations }) => {
    const wanted = expected[path] ?? [];
    const broken = violations.map(({ invariant }) => invariant).sort();
    const isAsWanted =
      verdict === (wanted.length > 0 ? "violation" : "pass") && isDeepStrictEqual(broken, wanted);
    return isAsWanted
      ? []
      : [`${path}: ${verdict} by ${broken.join(", ") || "none"}, not by ${wanted.join(", ") || "none"}`];
  });
  const tried = cells.filter(({ path }) => path in expected).length;
  const all = Object.keys(expected).length;
  for (const line of wrong) console.error(line);
  if (wrong.length > 0 || tried !== all) process.exitCode = 1;
  console.log(`mutant ${api}: ${tried} of ${all} expected red cells tried, ${wrong.length} cells wrong`);
}
