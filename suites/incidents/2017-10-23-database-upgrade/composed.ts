import commitAgain from "../../../fixtures/mutants/api/imports/commit-again-is-another-job.ts";
import leftPerforming from "../../../fixtures/mutants/api/imports/killed-perform-leaves-it.image.ts";
import performAgain from "../../../fixtures/mutants/api/imports/perform-again-is-another-job.ts";
import readyWhatever from "../../../fixtures/mutants/api/imports/ready-whatever-its-job.ts";
import dueTwice from "../../../fixtures/mutants/api/scheduled/due-job-twice.ts";
import dueTimesLeftOut from "../../../fixtures/mutants/api/scheduled/due-times-missed-left-out.ts";
import chunkDropped from "../../../fixtures/mutants/api/streams/chunk-dropped.ts";
import chunkKnownInMemory from "../../../fixtures/mutants/api/streams/chunk-known-in-memory.ts";
import columnsOfLast from "../../../fixtures/mutants/api/streams/columns-of-last-chunk.ts";
import updatesOff from "../../../fixtures/mutants/api/streams/updates-off-after-trouble.ts";
import exportByAttempt from "../../../fixtures/mutants/worker/export/export-key-by-attempt.ts";
import loadByEachAttempt from "../../../fixtures/mutants/worker/load/load-by-each-attempt.ts";
import deletesAgain from "../../../fixtures/mutants/worker/range/deletes-again.ts";
import tableExportByAttempt from "../../../fixtures/mutants/worker/table-export/table-export-key-by-attempt.ts";
import type { Evening } from "./evening.ts";
import { leaseMs } from "./service.ts";
import { partUnstored, wrongIn } from "./wrong-builds.ts";

/** Builds that are wrong in several ways at once, each with the lines by which an evening tells them. */
export const composed: readonly [what: string, Evening, lines: string[]][] = [
  [
    "under an API that drops chunks and due times, and whose sessions are ready whatever their job",
    { api: wrongIn(chunkDropped, dueTimesLeftOut, readyWhatever, performAgain), outageMs: 2 * leaseMs },
    [
      "a chunk was acknowledged and is lost",
      "a due time has passed and has no job",
      "a session is ready and its perform is no success",
      "a perform that is asked for again has another job",
    ],
  ],
  [
    "under an API that knows chunks that it could not store, forgets columns, and does things twice",
    { api: wrongIn(chunkKnownInMemory, columnsOfLast, dueTwice, commitAgain) },
    [
      "a chunk was acknowledged and its row is not in the table",
      "a table and its columns do not agree",
      "a scheduled query has a job of no due time",
      "a record was committed once and is there twice",
    ],
  ],
  [
    "under an API that no longer counts after trouble, leaves sessions performing and loses parts",
    { api: wrongIn(updatesOff, leftPerforming, partUnstored) },
    [
      "a table and what is counted of it do not agree",
      "a session and its job do not agree",
      "a part was acknowledged and is lost",
    ],
  ],
  [
    "under workers whose next attempt does again what an earlier one has done",
    {
      workers: wrongIn(loadByEachAttempt, deletesAgain, tableExportByAttempt, exportByAttempt),
      outageMs: 2 * leaseMs,
    },
    ["rows come or go under the name of no job"],
  ],
];
