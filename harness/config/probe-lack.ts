import { clusters } from "../../contracts/job.ts";
import type { Config } from "./config.ts";

/** Why the probe cannot be run with a config; null where it can. */
export function probeLack({ customers, workerTokens }: Config): string | null {
  if (workerTokens === undefined) return "`workerTokens` is not in the config";
  const missing = clusters.find((cluster) => customers[cluster] === undefined);
  return missing === undefined ? null : `the config has no customer of ${missing}`;
}
