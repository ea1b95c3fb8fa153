import { rigNames } from "../rigs/index.ts";
import { againCommands } from "./again.ts";
import { contractCommands } from "./contract/index.ts";
import { releaseCommands } from "./release/index.ts";
import { usualLoad } from "./shared/defaults.ts";
import {
  api,
  type CommandSpec,
  cell,
  choice,
  config,
  database,
  durations,
  evidence,
  grep,
  json,
  reports,
  rig,
  runReports,
  sign,
  worker,
} from "./shared/options.ts";
import { startCommands } from "./start/index.ts";

/** What `interlock` can be asked for. Help is made from this table alone; a command's modules load when it runs. */
export const commands: Readonly<Record<string, CommandSpec>> = {
  ...startCommands,
  run: {
    group: "run",
    description: "run the matrix in containers: every scenario with every engine",
    options: {
      ...config,
      ...api,
      ...database,
      ...worker,
      ...cell,
      ...choice,
      "--probe": {
        description:
          "probe the API with wrong and stale calls, also where only some cells run; the whole matrix always does",
      },
      "--shard <i/n>": { description: "one of n parts of the matrix, such as 2/4, for `merge` or the gate" },
      ...durations,
      ...evidence,
      ...runReports,
    },
    load: () => import("./run.ts"),
  },
  up: {
    group: "run",
    description:
      "start the system, say how to reach it, and keep it until Ctrl-C; exit 1 when an invariant was broken meanwhile, 2 when nobody used it",
    options: {
      ...config,
      ...api,
      ...database,
      "--without <worker...>": {
        description: "do not start these workers of the config; start them by hand, or not at all",
        default: [],
      },
      ...reports,
    },
    load: () => import("./up.ts"),
  },
  explore: {
    group: "run",
    description:
      "run schedules with faults: every single fault, pairs, random ones; exit 1 when an invariant breaks",
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
      "--pairs <i/n>": { description: "of the pairs of faults the i-th of n parts alone, such as 2/8" },
      "--grid": { description: "outages of every length up to a day as well" },
      "--minutes <number>": {
        description: "containers: stop after this many minutes and say what was left out",
        range: [1, 10_000],
        default: 30,
      },
      ...reports,
    },
    load: () => import("./explore.ts"),
  },
  rollout: {
    group: "run",
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
      ...rig(
        ["simulated", "containers"],
        "containers run a plan for each order of steps of the window ahead, on images, and leave evidence; simulated runs code in this process",
      ),
      ...evidence,
      "--dry-run": { description: "print the short plans as trees and run nothing" },
      "--save <folder>": {
        description:
          "write a plan for each order of steps that containers can run, for the gate, and run nothing",
        writes: "folder",
      },
      ...reports,
    },
    load: () => import("./rollout.ts"),
  },
  cost: {
    group: "run",
    description:
      "count what the candidate costs beside what is deployed: statements, rows, connections, bytes, locks, calls, files and memory; exit 1 when something is more than 1.25 times as much",
    options: {
      ...config,
      "--api <release>": { description: "the candidate's API; the config's current one by default" },
      ...database,
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
    group: "run",
    description:
      "judge how the statements of the API go through its tables, by MySQL's own plans for tables as large as declared; exit 1 when one goes through a large table",
    options: {
      ...config,
      ...api,
      ...database,
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
        reads: true,
      },
      ...reports,
    },
    load: () => import("./query-plans/query-plans.ts"),
  },
  sessions: {
    group: "run",
    description:
      "judge what the connections to MySQL use (TLS, character set, SQL mode, isolation, time zone, connections a second) by what is pinned; exit 1 when one uses something else",
    options: {
      ...config,
      ...api,
      ...database,
      ...worker,
      "--server <url>": {
        description:
          "watch what connects to this MySQL by a port of this machine, until Ctrl-C: mysql://user:password@host:port",
      },
      "--pins <file>": {
        description: "with --server: JSON with what is pinned of each account's connections",
        reads: true,
      },
      "--listen <port>": {
        description: "with --server: the port; 0 for any that is free",
        range: [0, 65_535],
        default: 0,
      },
      ...reports,
    },
    load: () => import("./sessions/sessions.ts"),
  },
  ...againCommands,
  ...contractCommands,
  ...releaseCommands,
  mutants: {
    group: "own",
    description: "show that every mutant is killed by its own invariant, and that every control stays green",
    options: {
      ...config,
      ...rig(
        ["simulated", "containers"],
        "containers: only mutants that have images; their counterexamples are repeated there",
      ),
      "--only <id...>": { description: "only these mutants and controls", default: [] },
      "--save <folder>": {
        description: "where to keep the counterexamples, each as <id>.json",
        writes: "folder",
      },
      ...reports,
    },
    load: () => import("./mutants.ts"),
  },
  cells: {
    group: "look",
    description: "list the cells of one API release, for --cell",
    options: { ...config, ...api, ...json },
    load: () => import("./cells.ts"),
  },
  clean: {
    group: "look",
    description:
      "remove the containers, networks, volumes and processes of runs whose process is gone; safe beside other runs",
    options: {
      "--all": { description: "also those of runs that are under way, which end by that" },
    },
    load: () => import("./clean.ts"),
  },
};
