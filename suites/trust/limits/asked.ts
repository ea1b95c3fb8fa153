import { asRead } from "../../../contracts/bounds/wide-integers.ts";
import { isFileReply } from "../../../contracts/exchange.ts";
import { fileBodyOf } from "../../../contracts/file-body.ts";
import type { ApiProcess, Reply } from "../../../contracts/in-process.ts";
import { type Generation, generations } from "../../../contracts/job.ts";
import type { ResultFile } from "../../../contracts/operation.ts";
import type { ExchangeEvent, HistoryEvent } from "../../../harness/history/event.ts";
import { extremes } from "../../../harness/probe/extremes.ts";
import type { ProbePort } from "../../../harness/probe/port.ts";
import { type Input, Party } from "../../../harness/probe/probe.ts";
import { customers, database, stateSeed, tokens } from "../../../harness/rigs/in-process/accounts.ts";
import { findSystem } from "../../../harness/rigs/in-process/find-system.ts";
import { authorizationOf, probeExchange } from "../../../harness/rigs/probe-calls.ts";
import { runEvent } from "../../../harness/testing/whole-history.ts";
import { config, releases } from "../../status-sync/system.ts";

/** The probe's questions at limits, put to an API of this process and to nothing else. */

const system = await findSystem(config, releases, [], "simulated");

export type Served = (
  operation: string,
  input: Input,
  call: (input: Input) => Promise<Reply>,
) => Promise<Reply>;

export type Asked = ExchangeEvent & { at: number };

/** What is asked at limits of an API alone, which answers by its own code or by what stands before it. */
export async function askedOf(
  served: Served,
  parties: readonly Generation[] = generations,
): Promise<Asked[]> {
  const events: Asked[] = [];
  const stop = new AbortController();
  let now = 1_000;
  const clock = { now: () => now, monotonic: () => now, sleep: () => new Promise<void>(() => {}) };
  const willing = () => {};
  const api: ApiProcess = system.startApi(system.createState(stateSeed([])), {
    clock,
    database: (_, effect) => effect(willing),
    stop: stop.signal,
  });
  const keys = { customers: { cdh4: customers.cdh4.apikey, hdp2: customers.hdp2.apikey }, workers: tokens };
  const port: ProbePort = {
    leaseMs: system.limits.leaseMs,
    lacks: [],
    databases: { cdh4: database, hdp2: database },
    sleep: async () => {},
    call: async (by, credential, operation, input) => {
      now += 1;
      const sent = now;
      const answer = await served(operation, input, async (given) => {
        const reply = await api.call(operation, given, authorizationOf(credential, operation, keys));
        const isFile = isFileReply(operation, reply.status);
        return { ...reply, body: isFile ? fileBodyOf((reply.body as ResultFile).bytes) : asRead(reply.body) };
      });
      now += 1;
      events.push({ ...probeExchange({ by, credential, operation, input, sent }, answer), at: now });
      return answer;
    },
  };
  for (const [i, generation] of parties.entries()) await extremes(new Party(port, generation), i === 0);
  stop.abort();
  return events;
}

const { limits } = system;
/** A history of no job of its own. */
export const historyOf = (events: readonly Asked[]): HistoryEvent[] => {
  const schedule = { ...runEvent.schedule, workload: { jobs: [], workers: 1 }, faults: [] };
  const bodies = [{ ...runEvent, schedule, scenarios: {}, limits, builds: [] }, ...events];
  return bodies.map((body, seq) => ({ seq, at: body.kind === "run" ? 0 : body.at, ...body }));
};
