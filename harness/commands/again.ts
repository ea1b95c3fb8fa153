import { rigNames } from "../rigs/index.ts";
import { type CommandSpec, config, database, evidence, reports, rig } from "./shared/options.ts";

/** What looks at a failure again. */
export const againCommands: Readonly<Record<string, CommandSpec>> = {
  replay: {
    group: "again",
    description:
      "run a counterexample again: exit 1 when the violation repeats, 2 when it does not; or a schedule: exit 1 when it breaks an invariant",
    arguments: { file: "counterexample or schedule" },
    options: {
      ...config,
      ...rig(rigNames, "what to run it on; containers leave evidence for the gate"),
      "--api <release>": {
        description:
          "release of the API instead of the file's; a counterexample is then a schedule like any other",
      },
      "--worker <generation=release...>": {
        description: "release of the workers of a generation instead of the file's, such as v5=2015-08",
        default: [],
      },
      "--to <component=release...>": {
        description:
          "release that the version steps of a rolling plan lead to instead of the file's, such as api=next v5=next",
        default: [],
      },
      "--digest <sha256>": {
        description: "refuse the file unless its schedule has this digest, as the gate asks for it",
      },
      ...database,
      ...evidence,
      "--causality": {
        description:
          "simulated: how likely the violation is at each event, by 100 continuations at random; --html draws it under the timeline",
      },
      "--until <event>": {
        description:
          "containers: stop at this event and keep the system up until Ctrl-C: fault:N, call:OPERATION[:N] or job:N:STATUS; exit 2",
      },
      ...reports,
    },
    load: () => import("./replay.ts"),
  },
  shrink: {
    group: "again",
    description: "write the smallest counterexample of a failing schedule; exit 2 when nothing fails",
    arguments: { file: "schedule or counterexample" },
    options: {
      ...config,
      "--invariant <id>": {
        description:
          "the invariant that must stay broken; else that of the counterexample, or the first that breaks",
      },
      "--out <file>": {
        description: "where to write it; else under .interlock/counterexamples",
        writes: "whole file",
      },
    },
    load: () => import("./shrink.ts"),
  },
  check: {
    group: "again",
    description: "judge a recorded history again: exit 1 when an invariant is broken",
    arguments: { file: "history of any rig, as JSON lines" },
    options: reports,
    load: () => import("./check.ts"),
  },
};
