import type { InProcessSystem } from "../../../contracts/in-process.ts";
import type { Millis } from "../../../contracts/values.ts";
import type { ProbePort } from "../../probe/port.ts";
import { authorizationOf, type Keys, probeExchange } from "../probe-calls.ts";
import { mayMove } from "../workload.ts";
import { customers, database, tokens } from "./accounts.ts";
import type { Transport } from "./transport.ts";
import type { World } from "./world.ts";

const keys: Keys = {
  customers: { cdh4: customers.cdh4.apikey, hdp2: customers.hdp2.apikey },
  workers: tokens,
};

/** Between two calls of one caller: calls at one moment would count as overlapping. */
const callMs: Millis = 1;

/** What the probe calls the API of a simulated world by. */
export const probePort = (
  world: World,
  { limits }: InProcessSystem,
  transport: Transport,
  lacks: ProbePort["lacks"] = [],
): ProbePort => ({
  leaseMs: limits.leaseMs,
  hasDays: true,
  lacks,
  movesOthers: mayMove(world.schedule, lacks),
  databases: { cdh4: database, hdp2: database },
  sleep: (ms) => world.clock.sleep(ms),
  count: async (customer, name, table) => {
    await world.clock.sleep(callMs);
    const found = world.state.table(customers[customer].account, name, table);
    const sent = world.clock.now();
    world.record({ kind: "rows", customer, database: name, table, rows: found?.length ?? null, sent });
  },
  call: async (by, credential, operation, input, headers) => {
    await world.clock.sleep(callMs);
    const sent = world.clock.now();
    const authorization = authorizationOf(credential, operation, keys, headers);
    world.onBegin(true);
    const reply = await transport.serve(world.apis.next(by, null).serves, {
      operation,
      input,
      authorization,
      headers,
    });
    world.record(probeExchange({ by, credential, operation, input, headers, sent }, reply));
    return reply;
  },
});
