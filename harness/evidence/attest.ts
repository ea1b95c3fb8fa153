import type { KeyObject } from "node:crypto";
import { loadSettings } from "../config/load-config.ts";
import { InfrastructureError } from "../errors.ts";
import type { HistoryEvent, RunEvent } from "../history/event.ts";
import { configDigest, harnessDigest, laterIn } from "./inputs.ts";
import type { RunPredicate } from "./statement.ts";
import { type Outcome, writeEvidence } from "./write.ts";

/** A run that is over and written down. */
interface Kept {
  events: readonly HistoryEvent[];
  result: Outcome & { folder: string };
  images: ReadonlyMap<string, string>;
}

export interface AttestOptions {
  configFile: string;
  database?: string | undefined;
  attempt: number;
  shard: RunPredicate["shard"];
  /** Private; null for evidence without a signature. */
  key: KeyObject | null;
}

/**
 * Takes down what is about to run, and gives what writes the evidence of the run beside its history.
 *
 * @throws InfrastructureError where Interlock's own code was changed while it ran
 */
export async function attesting({
  configFile,
  database,
  attempt,
  shard,
  key,
}: AttestOptions): Promise<(kept: Kept) => Promise<void>> {
  const [harness, { config }] = await Promise.all([harnessDigest(), loadSettings(configFile, database)]);
  return async ({ events, result, images }) => {
    const { schedule } = events[0] as RunEvent & HistoryEvent;
    await mustBe(harness);
    await writeEvidence({
      folder: result.folder,
      events,
      result,
      images: Object.fromEntries(images),
      inputs: { harness, config: configDigest(config, schedule.releases, laterIn(schedule)) },
      attempt,
      shard,
      key,
    });
  };
}

/** @throws InfrastructureError where Interlock's own code is not what it was when the run began */
export async function mustBe(harness: string): Promise<void> {
  if ((await harnessDigest()) === harness) return;
  throw new InfrastructureError({
    component: "evidence",
    expected: "the code of Interlock to stay as it is during a run",
    happened: "it was changed meanwhile: nobody can say which code has run",
    next: "run it again",
  });
}
