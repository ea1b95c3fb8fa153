import { type CommandSpec, config, json } from "../shared/options.ts";

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
    options: { ...config, ...json },
    load: () => import("./doctor.ts"),
  },
};
