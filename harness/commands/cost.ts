import { isDeepStrictEqual } from "node:util";
import type { Config } from "../config/config.ts";
import { loadSettings } from "../config/load-config.ts";
import { isUnfair, type Releases, runCost } from "../cost/run-cost.ts";
import { UsageError } from "../errors.ts";
import { mustBe } from "../evidence/attest.ts";
import { writeCost } from "../evidence/cost.ts";
import { privateKey } from "../evidence/dsse.ts";
import { harnessDigest } from "../evidence/inputs.ts";
import { now } from "../now.ts";
import { costReport } from "../report/cost.ts";
import { openConfig } from "./shared/config.ts";
import { inContainers } from "./shared/in-containers.ts";
import { readInput } from "./shared/input.ts";
import { mustHave, workersIn } from "./shared/releases.ts";
import { type ReportFlags, writeReports } from "./shared/reports.ts";

interface CostFlags extends ReportFlags {
  config: string;
  database?: string;
  api?: string;
  worker: string[];
  deployedApi?: string;
  deployedWorker: string[];
  finished: number;
  jobs: number;
  sign?: string;
}

/** Counts what two systems cost, and tells what the candidate has more of. */
export async function action(_: string[], flags: CostFlags): Promise<void> {
  const { config, secrets } = await openConfig(flags.config, flags.database);
  const { api, worker, deployedApi, deployedWorker } = flags;
  const deployed = releasesOf(config, { api: deployedApi, workers: deployedWorker, as: "--deployed-worker" });
  const candidate = releasesOf(config, { api, workers: worker, as: "--worker" });
  if (isDeepStrictEqual(deployed, candidate))
    throw new UsageError(
      "cost: the candidate is what is deployed; name a release by --api, --worker, --deployed-api or --deployed-worker",
    );
  const { finished, jobs } = flags;
  const load = { finished, jobs, queued: Math.floor((jobs * 2) / 3), burst: Math.ceil(jobs / 6) };
  const { redact } = secrets;
  const key = flags.sign === undefined ? null : privateKey(await readInput(flags.sign), flags.sign);
  const [harness, settings] = await Promise.all([
    harnessDigest(),
    loadSettings(flags.config, flags.database),
  ]);
  await writeReports(
    { flags, file: flags.config, title: `cost of API ${candidate.api}`, redact },
    async () => {
      const at = now();
      const result = await inContainers(({ runsFolder, progress, signal }) =>
        runCost({ config, deployed, candidate, load, runsFolder, redact, signal, note: progress.phase }),
      );
      await mustBe(harness);
      if (!isUnfair(result)) await writeCost(result, { at, harness, config: settings.config, key });
      return costReport(result, now() - at);
    },
  );
}

interface Asked {
  api: string | undefined;
  workers: readonly string[];
  /** The flag that names the workers. */
  as: string;
}

function releasesOf(config: Config, { api: asked, workers, as }: Asked): Releases {
  const { current } = config;
  const api = asked ?? current;
  const releases = { api, workers: workersIn(workers, { v5: current, v6: current }, as) };
  mustHave(config, { api, ...releases.workers }, as);
  return releases;
}
