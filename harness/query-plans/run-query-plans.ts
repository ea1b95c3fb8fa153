import type { Config } from "../config/config.ts";
import { CallCounter } from "../cost/call-counter.ts";
import { smallestSource } from "../cost/jobs.ts";
import type { Releases } from "../cost/run-cost.ts";
import { liveThrough } from "../cost/whole-life.ts";
import { UsageError } from "../errors.ts";
import { enginesIn } from "../matrix/cell.ts";
import { fill } from "../oracle/fill.ts";
import { prepareSources } from "../rigs/containers/schedule/oracle.ts";
import { type ContainersRig, openRig } from "../rigs/containers/system/open-rig.ts";
import { checkPlans, type PlanCheck } from "./check.ts";
import { collect } from "./collect.ts";
import { addressOf, thatCounts } from "./server-of.ts";
import { Session } from "./session.ts";

interface QueryPlansOptions {
  config: Config;
  releases: Releases;
  /** Ended jobs in the database beforehand. */
  finished: number;
  runsFolder: string;
  redact: (text: string) => string;
  signal: AbortSignal;
  note: (line: string) => void;
}

type Wanted = NonNullable<Config["queryPlans"]>;

/** Brings a system up, has it do everything that a job's life asks of it, and judges what its database executed. */
export async function runQueryPlans(options: QueryPlansOptions): Promise<PlanCheck> {
  const { config, releases, runsFolder, redact, signal, note } = options;
  const wanted = config.queryPlans;
  if (wanted === undefined)
    throw new UsageError(
      "query-plans: the config has no `queryPlans`: the rows of the API's tables, and an account",
    );
  note("starting MySQL, the API and the workers");
  await using rig = await openRig({
    config: thatCounts(config, wanted.mysqlCommand),
    releases,
    engines: enginesIn(config),
    destinations: [],
    workers: 1,
    runsFolder,
    redact,
    onPhase: note,
    signal,
  });
  const counter = new CallCounter();
  rig.stage.traffic = counter;
  try {
    return await Promise.race([checkSystem(rig, wanted, counter, options), rig.trouble]);
  } finally {
    counter.letGo();
    rig.stage.traffic = null;
  }
}

async function checkSystem(
  rig: ContainersRig,
  wanted: Wanted,
  counter: CallCounter,
  { config, finished, note }: QueryPlansOptions,
): Promise<PlanCheck> {
  await using session = await Session.open({ ...addressOf(rig), ...wanted.account });
  await prepareSources(rig, [smallestSource(config.scenarios)]);
  if (finished > 0 && config.cost?.finished !== undefined) {
    note(`filling the database with ${finished} ended jobs`);
    await fill(rig.loader(), config.cost.finished(finished));
  }
  const before = await collect(session);
  // A server that counts nothing has nothing to be looked at.
  if (before.lacks.length > 0) return { checked: [], allowed: [], untouched: [], lacks: before.lacks };
  await liveThrough(rig, counter, note);
  note("explaining what MySQL executed");
  return await checkPlans(session, await collect(session, before), wanted);
}
