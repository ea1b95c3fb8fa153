import type { Config } from "../../config/config.ts";
import { UsageError } from "../../errors.ts";
import { commandTo } from "../../installation.ts";
import { chooseCells } from "../../matrix/cell.ts";
import { printShard, shardsOf } from "../../matrix/shards.ts";
import { releaseFlags } from "../../shell-words.ts";
import { combinationsOf } from "../../skew/combinations.ts";
import { releasesInWords } from "../../skew/window.ts";
import { openConfig } from "../shared/config.ts";
import { readDurations } from "../shared/durations.ts";
import { writeResult } from "../shared/output.ts";
import { usablePolicy } from "../shared/policy.ts";

interface PlanFlags {
  config: string;
  api?: string;
  database?: string;
  shards: number;
  together?: boolean;
  durations?: string;
  format: keyof typeof formats;
}

interface PlannedShard {
  shard: string;
  /** Of this one among all that are planned, for what may not be named with a slash. */
  index: number;
  /** With `--together`: which releases it is run on. */
  releases?: string;
  cells: number;
  command: string;
}

/** Prints a command for each shard, in the form that a CI wants. */
export async function action(_: string[], flags: PlanFlags): Promise<void> {
  const { config } = await openConfig(flags.config, flags.database);
  const durations = await readDurations(flags.durations);
  const planned = runsOf(config, flags).flatMap(({ releases, api, words }) => {
    const shards = shardsOf(chooseCells(config, api, []), flags.shards, durations);
    return shards.map((shard, i): Omit<PlannedShard, "index"> => {
      const name = printShard({ index: i + 1, of: shards.length });
      return { shard: name, ...releases, cells: shard.length, command: commandOf(name, words) };
    });
  });
  const indexed = planned.map(({ shard, ...rest }, i) => ({ shard, index: i + 1, ...rest }));
  await writeResult(`${formats[flags.format](indexed)}\n`);
}

interface Matrix {
  api: string;
  /** The flags that say so. */
  words: readonly string[];
  releases: { releases?: string };
}

/** The matrix that is asked for, or one for each combination that the policy allows. */
function runsOf(config: Config, { api, together, config: file }: PlanFlags): Matrix[] {
  if (together !== true)
    return [{ api: api ?? config.current, words: api === undefined ? [] : ["--api", api], releases: {} }];
  if (api !== undefined) throw new UsageError("--together runs every API of the policy: leave --api out");
  return combinationsOf(usablePolicy(config, file)).map((releases) => ({
    api: releases.api,
    words: releaseFlags(releases),
    releases: { releases: releasesInWords(releases) },
  }));
}

const formats = {
  json: (shards: readonly PlannedShard[]) => JSON.stringify({ shards }),
  github: (shards: readonly PlannedShard[]) => JSON.stringify({ include: shards }),
  // JSON is YAML.
  gitlab: (shards: readonly PlannedShard[]) =>
    JSON.stringify({
      parallel: { matrix: shards.map(({ shard, command }) => ({ SHARD: shard, COMMAND: command })) },
    }),
};

const commandOf = (shard: string, releases: readonly string[]): string =>
  commandTo("run", "--shard", shard, ...releases);
