import { isDeepStrictEqual } from "node:util";
import { type Releases, runCost } from "../cost/run-cost.ts";
import { UsageError } from "../errors.ts";
import { costReport } from "../report/cost.ts";
import { openConfig } from "./shared/config.ts";
import { inContainers } from "./shared/in-containers.ts";
import { type ReportFlags, writeReports } from "./shared/reports.ts";
import { workersIn } from "./shared/workers.ts";

interface CostFlags extends ReportFlags {
  config: string;
  api?: string;
  worker: string[];
  deployedApi?: string;
  deployedWorker: string[];
  finished: number;
  jobs: number;
}

/** Counts what two systems cost, and tells what the candidate has more of. */
export async function action(_: string[], flags: CostFlags): Promise<void> {
  const { config, secrets } = await openConfig(flags.config);
  const { current } = config;
  const releasesOf = (api: string | undefined, workers: readonly string[]): Releases => ({
    api: api ?? current,
    workers: workersIn(workers, { v5: current, v6: current }),
  });
  const deployed = releasesOf(flags.deployedApi, flags.deployedWorker);
  const candidate = releasesOf(flags.api, flags.worker);
  if (isDeepStrictEqual(deployed, candidate))
    throw new UsageError(
      "cost: the candidate is what is deployed; name a release by --api, --worker, --deployed-api or --deployed-worker",
    );
  const { finished, jobs } = flags;
  const load = { finished, jobs, queued: Math.floor((jobs * 2) / 3), burst: Math.ceil(jobs / 6) };
  const { redact } = secrets;
  await writeReports({ flags, title: `cost of API ${candidate.api}`, redact }, async () => {
    const started = performance.now();
    const result = await inContainers(({ runsFolder, progress, signal }) =>
      runCost({ config, deployed, candidate, load, runsFolder, redact, signal, note: progress.phase }),
    );
    return costReport(result, performance.now() - started);
  });
}
