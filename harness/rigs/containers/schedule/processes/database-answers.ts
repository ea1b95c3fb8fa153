import pRetry from "p-retry";
import type { ContainersRig } from "../../system/open-rig.ts";

/** A server that has just been started takes no connection yet, and the oracle may look as soon as nothing is to come. */
export async function databaseAnswers({ oracle, config }: ContainersRig): Promise<void> {
  await pRetry(() => oracle().query("SELECT 1"), {
    retries: Number.POSITIVE_INFINITY,
    factor: 1,
    minTimeout: 20,
    maxRetryTime: config.limits.readyMs,
  });
}
