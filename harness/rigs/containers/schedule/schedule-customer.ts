import { setTimeout as delay } from "node:timers/promises";
import type { Reply } from "../../../../contracts/in-process.ts";
import { fillPath, pathParameters } from "../../../../contracts/operation.ts";
import { operations } from "../../../../contracts/operations.ts";
import type { Millis } from "../../../../contracts/values.ts";
import type { Caller } from "../../../customers/script.ts";
import type { ScheduleRig } from "../system/schedule-rig.ts";

/** Between two looks of a customer whose job has ended as far as the rig knows. */
const eagerMs = 1_000;

/**
 * The customer's script over HTTP, its waits scaled. Once its job has `ended` it looks often: how patient a customer is
 * decides nothing any more, and the rig would wait for it. What is under way when `stop` is aborted never ends.
 */
export function httpCaller(
  { customer, schedules }: ScheduleRig,
  apikey: string,
  ended: Promise<void>,
  stop: AbortSignal,
): Caller {
  const { timeScale, limits } = schedules;
  const wait = (ms: Millis) => delay(ms * timeScale, undefined, { signal: stop }).catch(() => never);
  return {
    call: async (operation, input) => {
      const { method, path } = operations[operation];
      const inPath = new Set(pathParameters(path));
      const body = Object.fromEntries(Object.entries(input).filter(([name]) => !inPath.has(name)));
      const post = method === "POST" ? { body: JSON.stringify(body) } : {};
      const headers = { authorization: `TD1 ${apikey}`, "content-type": "application/json" };
      const limit = AbortSignal.timeout(limits.requestMs * timeScale);
      const signal = AbortSignal.any([limit, stop]);
      try {
        const response = await fetch(customer + fillPath(path, input), { method, headers, signal, ...post });
        return replyOf(response.status, await response.text());
      } catch {
        return stop.aborted ? await never : null;
      }
    },
    sleep: (ms) => Promise.race([wait(ms), ended.then(() => wait(Math.min(ms, eagerMs)))]),
  };
}

const never = new Promise<never>(() => {});

/** A success that cannot be read is no answer. */
function replyOf(status: number, text: string): Reply | null {
  try {
    return { status, body: JSON.parse(text) };
  } catch {
    return status === 200 ? null : { status, body: null };
  }
}
