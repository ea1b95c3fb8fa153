import { mostShards } from "../matrix/shards.ts";
import { rigNames } from "../rigs/index.ts";
import { contractCommands } from "./contract/index.ts";
import { runsFolder, usualLoad } from "./shared/defaults.ts";
import {
  api,
  type CommandSpec,
  cell,
  choice,
  config,
  durations,
  evidence,
  grep,
  json,
  reports,
  rig,
  sign,
  worker,
} from "./shared/options.ts";
import { startCommands } from "./start/index.ts";

/** What `interlock` can be asked for. Help is made from this table alone; a command's modules load when it runs. */
export const commands: Readonly<Record<string, CommandSpec>> = {
  ...startCommands,
  run: {
    description: "run the matrix in containers: every scenario with every engine",
    options: {
      ...config,
      ...api,
      ...worker,
      ...cell,
      ...choice,
      "--probe": {
        description: "put the API to the test with a part of the matrix too; the whole does so in any case",
      },
      "--shard <i/n>": { description: "one of n parts of the matrix, such as 2/4, for `merge` or the gate" },
      ...durations,
      ...evidence,
      ...reports,
    },
    load: () => import("./run.ts"),
  },
  up: {
    description:
      "bring the system up, say how to reach it, and keep it until Ctrl-C; exit 1 when what was done meanwhile broke an invariant, 2 when nothing was done",
    options: {
      ...config,
      ...api,
      "--without <worker...>": {
        description: "workers of the config that are not started: they are started by hand, or not at all",
        default: [],
      },
      ...reports,
    },
    load: () => import("./up.ts"),
  },
  explore: {
    description:
      "run schedules with faults: all singles, pairs, random ones; exit 1 when an invariant breaks",
    options: {
      ...config,
      ...rig(rigNames, "what to run them on"),
      ...api,
      ...cell,
      ...grep,
      "--seed <number>": {
        description: "decides latencies, jitter and random schedules",
        range: [0, 0xffff_ffff],
        default: 1,
      },
      "--random <number>": {
        description: "random schedules after the single faults and pairs; by default as many as suit the rig",
        range: [0, 100_000_000],
      },
      "--grid": { description: "outages of every length up to a day as well" },
      "--minutes <number>": {
        description: "containers: stop after so many minutes and say what was left out",
        range: [1, 10_000],
        default: 30,
      },
      ...reports,
    },
    load: () => import("./explore.ts"),
  },
  rollout: {
    description:
      "roll through the releases that the config's skew policy lets live together, step by step, there and back; exit 1 when an invariant breaks or a job ends otherwise than without the steps",
    options: {
      ...config,
      "--api <release>": {
        description: "roll from the current API to this one, which takes the same workers",
      },
      "--seed <number>": {
        description: "decides latencies, jitter and the long plans",
        range: [0, 0xffff_ffff],
        default: 1,
      },
      "--random <number>": {
        description: "long plans of each window, up to 40 steps there and half as many back",
        range: [0, 1_000_000],
        default: 25,
      },
      "--dry-run": { description: "print the short plans as trees and run nothing" },
      ...reports,
    },
    load: () => import("./rollout.ts"),
  },
  cost: {
    description:
      "count what the candidate costs beside what is deployed: statements, rows, connections, bytes, locks, calls, files and memory; exit 1 when something is more than 1.25 times as much",
    options: {
      ...config,
      "--api <release>": { description: "the candidate's API; the config's current one by default" },
      ...worker,
      "--deployed-api <release>": {
        description: "the API that is deployed; the config's current one by default",
      },
      "--deployed-worker <generation=release...>": {
        description: "the same of the workers of a generation, such as v5=2015-08",
        default: [],
      },
      "--finished <number>": {
        description: "ended jobs in the database beforehand",
        range: [0, 10_000_000],
        default: usualLoad.finished,
      },
      "--jobs <number>": {
        description: "jobs that the workers run; two thirds of them wait while calls are counted",
        range: [30, 100_000],
        default: usualLoad.jobs,
      },
      ...sign,
      ...reports,
    },
    load: () => import("./cost.ts"),
  },
  "query-plans": {
    description:
      "judge how the statements of the API go through its tables, by MySQL's own plans for tables as large as declared; exit 1 when one goes through a large table",
    options: {
      ...config,
      ...api,
      ...worker,
      "--finished <number>": {
        description: "ended jobs in the database beforehand",
        range: [0, 10_000_000],
        default: usualLoad.finished,
      },
      "--server <url>": {
        description: "judge what this MySQL has executed instead: mysql://user:password@host:port",
      },
      "--sizes <file>": {
        description: "with --server: JSON with the rows of its tables, by schema and table",
      },
      ...reports,
    },
    load: () => import("./query-plans/query-plans.ts"),
  },
  replay: {
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
      "--digest <sha256>": {
        description: "refuse a file with another schedule than the one that the gate asks for",
      },
      ...evidence,
      "--until <event>": {
        description:
          "containers: stand still there with the system up until Ctrl-C: fault:N, call:OPERATION[:N] or job:N:STATUS; exit 2",
      },
      ...reports,
    },
    load: () => import("./replay.ts"),
  },
  shrink: {
    description: "write the smallest counterexample of a failing schedule; exit 2 when nothing fails",
    arguments: { file: "schedule or counterexample" },
    options: {
      ...config,
      "--invariant <id>": {
        description: "the one to keep broken; else the counterexample's, or the first that breaks",
      },
      "--out <file>": { description: "where to write it; else under .interlock/counterexamples" },
    },
    load: () => import("./shrink.ts"),
  },
  check: {
    description: "judge a recorded history again: exit 1 when an invariant is broken",
    arguments: { file: "history of any rig, as JSON lines" },
    options: reports,
    load: () => import("./check.ts"),
  },
  ...contractCommands,
  gate: {
    description:
      "GO or NO-GO: judge the evidence of runs again and hold it against all that will be live together; exit 4 when somebody answers for going all the same",
    options: {
      ...config,
      "--deployed <file>": { description: "what is live, with the policy of that release", required: true },
      "--candidate <file>": { description: "the builds that are to go out", required: true },
      "--evidence <folder...>": {
        description: "folders of runs, or folders of those",
        default: [runsFolder],
      },
      "--known <file>": { description: "failures that are known, each with its owner and its last day" },
      "--overrides <file>": { description: "who answers for which builds in spite of a NO-GO" },
      ...reports,
    },
    load: () => import("./gate.ts"),
  },
  plan: {
    description: "print how the matrix is run as so many shards, each a command of its own",
    options: {
      ...config,
      ...api,
      "--shards <number>": { description: "how many", range: [1, mostShards], required: true },
      "--together": {
        description: "so many for each combination of releases that the config's skew policy allows",
      },
      ...durations,
      "--format <format>": {
        description: "github: a matrix for `strategy`; gitlab: one for `parallel`",
        choices: ["json", "github", "gitlab"],
        default: "json",
      },
    },
    load: () => import("./plan.ts"),
  },
  merge: {
    description:
      "judge the shards of one matrix again as the whole that they make up; exit 2 when they make up none",
    arguments: { folder: "folder with the shards' folders" },
    options: reports,
    load: () => import("./merge.ts"),
  },
  attested: {
    description: "print the builds that a run attested, as the gate takes them for a candidate",
    arguments: { folder: "a run's folder" },
    options: {
      ...config,
      "--component <name...>": { description: "only these components", default: [] },
      "--policy": { description: "and what the config asks for, as the gate takes both for what is live" },
      "--faults <file...>": {
        description: "with --policy: schedules that every candidate must pass in containers as well",
        default: [],
      },
      "--kills <file...>": {
        description:
          "with --policy: counterexamples of mutants, which this Interlock must find again in containers",
        default: [],
      },
      "--cost": {
        description: "with --policy: every candidate must be held against what is live by `cost` as well",
      },
      "--controls <file...>": {
        description: "with --policy: schedules that break nothing on the releases that they name",
        default: [],
      },
    },
    load: () => import("./attested.ts"),
  },
  mutants: {
    description: "show that every mutant is killed by its own invariant, and that every control stays green",
    options: {
      ...config,
      ...rig(
        ["simulated", "containers"],
        "containers: those with images, killed again there by the same counterexamples",
      ),
      "--only <id...>": { description: "only these mutants and controls", default: [] },
      "--save <folder>": { description: "where to keep the counterexamples, each as <id>.json" },
      ...reports,
    },
    load: () => import("./mutants.ts"),
  },
  cells: {
    description: "list the cells of one API release, for --cell",
    options: { ...config, ...api, ...json },
    load: () => import("./cells.ts"),
  },
  clean: {
    description:
      "remove what runs have left: containers, networks, volumes and processes with Interlock's labels",
    options: { "--dead": { description: "only what belongs to runs whose process is gone" } },
    load: () => import("./clean.ts"),
  },
};
