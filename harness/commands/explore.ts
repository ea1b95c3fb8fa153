import { InfrastructureError, UsageError } from "../errors.ts";
import { explore } from "../explore/explore.ts";
import { Threads } from "../explore/threads.ts";
import { loadConfig } from "../load-config.ts";
import { explorationReport } from "../report/exploration.ts";
import { liveProgress } from "../report/progress.ts";
import { Secrets } from "../secrets.ts";

export interface ExploreFlags {
  config: string;
  rig: string;
  api?: string;
  seed: string;
  random: string;
  grid?: boolean;
  json?: boolean;
}

/** `interlock run --rig simulated`: the complete sweep of single faults and pairs, and what else is asked for. */
export async function exploreAction(flags: ExploreFlags): Promise<void> {
  if (flags.rig !== "simulated")
    throw new UsageError(`--rig ${flags.rig}: there is containers and simulated`);
  const seed = wholeNumber("--seed", flags.seed, 0xffff_ffff);
  const random = wholeNumber("--random", flags.random, 100_000_000);
  const config = await loadConfig(flags.config, new Secrets());
  const api = flags.api ?? config.current;
  const releases = { api, workers: { v5: config.current, v6: config.current } };
  const system = (await config.inProcess?.())?.system(releases);
  if (system === undefined) throw noSuchBuild(flags.config, api);
  Error.stackTraceLimit = 0;
  await using threads = new Threads(flags.config, releases);
  using progress = liveProgress((line) => process.stderr.write(`${line}\n`));
  const result = await explore(system, threads, {
    releases,
    seed,
    random,
    pairs: true,
    grid: flags.grid ?? false,
    onLine: progress.phase,
    onProgress: progress.share,
    now: () => performance.now(),
  });
  process.stdout.write(`${flags.json ? JSON.stringify(result) : explorationReport(result, [])}\n`);
  process.exitCode = result.exit;
}

function wholeNumber(flag: string, text: string, most: number): number {
  const number = Number(text);
  if (/^\d{1,10}$/.test(text) && number <= most) return number;
  throw new UsageError(`${flag} ${text}: expected a whole number from 0 to ${most}`);
}

const noSuchBuild = (config: string, api: string) =>
  new InfrastructureError({
    component: "simulated rig",
    expected: `the API release ${api} as code in this process`,
    happened: `${config} gives none under inProcess`,
    next: "a stranger's image runs on the containers rig alone; leave out --rig",
  });
