import { probeLack } from "../../config/probe-lack.ts";
import { UsageError } from "../../errors.ts";
import { attesting } from "../../evidence/attest.ts";
import { privateKey } from "../../evidence/dsse.ts";
import { type Cell, enginesIn } from "../../matrix/cell.ts";
import type { MatrixOptions, Ran } from "../../matrix/run-matrix.ts";
import { parseShard, probeOf, type Shard, shardsOf } from "../../matrix/shards.ts";
import { type ChoiceFlags, chosenCells, databaseOf, isPart } from "./chosen.ts";
import { openConfig } from "./config.ts";
import { readDurations } from "./durations.ts";
import { readInput } from "./input.ts";
import { mustHave, workersIn } from "./releases.ts";
import type { ReportFlags } from "./reports.ts";

export interface RunFlags extends ReportFlags, ChoiceFlags {
  config: string;
  api?: string;
  worker: string[];
  list?: true;
  probe?: true;
  shard?: string;
  durations?: string;
  sign?: string;
  attempt: number;
}

/** What the flags of a run ask for, before anything is started. */
export interface AskedMatrix
  extends Pick<
    MatrixOptions,
    "config" | "secrets" | "api" | "database" | "workers" | "cells" | "engines" | "probe"
  > {
  /** Writes the evidence of the run that was asked for. */
  attest: (ran: Ran) => Promise<void>;
}

/** @throws UsageError for what cannot be run */
export async function askedMatrix(flags: RunFlags): Promise<AskedMatrix> {
  const { config, secrets } = await openConfig(flags.config, flags.database);
  const api = flags.api ?? config.current;
  const { current } = config;
  const workers = workersIn(flags.worker, { v5: current, v6: current });
  mustHave(config, { api, ...workers });
  const key = flags.sign === undefined ? null : privateKey(await readInput(flags.sign), flags.sign);
  const shard = flags.shard === undefined ? null : parseShard(flags.shard);
  const chosen = await chosenCells(config, api, flags);
  const cells = shard === null ? chosen : await cellsOf(shard, chosen, flags);
  const engines = shard === null ? [...new Set(cells.map(({ engine }) => engine))] : enginesIn(config);
  const ofShard = shard === null || probeLack(config) !== null ? undefined : probeOf(shard);
  const probe = flags.probe ?? ofShard;
  const attest = await attesting({
    configFile: flags.config,
    database: flags.database,
    attempt: flags.attempt,
    shard,
    key,
  });
  const database = databaseOf(config, flags);
  return { config, secrets, api, database, workers, cells, engines, probe, attest };
}

/** The cells of a shard: of the whole matrix, since parts of something else never make it up. */
async function cellsOf(shard: Shard, all: readonly Cell[], flags: RunFlags): Promise<Cell[]> {
  if (isPart(flags))
    throw new UsageError(
      "--shard goes with none of --cell, --grep and --last-failed: a shard is a part of the whole matrix",
    );
  return shardsOf(all, shard.of, await readDurations(flags.durations))[shard.index - 1] as Cell[];
}
