/** Where things are unless a flag says otherwise; paths from the working directory. */
export const defaultConfig = "interlock.config.ts";
export const runsFolder = ".interlock/runs";

/** What `cost` gives a system to do: ended jobs beforehand, and jobs that the workers run. */
export const usualLoad = { finished: 100_000, jobs: 300 };
