import { loadSettings } from "../../config/load-config.ts";
import { reasonOf } from "../../errors.ts";
import { cutShort, gatherAll } from "../../gate/gather.ts";
import { lacksShards, merge } from "../../gate/merge.ts";
import { planOf } from "../../gate/plan.ts";
import type { Proof } from "../../gate/proof.ts";
import { recordedOfCells } from "../../gate/recorded.ts";
import { chooseCells } from "../../matrix/cell.ts";
import { cellName, shardsOf, type Weights } from "../../matrix/shards.ts";
import { mergeReport } from "../../report/merge.ts";
import { readDurations } from "../shared/durations.ts";
import { openProgress } from "../shared/output.ts";
import { type ReportFlags, writeReports } from "../shared/reports.ts";

interface MergeFlags extends ReportFlags {
  config: string;
  database?: string;
  durations?: string;
}

/** Puts the shards of a matrix together and judges them as one. */
export async function action([folder = ""]: string[], flags: MergeFlags): Promise<void> {
  // Histories hold tokens in the place of secrets.
  const redact = (text: string) => text;
  const durations = await readDurations(flags.durations);
  await writeReports({ flags, file: folder, title: `merge ${folder}`, redact }, async () => {
    using progress = openProgress();
    const { proofs, damaged } = await gatherAll([folder], { keys: [], note: progress.phase });
    const cut = await cutShort([folder]);
    const whyNot = lacksShards(proofs) ? await whyNotRun(flags, durations) : undefined;
    const merged = merge(proofs, [...damaged, ...cut], whyNot);
    return mergeReport(merged, await recordedOfCells(merged.cells, proofs));
  });
}

/** What says of a shard why a command with these flags would not run the others of its matrix. */
async function whyNotRun(flags: MergeFlags, durations: Weights): Promise<(shard: Proof) => string | null> {
  const settings = await loadSettings(flags.config, flags.database).catch(reasonOf);
  if (typeof settings === "string") return () => `name the config of the others with --config: ${settings}`;
  const plan = planOf(settings);
  return ({ shard, releases, inputs, cells }) => {
    if (plan.configOf(releases) !== inputs.config)
      return `${flags.config} is not what the others were run with: merge again with their --config, and --database where they had one`;
    const all = chooseCells(settings.config, releases.api, []);
    const own = shard === null ? all : (shardsOf(all, shard.of, durations)[shard.index - 1] ?? []);
    const names = new Set(own.map(cellName));
    return cells.length === names.size && cells.every(({ cell }) => names.has(cell))
      ? null
      : "the others were dealt out by other times: merge again with their --durations";
  };
}
