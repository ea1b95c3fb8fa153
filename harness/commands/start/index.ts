import { type CommandSpec, config, json } from "../shared/options.ts";

/** What comes before a run. */
export const startCommands: Readonly<Record<string, CommandSpec>> = {
  init: {
    description: "write a config to begin with, interlock.config.mts, and say what to do next",
    options: {},
    load: () => import("./init.ts"),
  },
  doctor: {
    description:
      "say of all that a run needs whether it is there, and what to do where it is not; exit 3 then",
    options: { ...config, ...json },
    load: () => import("./doctor.ts"),
  },
};
