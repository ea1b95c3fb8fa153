import type { InProcessSystem } from "../../contracts/in-process.ts";
import { loadConfig } from "../../harness/config/load-config.ts";
import { findSystem } from "../../harness/rigs/in-process/find-system.ts";
import { Secrets } from "../../harness/secrets.ts";

export const releases = { api: "current", workers: { v5: "current", v6: "current" } };

/** The current builds of the config, as code. */
export const currentSystem = async (): Promise<InProcessSystem> =>
  findSystem(await loadConfig("interlock.config.ts", new Secrets()), releases);
