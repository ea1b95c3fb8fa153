import { setTimeout as delay } from "node:timers/promises";
import type { OperationId } from "../../contracts/operations.ts";
import { lacksOf } from "../config/lacks.ts";
import { probeLack } from "../config/probe-lack.ts";
import { UsageError } from "../errors.ts";
import type { ProbePort } from "../probe/port.ts";
import { heldIn } from "../probe/probe.ts";
import { callOver } from "../rigs/containers/schedule/callers.ts";
import type { ContainersRig } from "../rigs/containers/system/open-rig.ts";
import { authorizationOf } from "../rigs/probe-calls.ts";

/** What is told of calls. */
export interface Listener {
  onServerError: () => void;
  /** Told of each job that a claim was given. */
  onHandedOut: (job_id: string) => void;
}

/** How Interlock's own callers reach the API of a rig: straight, each call waited for as long as a job may take. */
export function portTo(
  rig: ContainersRig,
  { onServerError, onHandedOut }: Listener,
  lacks: readonly OperationId[] = lacksOf(rig.config, rig.releases.api),
): ProbePort {
  const { clockwork, config } = rig;
  const { customers, workerTokens: workers } = config;
  const { cdh4, hdp2 } = customers;
  if (cdh4 === undefined || hdp2 === undefined || workers === undefined)
    throw new UsageError(`the cost of operations cannot be counted: ${probeLack(config)}`);
  const keys = { customers: { cdh4: cdh4.apikey, hdp2: hdp2.apikey }, workers };
  return {
    lacks,
    leaseMs: clockwork.limits.leaseMs,
    databases: { cdh4: cdh4.database, hdp2: hdp2.database },
    sleep: (ms) => delay(ms * clockwork.timeScale),
    call: async (_, credential, operation, input) => {
      const at = rig.api.address();
      const authorization = authorizationOf(credential, operation, keys);
      const headers = authorization === null ? {} : { authorization };
      const signal = AbortSignal.timeout(config.limits.jobMs);
      const reply = at && (await callOver(`http://${at.host}:${at.port}`, operation, input, headers, signal));
      if (reply !== null && reply.status >= 500) onServerError();
      const held = operation === "worker.claim" ? heldIn(reply) : null;
      if (held !== null) onHandedOut(held.job_id);
      return reply;
    },
  };
}
