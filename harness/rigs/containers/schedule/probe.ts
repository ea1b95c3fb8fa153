import { setTimeout as delay } from "node:timers/promises";
import type { Generation } from "../../../../contracts/job.ts";
import { probeLack } from "../../../config/probe-lack.ts";
import { UsageError } from "../../../errors.ts";
import { countRows } from "../../../oracle/survey.ts";
import { askOfJobs, askOfNames } from "../../../probe/conversation.ts";
import type { ProbePort } from "../../../probe/port.ts";
import type { ProbeTopic } from "../../../probe-topics.ts";
import { type Schedule, topicsOf } from "../../../schedule/schedule.ts";
import { lacksIn } from "../../needs.ts";
import { authorizationOf, type Keys, orderedBy, probeExchange } from "../../probe-calls.ts";
import { mayMove } from "../../workload.ts";
import type { ContainersRig } from "../system/open-rig.ts";
import { callOver } from "./callers.ts";
import type { ScheduleLife } from "./life.ts";

/** The probe of a schedule; null where it asks for none. */
export const probeOf = (
  rig: ContainersRig,
  life: ScheduleLife,
  schedule: Schedule,
  stop: AbortSignal,
): Probe | null => (schedule.workload.probe !== undefined ? new Probe(rig, life, schedule, stop) : null);

/** Puts the API to the test when the jobs are over. */
class Probe {
  /** The jobs that it had. */
  readonly ids: string[] = [];
  readonly #rig: ContainersRig;
  readonly #life: ScheduleLife;
  readonly #port: ProbePort;
  readonly #topics: readonly ProbeTopic[];

  constructor(rig: ContainersRig, life: ScheduleLife, schedule: Schedule, stop: AbortSignal) {
    this.#rig = rig;
    this.#life = life;
    this.#topics = topicsOf(schedule);
    const lacks = lacksIn(schedule, rig.config);
    this.#port = { ...portOf(rig, life, this.ids, stop), lacks, movesOthers: mayMove(schedule, lacks) };
  }

  /** @param over resolves when a generation's jobs are over: its workers get no answers from then on */
  askOfJobs(over: (generation: Generation) => Promise<void>): Promise<void> {
    const { workers, clockwork } = this.#rig;
    return askOfJobs(this.#port, this.#topics, async (generation) => {
      await over(generation);
      this.#life.hold(workers.filter((one) => one.generation === generation).map(({ name }) => name));
      await this.#life.settled(clockwork.limits.requestMs * clockwork.timeScale);
    });
  }

  /** After the last look at the world: what it makes is left behind. */
  askOfNames(): Promise<void> {
    return askOfNames(this.#port, this.#topics);
  }
}

/** Where the oracle may not look, nobody counts. */
function whereAllowed(error: unknown): "denied" {
  if (/^ER_.*DENIED/.test(String((error as { code?: unknown }).code))) return "denied";
  throw error;
}

/** What the probe calls a running API by: straight, on no link of anybody else. */
function portOf(
  rig: ContainersRig,
  life: ScheduleLife,
  ids: string[],
  stop: AbortSignal,
): Omit<ProbePort, "lacks"> {
  const { clockwork, config } = rig;
  const { customers, workerTokens: workers } = config;
  const { cdh4, hdp2 } = customers;
  if (cdh4 === undefined || hdp2 === undefined || workers === undefined)
    throw new UsageError(`the probe of the schedule cannot be run: ${probeLack(config)}`);
  const keys: Keys = { customers: { cdh4: cdh4.apikey, hdp2: hdp2.apikey }, workers };
  const limitMs = clockwork.limits.requestMs * clockwork.timeScale;
  return {
    leaseMs: clockwork.limits.leaseMs,
    databases: { cdh4: cdh4.database, hdp2: hdp2.database },
    count: async (customer, database, table) => {
      const { account } = { cdh4, hdp2 }[customer];
      const sent = life.now();
      const rows = await countRows(rig.oracle(), config.mysql.warehouse(account, database), table).catch(
        whereAllowed,
      );
      if (rows !== "denied")
        life.record({ kind: "rows", customer, database, table, rows: rows ?? null, sent });
    },
    sleep: async (ms) => {
      await delay(ms * clockwork.timeScale, undefined, { signal: stop });
    },
    call: async (by, credential, operation, input, headers) => {
      const sent = life.now();
      const signal = AbortSignal.any([AbortSignal.timeout(limitMs), stop]);
      const at = rig.api.address();
      const authorization = authorizationOf(credential, operation, keys, headers);
      const all = { ...headers, ...(authorization === null ? {} : { authorization }) };
      const reply = at && (await callOver(`http://${at.host}:${at.port}`, operation, input, all, signal));
      const exchange = probeExchange({ by, credential, operation, input, headers, sent }, reply);
      for (const made of orderedBy(operation, reply)) if (!ids.includes(made)) ids.push(made);
      life.record(exchange);
      return reply;
    },
  };
}
