import type { KeyObject } from "node:crypto";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Coverage } from "../coverage/coverage.ts";
import type { Lack } from "../coverage/lacks.ts";
import { type HistoryEvent, historyVersion, type RunEvent } from "../history/event.ts";
import { now } from "../now.ts";
import { evidenceFile, historyFile } from "../run-files.ts";
import { seal, sealedText } from "./dsse.ts";
import { fileDigest } from "./file-digest.ts";
import type { Inputs } from "./inputs.ts";
import { laterBuilds } from "./later-builds.ts";
import { type RunPredicate, statementsOn } from "./statement.ts";

/** What a run came to, for readers: the gate judges the history itself. */
export interface Outcome extends Pick<RunPredicate, "verdict" | "of"> {
  cells: readonly RunPredicate["cells"][number][];
  /** Of a matrix. */
  coverage?: Coverage;
  lacks?: readonly Lack[];
}

export interface Attested {
  /** Where the run's history lies. */
  folder: string;
  events: readonly HistoryEvent[];
  result: Outcome;
  images: Readonly<Record<string, string>>;
  inputs: Inputs;
  attempt: number;
  shard: RunPredicate["shard"];
  /** Private; null for evidence without a signature. */
  key: KeyObject | null;
}

/** Attests a run whose history has been written: whole or not at all, readable by its owner alone. */
export async function writeEvidence(attested: Attested): Promise<void> {
  const { folder, events, result, images, inputs, attempt, shard, key } = attested;
  const run = events[0] as HistoryEvent & RunEvent;
  const { api, workers } = run.schedule.releases;
  const predicate: RunPredicate = {
    run: run.id,
    rig: run.rig,
    at: run.epoch ?? 0,
    attempt,
    shard,
    builds: [...run.builds],
    later: [...laterBuilds(events).builds],
    images,
    releases: { api, workers },
    inputs,
    history: await fileDigest(join(folder, historyFile)),
    historyVersion,
    verdict: result.verdict,
    cells: result.cells.map(({ path, verdict }) => ({ path, verdict })),
    of: result.of,
    coverage: coverageIn(result),
  };
  const envelopes = statementsOn(predicate, now()).map((statement) => seal(JSON.stringify(statement), key));
  const file = join(folder, evidenceFile);
  await writeFile(`${file}.tmp`, sealedText(envelopes), { mode: 0o600 });
  await rename(`${file}.tmp`, file);
}

function coverageIn({ of, coverage, lacks = [] }: Outcome): RunPredicate["coverage"] {
  if (of === null || coverage === undefined) return null;
  const { notCalled, invariants } = coverage;
  return {
    notCalled: [...notCalled],
    untested: [...invariants.untested],
    lacks: lacks.map(({ what }) => what),
  };
}
