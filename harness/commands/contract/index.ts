import { api, type CommandSpec, config, reports } from "../shared/options.ts";

const out = {
  "--out <file>": { description: "where to; standard output by default", writes: "file" as const },
};

/** What can be asked about contracts. */
export const contractCommands: Readonly<Record<string, CommandSpec>> = {
  contracts: {
    group: "contract",
    description: "write the contracts of this Interlock as one document, for `diff`",
    options: out,
    load: () => import("./contracts.ts"),
  },
  reads: {
    group: "contract",
    description:
      "run every scenario once on the simulated rig, and write what workers read of the answers that they got, for `diff --reads`",
    options: { ...config, ...api, ...out },
    load: () => import("./reads.ts"),
  },
  diff: {
    group: "contract",
    description:
      "what changed between two contracts, and whom it breaks; exit 1 when it breaks somebody, 2 when a change is to be judged",
    arguments: {
      old: "contract set of `contracts`, OpenAPI document, or name of a release; `current` are the present contracts",
      new: "the same",
    },
    options: {
      ...config,
      "--reads <file>": { description: "what consumers read, as `reads` has recorded it", reads: true },
      "--judged <fingerprint...>": {
        description:
          "changes that somebody has judged to be harmless, each by the fingerprint that it is told with",
        default: [],
      },
      ...reports,
    },
    load: () => import("./diff.ts"),
  },
};
