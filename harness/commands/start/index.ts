import { api, type CommandSpec, config, json } from "../shared/options.ts";

/** What comes before a run. */
export const startCommands: Readonly<Record<string, CommandSpec>> = {
  init: {
    group: "begin",
    description: "write a config to begin with, interlock.config.mts, and say what to do next",
    options: {},
    load: () => import("./init.ts"),
  },
  doctor: {
    group: "begin",
    description:
      "check that everything a run needs is there, and say what to do about what is not; exit 3 then",
    options: {
      ...config,
      "--adapter": {
        description: "also bring the system up, and check each thing that the config declares of it, alone",
      },
      ...api,
      ...json,
    },
    load: () => import("./doctor.ts"),
  },
};
