import { existsSync } from "node:fs";

/** Where things are unless a flag says otherwise; paths from the working directory. */

/** The first that is there is the config. */
export const configNames = ["ts", "mts", "js", "mjs"].map((extension) => `interlock.config.${extension}`);
export const defaultConfig = configNames.find((name) => existsSync(name)) ?? "interlock.config.ts";
export const runsFolder = ".interlock/runs";
/** Of the formats that `--reporter` names. */
export const reportsFolder = ".interlock/reports";

/** What `cost` gives a system to do: ended jobs beforehand, and jobs that the workers run. */
export const usualLoad = { finished: 100_000, jobs: 300 };
