import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { evidenceFolders, readEvidence } from "../../harness/evidence/read.ts";
import { writeEvidence } from "../../harness/evidence/write.ts";
import { decide } from "../../harness/gate/decide.ts";
import { gatherAll } from "../../harness/gate/gather.ts";
import { merge } from "../../harness/gate/merge.ts";
import { candidateRun, cellOf, questionWith } from "../../harness/gate/testing/question.ts";
import type { HistoryEvent, RunEvent } from "../../harness/history/event.ts";
import { keepHistory } from "../../harness/history/write.ts";
import { judgeHistory } from "../../harness/invariants/judge.ts";
import { judgeCells, summarise } from "../../harness/matrix/result.ts";
import { checkReport } from "../../harness/report/check.ts";
import { rendered } from "../../harness/report/format.ts";
import { formats } from "../../harness/report/formats/index.ts";
import { mergeReport } from "../../harness/report/merge.ts";
import { resultFile } from "../../harness/run-files.ts";
import { jobPaths } from "../../harness/schedule/paths.ts";
import { Secrets, sha256 } from "../../harness/secrets.ts";
import { largeRun } from "../../harness/testing/large-run.ts";

/** What is measured at sizes that grow. */
export interface Subject {
  /** What is done. */
  title: string;
  /** What there is more and more of. */
  over: string;
  sizes: readonly number[];
  /**
   * Makes what one round needs, outside of what is measured; the round itself is what is returned. Nothing that it is given was
   * seen by a round before: what is remembered of an object would be measured instead.
   */
  prepare: (size: number, folder: string) => Promise<() => Promise<unknown>>;
}

/** Events of a cell's timeline, as in the page of `script/bench page`. */
const events = 200;

const builds = ["api", "worker-v5"].map((component) => ({
  component,
  release: "current",
  digest: sha256(component),
  image: null,
}));

/** As read from a file: no two events share an object. Its scenarios are named by their part of a matrix. */
function historyOf(cells: number, part = "scenario"): HistoryEvent[] {
  const text = JSON.stringify(largeRun({ cells, events })).replaceAll('"scenario-', `"${part}-`);
  const [run, ...rest] = JSON.parse(text) as [HistoryEvent & RunEvent, ...HistoryEvent[]];
  return [{ ...run, builds }, ...rest];
}

/** One of the shards of a matrix. */
function shardOf(cells: number, of: number, part: string): HistoryEvent[] {
  const [run, ...rest] = historyOf(cells, part) as [HistoryEvent & RunEvent, ...HistoryEvent[]];
  return [{ ...run, matrix: { cells: of, engines: ["presto", "hive-cdh4"] } }, ...rest];
}

const inputs = { harness: sha256("harness"), config: sha256("config") };

async function attest(
  folder: string,
  ran: readonly HistoryEvent[],
  result: Parameters<typeof writeEvidence>[0]["result"],
  more: { shard?: { index: number; of: number }; key?: KeyObject } = {},
): Promise<void> {
  const { shard = null, key = null } = more;
  await writeEvidence({ folder, events: ran, result, images: {}, inputs, attempt: 1, shard, key });
}

/** Judges the parts of a matrix, writes down what each came to, reads them again and merges them. */
async function prepareMatrix(cells: number, folder: string) {
  const shards = 2;
  const parts = Array.from({ length: shards }, (_, i) => shardOf(cells / shards, cells, `part-${i + 1}`));
  return async () => {
    for (const [i, part] of parts.entries()) {
      const own = join(folder, `shard-${i + 1}`);
      await mkdir(own, { recursive: true });
      const run = part[0] as HistoryEvent & RunEvent;
      const result = summarise({
        runId: run.id,
        api: run.schedule.releases.api,
        folder: own,
        startedAt: new Date(0).toISOString(),
        millis: 0,
        identities: [],
        ...judgeCells(jobPaths(run.schedule), part),
      });
      await keepHistory({ folder: own, secrets: new Secrets() }, part);
      await writeFile(join(own, resultFile), JSON.stringify(result, null, 2));
      await attest(own, part, result, { shard: { index: i + 1, of: shards } });
    }
    const { proofs, damaged } = await gatherAll([folder], { keys: [], note: () => {} });
    const merged = merge(proofs, damaged);
    const judged = proofs.reduce((sum, proof) => sum + proof.cells.length, 0);
    if (judged !== cells || merged.cells.length !== cells)
      throw new Error(`bench: ${judged} of ${cells} cells were read again; ${merged.reasons.join("; ")}`);
    return mergeReport(merged);
  };
}

/** Verdicts of one run of the matrix. */
const perRun = 1_000;

/** Reads signed evidence of many runs, and decides on as many verdicts. */
async function prepareStore(verdicts: number, folder: string) {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const ran = historyOf(1);
  const runs = verdicts / perRun;
  const paths = Array.from({ length: perRun }, (_, i) => ({
    path: `current/v5-presto/cell-${i}`,
    verdict: "pass" as const,
  }));
  for (let i = 0; i < runs; i += 1) {
    const own = join(folder, `run-${i}`);
    await mkdir(own);
    await keepHistory({ folder: own, secrets: new Secrets() }, ran);
    await attest(own, ran, { verdict: "pass", of: perRun, cells: paths }, { key: privateKey });
  }
  const cells = paths.map(({ path }) => cellOf(path.slice(path.indexOf("/") + 1)));
  const proofs = Array.from({ length: runs }, (_, i) => candidateRun({ folder: `run-${i}`, cells }));
  return async () => {
    let read = 0;
    for (const one of await evidenceFolders([folder])) {
      const evidence = await readEvidence(one, [publicKey]);
      if ("predicate" in evidence && evidence.signer !== null) read += evidence.predicate.cells.length;
    }
    if (read !== verdicts) throw new Error(`bench: ${read} of ${verdicts} verdicts were believed`);
    return decide(questionWith({ proofs }));
  };
}

export const subjects = {
  judge: {
    title: "judging a history: invariants and model",
    over: "events",
    sizes: [1_000, 10_000, 100_000, 1_000_000],
    prepare: async (size) => {
      const history = historyOf(size / events);
      return async () => judgeHistory(history);
    },
  },
  matrix: {
    title: "results of a matrix: judged, written, read again and merged",
    over: "cells",
    sizes: [10, 32, 100, 320, 1_000],
    prepare: prepareMatrix,
  },
  store: {
    title: "a store of evidence: read, verified and decided on",
    over: "verdicts",
    sizes: [1_000, 10_000, 100_000],
    prepare: prepareStore,
  },
  page: {
    title: "HTML report",
    over: "cells",
    sizes: [10, 32, 100, 320, 1_000],
    prepare: async (cells, folder) => {
      const history = historyOf(cells);
      const judgement = judgeHistory(history);
      return async () => {
        const report = checkReport({ file: "large", events: history, judgement, unfired: [] });
        await writeFile(join(folder, "large.html"), await rendered(formats.html, report, (text) => text));
      };
    },
  },
} as const satisfies Readonly<Record<string, Subject>>;

export type SubjectName = keyof typeof subjects;
