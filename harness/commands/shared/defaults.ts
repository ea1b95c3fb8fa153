/** Where things are unless a flag says otherwise; paths from the working directory. */
export const defaultConfig = "interlock.config.ts";
export const runsFolder = ".interlock/runs";
