import { text } from "node:stream/consumers";
import { engines } from "../../contracts/job.ts";
import { planCells } from "../../harness/matrix/cell.ts";
import type { RunResult } from "../../harness/matrix/result.ts";
import { resultOutput } from "./scenarios.ts";

/** The cells that an API which hides the destination from v5 must turn red: v5's jobs with output, and no other. */
export const redOn2015 = (api: string): string[] =>
  planCells(api, engines, resultOutput)
    .filter(
      ({ generation, scenario: { output } }) =>
        generation === "v5" && output !== null && output.kind !== "invalid",
    )
    .map(({ path }) => path);

/** Reads the JSON of a run from stdin; exit 1 unless exactly those cells are red. */
if (import.meta.main) {
  const { cells, api } = JSON.parse(await text(process.stdin)) as RunResult;
  const expected = new Set(redOn2015(api));
  const wrong = cells.filter(({ path, verdict }) => verdict !== (expected.has(path) ? "violation" : "pass"));
  const tried = cells.filter(({ path }) => expected.has(path)).length;
  for (const { path, verdict } of wrong)
    console.error(`${path}: ${verdict}, which it must not be on API ${api}`);
  if (wrong.length > 0 || tried !== expected.size) process.exitCode = 1;
  console.log(
    `mutant ${api}: ${tried} of ${expected.size} expected red cells tried, ${wrong.length} verdicts wrong`,
  );
}
