import { cutShort, gatherAll } from "../../gate/gather.ts";
import { merge } from "../../gate/merge.ts";
import { recordedOfCells } from "../../gate/recorded.ts";
import { mergeReport } from "../../report/merge.ts";
import { openProgress } from "../shared/output.ts";
import { type ReportFlags, writeReports } from "../shared/reports.ts";

/** Puts the shards of a matrix together and judges them as one. */
export async function action([folder = ""]: string[], flags: ReportFlags): Promise<void> {
  // Histories hold tokens in the place of secrets.
  const redact = (text: string) => text;
  await writeReports({ flags, file: folder, title: `merge ${folder}`, redact }, async () => {
    using progress = openProgress();
    const { proofs, damaged } = await gatherAll([folder], { keys: [], note: progress.phase });
    const merged = merge(proofs, [...damaged, ...(await cutShort([folder]))]);
    return mergeReport(merged, await recordedOfCells(merged.cells, proofs));
  });
}
