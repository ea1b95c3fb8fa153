import { setTimeout as delay } from "node:timers/promises";
import { generationOf, generations, isTerminal } from "../../contracts/job.ts";
import { textField } from "../../contracts/step.ts";
import type { Millis } from "../../contracts/values.ts";
import type { Config } from "../config/config.ts";
import { CallCounter } from "../cost/call-counter.ts";
import { askAsCustomer, type CountedJob, issueJobs, smallestSource } from "../cost/jobs.ts";
import { tour } from "../cost/life-tour.ts";
import { portTo } from "../cost/port.ts";
import type { Releases } from "../cost/run-cost.ts";
import { UsageError } from "../errors.ts";
import { enginesIn } from "../matrix/cell.ts";
import { Party } from "../probe/probe.ts";
import { prepareSources } from "../rigs/containers/schedule/oracle.ts";
import { type ContainersRig, openRig } from "../rigs/containers/system/open-rig.ts";
import { checkPlans, type PlanCheck } from "./check.ts";
import { collect } from "./collect.ts";
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

/** Jobs of each generation that its workers run. */
const jobsOfEach = 3;
const lookMs: Millis = 50;

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
    config: thatCounts(config, wanted),
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
    for (const statement of config.cost.finished(finished)) await rig.loader().query(statement);
  }
  const before = await collect(session);
  // A server that counts nothing has nothing to be looked at.
  if (before.lacks.length > 0) return { checked: [], allowed: [], untouched: [], lacks: before.lacks };
  const engines = Object.values(config.workers).flatMap((worker) => worker.engines);
  const used = generations.filter((one) => engines.some((engine) => generationOf(engine) === one));
  counter.hold();
  for (const generation of used) {
    note(`making each call of a job's life in ${generation}`);
    await tour(
      new Party(
        portTo(rig, () => {}),
        generation,
      ),
      0,
    );
  }
  counter.letGo();
  note("letting the workers run jobs");
  await untilEnded(rig, await issueJobs(rig, used, jobsOfEach * used.length));
  note("explaining what MySQL executed");
  return await checkPlans(session, await collect(session, before), wanted);
}

/** Asks as a customer: a look of Interlock's own into the database would be among the statements. */
async function untilEnded(rig: ContainersRig, jobs: readonly CountedJob[]): Promise<void> {
  const until = performance.now() + rig.config.limits.jobMs;
  for (const { id, generation } of jobs) {
    let isOver = false;
    while (!isOver && performance.now() < until) {
      const reply = await askAsCustomer(rig, generation, "job.show", { job_id: id });
      const status = textField(reply?.body, "status");
      isOver = status !== undefined && isTerminal(status as Parameters<typeof isTerminal>[0]);
      if (!isOver) await delay(lookMs);
    }
    await askAsCustomer(rig, generation, "job.result", { job_id: id, format: "json" });
  }
}

function addressOf(rig: ContainersRig): { host: string; port: number } {
  const address = rig.database.address();
  if (address === null) throw new Error("the database has no address");
  return address;
}

/** With a MySQL server that counts, where the config says how to start one. */
const thatCounts = (config: Config, { mysqlCommand }: Wanted): Config =>
  mysqlCommand === undefined || "url" in config.mysql
    ? config
    : { ...config, mysql: { ...config.mysql, command: mysqlCommand } };
