import { importsV5, importsV6 } from "../../contracts/consumers/imports.ts";
import { v5 } from "../../contracts/consumers/v5.ts";
import { v6 } from "../../contracts/consumers/v6.ts";
import type { InProcessBuilds, InProcessSystem } from "../../contracts/in-process.ts";
import { loadConfig } from "../../harness/config/load-config.ts";
import { Secrets } from "../../harness/secrets.ts";

/** The builds of the config as code, and the contracts that they keep. */

export const consumerContracts = [v5, v6];
/** What those need besides that know Bulk Import. */
export const importContracts = [importsV5, importsV6];

export async function systemOf(api: string): Promise<InProcessSystem> {
  const config = await loadConfig("interlock.config.ts", new Secrets());
  const builds = (await config.inProcess?.load()) as InProcessBuilds;
  const system = builds.system({ api, workers: { v5: "current", v6: "current" } });
  if (system === undefined) throw new Error(`the config has no API release ${api}`);
  return system;
}
