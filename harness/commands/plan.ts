import { chooseCells } from "../matrix/cell.ts";
import { printShard, shardsOf } from "../matrix/shards.ts";
import { shellWords } from "../shell-words.ts";
import { openConfig } from "./shared/config.ts";
import { defaultConfig } from "./shared/defaults.ts";
import { readDurations } from "./shared/durations.ts";
import { writeResult } from "./shared/output.ts";

interface PlanFlags {
  config: string;
  api?: string;
  shards: number;
  durations?: string;
  format: keyof typeof formats;
}

interface PlannedShard {
  shard: string;
  /** Of the shard, for what may not be named with a slash. */
  index: number;
  cells: number;
  command: string;
}

/** Prints a command for each shard, in the form that a CI wants. */
export async function action(_: string[], flags: PlanFlags): Promise<void> {
  const { config } = await openConfig(flags.config);
  const cells = chooseCells(config, flags.api ?? config.current, []);
  const shards = shardsOf(cells, flags.shards, await readDurations(flags.durations));
  const planned = shards.map((shard, i): PlannedShard => {
    const name = printShard({ index: i + 1, of: shards.length });
    return { shard: name, index: i + 1, cells: shard.length, command: commandOf(name, flags) };
  });
  await writeResult(`${formats[flags.format](planned)}\n`);
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

const commandOf = (shard: string, { api, config, durations }: PlanFlags): string =>
  shellWords([
    "script/compat",
    "--shard",
    shard,
    ...(api === undefined ? [] : ["--api", api]),
    ...(durations === undefined ? [] : ["--durations", durations]),
    ...(config === defaultConfig ? [] : ["--config", config]),
  ]);
