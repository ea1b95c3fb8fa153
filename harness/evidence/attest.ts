import type { KeyObject } from "node:crypto";
import { loadSettings } from "../config/load-config.ts";
import type { RunEvent } from "../history/event.ts";
import type { Ran } from "../matrix/run-matrix.ts";
import { configDigest, harnessDigest } from "./inputs.ts";
import type { RunPredicate } from "./statement.ts";
import { writeEvidence } from "./write.ts";

export interface AttestOptions {
  configFile: string;
  attempt: number;
  shard: RunPredicate["shard"];
  /** Private; null for evidence without a signature. */
  key: KeyObject | null;
}

/** Writes the evidence of a run beside its history. */
export const attest =
  ({ configFile, attempt, shard, key }: AttestOptions) =>
  async ({ events, result, images }: Ran): Promise<void> => {
    const { schedule } = events[0] as RunEvent & (typeof events)[number];
    const [harness, { config }] = await Promise.all([harnessDigest(), loadSettings(configFile)]);
    await writeEvidence({
      folder: result.folder,
      events,
      result,
      images: Object.fromEntries(images),
      inputs: { harness, config: configDigest(config, schedule.releases) },
      attempt,
      shard,
      key,
    });
  };
