import { loadConfig } from "../../harness/config/load-config.ts";
import { Secrets } from "../../harness/secrets.ts";

/** The builds of interlock.config.ts that run in this process, right and wrong ones. */
const config = await loadConfig("interlock.config.ts", new Secrets());
const given = await config.inProcess?.();
if (given === undefined) throw new Error("interlock.config.ts gives no builds in process");

export const builds = given;
export const planted = builds.plantedFaults.filter(({ invariant }) => invariant !== null);
export const controls = builds.plantedFaults.filter(({ invariant }) => invariant === null);
export const wish = { current: config.current, now: () => performance.now() };
