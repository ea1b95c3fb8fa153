import type { Config } from "../config/config.ts";
import { CallCounter } from "../cost/call-counter.ts";
import { smallestSource } from "../cost/jobs.ts";
import type { Releases } from "../cost/run-cost.ts";
import { liveThrough } from "../cost/whole-life.ts";
import type { Address } from "../destinations/destination.ts";
import { UsageError } from "../errors.ts";
import { enginesIn } from "../matrix/cell.ts";
import { thatCounts } from "../query-plans/server-of.ts";
import { prepareSources } from "../rigs/containers/schedule/oracle.ts";
import { type ContainersRig, openRig } from "../rigs/containers/system/open-rig.ts";
import type { SessionCheck } from "./judge.ts";
import { judgeWatched } from "./judge-watched.ts";
import { Lookout } from "./lookout.ts";
import { startWatch } from "./watch.ts";

interface SessionsOptions {
  config: Config;
  releases: Releases;
  runsFolder: string;
  redact: (text: string) => string;
  signal: AbortSignal;
  note: (line: string) => void;
}

/** Brings a system up, has it do everything that a job's life asks of it, and judges how it was connected to MySQL. */
export async function runSessions(options: SessionsOptions): Promise<SessionCheck> {
  const { config, releases, runsFolder, redact, signal, note } = options;
  const wanted = config.sessions;
  if (wanted === undefined)
    throw new UsageError(
      "sessions: the config has no `sessions`: what is pinned of each account's connections, and an account that looks",
    );
  let database: Address | null = null;
  await using lookout = new Lookout(() => ({ ...(database ?? nowhere), ...wanted.account }));
  await using watch = await startWatch({
    host: "127.0.0.1",
    upstream: () => database,
    lookAt: (connection) => lookout.look(connection),
  });
  note("starting MySQL, the API and the workers");
  await using rig = await openRig({
    config: thatCounts(config, wanted.mysqlCommand),
    releases,
    engines: enginesIn(config),
    destinations: [],
    workers: 1,
    // What the components do while they start is looked at as well.
    wayToDatabase: (at) => {
      database = at;
      return at === null ? null : { host: "127.0.0.1", port: watch.port };
    },
    runsFolder,
    redact,
    onPhase: note,
    signal,
  });
  const counter = new CallCounter();
  rig.stage.traffic = counter;
  try {
    const judged = judgeWatched({ watch, lookout, pins: wanted }, () => act(rig, counter, options));
    return await Promise.race([judged, rig.trouble]);
  } finally {
    counter.letGo();
    rig.stage.traffic = null;
  }
}

/** In the place of a server that is not there. */
const nowhere: Address = { host: "127.0.0.1", port: 0 };

async function act(
  rig: ContainersRig,
  counter: CallCounter,
  { config, note }: SessionsOptions,
): Promise<void> {
  await prepareSources(rig, [smallestSource(config.scenarios)]);
  await liveThrough(rig, counter, note);
  note("looking at what is still connected");
}
