import { setTimeout as delay } from "node:timers/promises";
import { bytesWithin } from "../../../../contracts/bounds/bytes.ts";
import { beyondLimits } from "../../../../contracts/bounds/json.ts";
import { parseJson } from "../../../../contracts/bounds/wide-integers.ts";
import { isFileReply } from "../../../../contracts/exchange.ts";
import { fileBodyOf } from "../../../../contracts/file-body.ts";
import type { Reply } from "../../../../contracts/in-process.ts";
import { bodyOf, fillPath, splitInput } from "../../../../contracts/operation.ts";
import { type OperationId, operations } from "../../../../contracts/operations.ts";
import type { Millis } from "../../../../contracts/values.ts";
import { customerOf } from "../../../config/config.ts";
import type { Caller } from "../../../customers/caller.ts";
import { tdCaller } from "../../../customers/td.ts";
import { mattering } from "../../../history/headers.ts";
import { messageLimit } from "../../../proxy/http-message.ts";
import type { CustomerKind } from "../../../schedule/schedule.ts";
import type { Job } from "../../workload.ts";
import type { ContainersRig } from "../system/open-rig.ts";

/** Between two looks of a customer whose job has ended as far as the rig knows, in real time. */
const eagerMs: Millis = 60;

/** How a caller waits and gives up, in real time. */
interface Patience {
  /** Real milliseconds that it waits for an answer. */
  limitMs: Millis;
  sleep: Caller["sleep"];
  stop: AbortSignal;
}

const kinds: Record<CustomerKind, (base: string, apikey: string, patience: Patience) => Caller> = {
  script: httpCaller,
  td: (base, apikey, patience) => tdCaller(apikey, new URL(base).host, patience),
};

/** npm td has no time-out of its own: it waits as long as a job may take. */
const limitOf = (customer: CustomerKind, { clockwork, config }: ContainersRig): Millis =>
  customer === "td" ? config.limits.jobMs : clockwork.limits.requestMs * clockwork.timeScale;

/**
 * The customer of a job, its waits scaled. Once its job has `ended` it looks often: how patient a customer is decides
 * nothing any more, and the rig would wait for it. What is under way when `stop` is aborted comes to nothing.
 */
export function callerFor(rig: ContainersRig, job: Job, ended: Promise<void>, stop: AbortSignal): Caller {
  const { timeScale } = rig.clockwork;
  const { apikey } = customerOf(rig.config, job.engine);
  const wait = (ms: Millis) => delay(ms, undefined, { signal: stop }).catch(() => {});
  return kinds[job.customer](rig.customer, apikey, {
    limitMs: limitOf(job.customer, rig),
    sleep: (ms) =>
      Promise.race([wait(ms * timeScale), ended.then(() => wait(Math.min(ms * timeScale, eagerMs)))]),
    stop,
  });
}

/** Arrays and objects within each other; no reply of the contracts has a tenth of it. */
const mostDepth = 100;

/** Interlock's own client. */
function httpCaller(base: string, apikey: string, { limitMs, sleep, stop }: Patience): Caller {
  const authorization = `TD1 ${apikey}`;
  const limited = () => AbortSignal.any([AbortSignal.timeout(limitMs), stop]);
  return {
    sleep,
    call: (operation, input, more = {}) =>
      callOver(base, operation, input, { ...more, authorization }, limited()),
  };
}

/** An operation of the contracts as JSON over HTTP; null where no whole answer came. */
export async function callOver(
  base: string,
  operation: OperationId,
  input: Record<string, unknown>,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Reply | null> {
  const { method, path } = operations[operation];
  const { body, query } = splitInput(operations[operation], input);
  try {
    const response = await fetch(`${base}${fillPath(path, input)}${query}`, {
      method,
      headers: { ...headers, "content-type": "application/json" },
      signal,
      ...(method === "GET" ? {} : { body: bodyOf(method, body) }),
    });
    // Packed, an answer that a link let through may have any size.
    const reply = replyOf(operation, response.status, await bytesWithin(response.body, messageLimit));
    return reply && { ...reply, headers: mattering((name) => response.headers.get(name)) };
  } catch {
    return null;
  }
}

/** A success that cannot be read is no answer. */
function replyOf(operation: OperationId, status: number, bytes: Uint8Array | null): Reply | null {
  if (bytes !== null && isFileReply(operation, status)) return { status, body: fileBodyOf(bytes) };
  const unread = status === 200 ? null : { status, body: null };
  if (bytes === null || beyondLimits(bytes, { depth: mostDepth }) !== null) return unread;
  try {
    return { status, body: parseJson(new TextDecoder().decode(bytes)) };
  } catch {
    return unread;
  }
}
