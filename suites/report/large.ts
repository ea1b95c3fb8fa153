import { writeFile } from "node:fs/promises";
import { judgeHistory } from "../../harness/invariants/judge.ts";
import { checkReport } from "../../harness/report/check.ts";
import { rendered } from "../../harness/report/format.ts";
import { formats } from "../../harness/report/formats/index.ts";
import { largeRun } from "../../harness/testing/large-run.ts";

/** Writes the page of a thousand cells of two hundred events each, twenty of them red. */
export async function writeLargePage(file: string): Promise<void> {
  const events = largeRun({ cells: 1_000, events: 200 });
  const report = checkReport({ file: "large", events, judgement: judgeHistory(events), unfired: [] });
  await writeFile(file, await rendered(formats.html, report, (text) => text));
}
