import { mostShards } from "../../matrix/shards.ts";
import { runsFolder } from "../shared/defaults.ts";
import { api, type CommandSpec, config, database, durations, reports } from "../shared/options.ts";

/** From evidence to GO or NO-GO. */
export const releaseCommands: Readonly<Record<string, CommandSpec>> = {
  gate: {
    group: "release",
    description:
      "GO or NO-GO: judge the evidence of runs again and hold it against all that will be live together; exit 4 when somebody answers for going all the same",
    options: {
      ...config,
      ...database,
      "--deployed <file>": {
        description: "what is live, with the policy of that release",
        required: true,
        reads: true,
      },
      "--candidate <file>": { description: "the builds that are to go out", required: true, reads: true },
      "--evidence <folder...>": {
        description:
          "folders of runs, folders that hold such folders, or a store such as mysql://user@host/database or file:///mnt/evidence",
        default: [runsFolder],
      },
      "--known <file>": {
        description: "failures that are known, each with its owner and its last day",
        reads: true,
      },
      "--overrides <file>": {
        description: "overrides: who takes responsibility for which builds in spite of a NO-GO",
        reads: true,
      },
      "--missing <file>": {
        description: "write the commands that show what is missing as well, a line each; none once it is GO",
        writes: "file",
      },
      "--record <file>": {
        description: "write the decision as well, as `--json` prints it: for `holds`",
        writes: "file",
      },
      ...reports,
    },
    load: () => import("./gate.ts"),
  },
  holds: {
    group: "release",
    description:
      "say, before builds are deployed, whether what the gate decided still holds for them: exit 0 for GO, 4 while somebody answers for going all the same, 2 for all else",
    arguments: { file: "what `gate --record` has written, or `gate --json` printed" },
    options: {
      "--deployed <file>": {
        description: "what is live now: the file that the gate was given",
        required: true,
        reads: true,
      },
      "--candidate <file>": { description: "the builds that go out now", required: true, reads: true },
      ...reports,
    },
    load: () => import("./holds.ts"),
  },
  plan: {
    group: "release",
    description: "print the commands that run the matrix in shards, one for each",
    options: {
      ...config,
      ...api,
      ...database,
      "--shards <number>": { description: "how many", range: [1, mostShards], required: true },
      "--together": {
        description: "that many shards for each combination of releases that the config's skew policy allows",
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
    group: "release",
    description:
      "judge the shards of one matrix again, as one matrix; exit 2 when one is missing or belongs to another",
    arguments: { folder: "folder with the shards' folders" },
    options: {
      // What the shards were run with, for the command that is printed of one that is missing.
      ...config,
      ...database,
      ...durations,
      ...reports,
    },
    load: () => import("./merge.ts"),
  },
  store: {
    group: "release",
    description: "keep evidence in a MySQL or a folder that several machines share, for `gate --evidence`",
    arguments: {
      url: "mysql://user@host/database, its password may be in INTERLOCK_STORE_PASSWORD; or file:///mnt/evidence",
    },
    options: {
      "--put <folder...>": {
        description:
          "runs to keep there, or folders that hold such; what no gate could read is named, and not kept",
        default: [],
      },
      "--migrate": { description: "make the tables that it lacks, or the folder; by whoever owns it" },
    },
    load: () => import("../store/store.ts"),
  },
  attested: {
    group: "release",
    description:
      "print the builds that a run has attested, as a file for `gate --candidate` or `gate --deployed`",
    arguments: { folder: "a run's folder" },
    options: {
      ...config,
      ...database,
      "--component <name...>": { description: "only these components", default: [] },
      "--policy": { description: "with the policy of the config: a file for `gate --deployed`" },
      "--faults <file...>": {
        description: "with --policy: schedules that every candidate must pass in containers as well",
        default: [],
      },
      "--plans <file...>": {
        description:
          "with --policy: rolling plans that lead from what is live to every candidate, which must pass in containers",
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
  claiming: {
    group: "release",
    description:
      "ask the database of the live system who claims jobs, and print the list of what is live with that in it, for `gate --deployed`",
    arguments: { file: "what is live, as `attested --policy` has printed it" },
    options: {
      ...config,
      ...database,
      "--server <url>": {
        description: "the live MySQL, such as mysql://user:password@host:3306; it is only read",
        required: true,
      },
    },
    load: () => import("./claiming.ts"),
  },
};
