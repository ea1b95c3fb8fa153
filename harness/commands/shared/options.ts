import { type FormatName, formats, printed } from "../../report/formats/index.ts";
import { defaultConfig, reportsFolder } from "./defaults.ts";
import { reportFiles } from "./report-files.ts";

/** An option of a command; its flags, such as `--api <release>`, are its key. */
export interface OptionSpec {
  description: string;
  default?: string | number | readonly string[];
  choices?: readonly string[];
  /** Without it the command has nothing to do. */
  required?: true;
  /** For whole numbers: the smallest and the largest that is accepted. */
  range?: readonly [least: number, most: number];
  /** Its value is read: no output may take its place. */
  reads?: true;
  /** Its value is written; `whole file` is put in the place of what was there. A function names the files that it stands for. */
  writes?: "file" | "whole file" | "folder" | ((value: string) => string[]);
}

/** What a command does with its arguments and flags. It sets `process.exitCode` where that is not 0. */
type Action = (args: string[], flags: never) => Promise<void>;

/** Headings of the help, in its order. */
export const groups = {
  begin: "Begin:",
  run: "Run a system and judge it:",
  again: "Look at a failure again:",
  release: "Decide on a release:",
  contract: "Compare contracts:",
  look: "Cells and leftovers:",
  own: "Test Interlock itself:",
} as const;

export interface CommandSpec {
  group: keyof typeof groups;
  description: string;
  /** Descriptions by name, all required. */
  arguments?: Readonly<Record<string, string>>;
  options: Readonly<Record<string, OptionSpec>>;
  load: () => Promise<{ action: Action }>;
}

/** Options that several commands have. */

export const config = {
  "--config <file>": { description: "systems under test", default: defaultConfig, reads: true as const },
};
export const json = { "--json": { description: formats.json.description } };
export const api = {
  "--api <release>": { description: "release of the API; the config's current one by default" },
};
export const database = {
  "--database <name>": {
    description: "database that the system runs on, such as mariadb-10.11; the config's first by default",
  },
};
export const worker = {
  "--worker <generation=release...>": {
    description: "release of the workers of a generation, such as v5=2015-08; the current one by default",
    default: [],
  },
};
export const sign = {
  "--sign <key>": {
    description: "sign the evidence with this Ed25519 private key, a file in PEM",
    reads: true as const,
  },
};
export const evidence = {
  ...sign,
  "--attempt <number>": {
    description: "1 for the first try of this run in CI, 2 for the second, and so on",
    range: [1, 10_000] as const,
    default: 1,
  },
};
export const durations = {
  "--durations <result>": {
    description:
      "result.json of an earlier run: its times balance the shards; give every shard the same file",
    reads: true as const,
  },
};
export const cell = {
  "--cell <path...>": {
    description: "only cells whose path matches; * within a part, ** across parts",
    default: [],
  },
};
export const grep = {
  "--grep <pattern>": { description: "only cells whose path matches this regular expression" },
};
export const choice = {
  ...grep,
  "--last-failed": { description: "only cells that were not green in the last run that is kept here" },
  "--list": { description: "print the cells that would run, and run none" },
};
/** A flag for each format but the one that is printed without any. */
const formatFlags = Object.fromEntries(
  (Object.keys(formats) as FormatName[])
    .filter((name) => name !== printed)
    .map((name) => {
      const { to, description } = formats[name];
      return to === "file"
        ? [`--${name} <file>`, { description, writes: "file" as const }]
        : [`--${name}`, { description }];
    }),
);
const sinceReport =
  "say what has changed since an earlier report: result.json of a run, or what --ctrf wrote";
export const reports = {
  ...formatFlags,
  "--reporter <names>": {
    description: `formats by name, such as json,junit; files go to ${reportsFolder}: ${Object.keys(formats).join(", ")}`,
    writes: reportFiles,
  },
  // Its report may be written anew: it is read first.
  "--since <report>": { description: sinceReport },
};
/** Runs of the same may be kept. */
export const runReports = {
  ...reports,
  "--since <report>": {
    description: `${sinceReport}; \`last-green\` is the newest kept run of the same that was green`,
  },
};
export const rig = (choices: readonly string[], description: string) => ({
  "--rig <rig>": { description, choices, default: "simulated" },
});
