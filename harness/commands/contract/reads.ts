import { scenariosOn } from "../../config/lacks.ts";
import { GatheredReads } from "../../diff/reads.ts";
import { UsageError } from "../../errors.ts";
import { basesOf } from "../../explore/workloads.ts";
import { enginesIn } from "../../matrix/cell.ts";
import { recordingReads } from "../../rigs/in-process/recording.ts";
import { needsOf } from "../../rigs/needs.ts";
import { openConfig } from "../shared/config.ts";
import { runsFolder } from "../shared/defaults.ts";
import { writeOut } from "../shared/out-file.ts";
import { openProgress } from "../shared/output.ts";
import { mustHaveCode } from "../shared/releases.ts";

interface ReadsFlags {
  config: string;
  api?: string;
  out?: string;
}

/** Runs every scenario once on the simulated rig, and writes what workers read of the answers that they got. */
export async function action(_: string[], flags: ReadsFlags): Promise<void> {
  const { config, secrets } = await openConfig(flags.config);
  const api = flags.api ?? config.current;
  await mustHaveCode(config, { api });
  const workers = { v5: config.current, v6: config.current };
  const bases = basesOf(enginesIn(config), scenariosOn(config, [api]), { api, workers }, 1);
  const gathered = new GatheredReads();
  const [first] = bases;
  if (first === undefined) throw new UsageError("scenarios: none that an engine of the config runs");
  using progress = openProgress();
  const options = { config, secrets, runsFolder, note: progress.phase };
  await using rig = await recordingReads(gathered).open(needsOf(first.base, config), options);
  for (const { base } of bases) {
    gathered.nextScenario();
    await rig.run([base]);
  }
  await writeOut("recorded reads", flags.out, `${JSON.stringify(gathered.reads, null, 2)}\n`);
}
