import { isDeepStrictEqual } from "node:util";
import { rowsChecksum } from "../../contracts/checksum.ts";
import type { Landed } from "../destinations/destination.ts";
import type { Call } from "../history/calls.ts";
import type { JobRecord } from "../history/event.ts";
import type { PromisedJob } from "../history/job-history.ts";
import { endingReport, heldWith, saidRefused } from "../history/work.ts";
import {
  carriedRows,
  destinationOf,
  expectedAt,
  isRefused,
  loadsOf,
  recordsOf,
  serviceTableOf,
  tableUseOf,
} from "../schedule/scenario.ts";
import { isOrdered } from "../schedule/source-table.ts";
import { isFilling, statementOf } from "../schedule/statements.ts";
import { targetOf } from "../schedule/targets.ts";
import { compareRows } from "../world/rows.ts";
import { type Allowance, traceProblems } from "../world/trace-problems.ts";
import type { Trace } from "../world/traces.ts";
import type { Change, Content } from "../world/world.ts";
import { againstOrder, againstReport, type Contradiction, ofPromise } from "./invariant.ts";

/** I2, I3 and I4 check the rows where the order of a job points; this checks everything else. */
export const nothingElseChanged = ofPromise({
  id: "F",
  name: "frame",
  definition:
    "Nothing else has changed: in warehouses, destinations and tables of the API the run leaves only what its jobs promise, with the promised names, columns, keys and records.",
  applies: ({ changes, final }) => changes !== null || final.record !== undefined,
  witnesses: (history) => [
    ...againstOrder(history, history.world ?? history.final, placeProblems(history)),
    ...allRecordProblems(history),
  ],
});

/** What is wrong with places in the end; of places whose end tells nothing, what was done to them meanwhile. */
function placeProblems(history: PromisedJob): string[] {
  const told = new Map(
    (history.changes ?? []).map((change) => [change.place, changeProblems(history, change)]),
  );
  const traced = history.traces.flatMap((trace) =>
    (told.get(trace.place) ?? []).length > 0 ? [] : traceProblems(trace, allowanceOf(history, trace)),
  );
  return [...[...told.values()].flat(), ...traced];
}

const anything = { keeps: "nothing", equalRows: 0, isOnce: false } as const;

/** What the job may do there in the meantime; null where its order names no such place. */
function allowanceOf({ scenario, final, schedule }: PromisedJob, { what }: Trace): Allowance | null {
  const kind = tableUseOf(scenario);
  const { effect } = kind;
  const isCalm = schedule.faults.length === 0;
  const isFilled = !isCalm || scenario.ending === "success" || effect === "streams";
  const isOnce = isCalm && scenario.ending === "success" && final.stored === "success";
  if (what === "table" && effect !== "none")
    return effect === "deletes"
      ? { isFilled: true, keeps: "other rows alone", equalRows: 0, isOnce: false }
      : {
          isFilled,
          keeps: isFilling(kind) && loadsOf(scenario) !== "replace" ? "rows" : "nothing",
          equalRows: 0,
          isOnce,
        };
  const destination = destinationOf(scenario);
  if (what !== "destination" || destination === null) return null;
  const meanwhile = destination.meanwhile(scenario.output ?? {}, scenario.source) ?? anything;
  return { ...meanwhile, isFilled, isOnce: isOnce && meanwhile.isOnce };
}

function changeProblems(history: PromisedJob, change: Change): string[] {
  const { place, before, after, job } = change;
  if (job === null || !isPromised(history, change)) {
    if (before === null && isLeftByTheDead(history, change)) return [];
    return [unasked(change)];
  }
  if (after === null) return [];
  const { source } = history.scenario;
  const { effect, registeredBy } = tableUseOf(history.scenario);
  // A customer makes a table without columns; streaming adds them.
  const isCustomers = change.what === "registration" && registeredBy === "customer";
  const isBare = isCustomers && (effect !== "streams" || isStillBare(history, after));
  const columns = isBare ? [] : source.columns;
  return [
    ...(isOfAnyOrder(history.scenario) && isDeepStrictEqual(sorted(columns), sorted(after.columns))
      ? []
      : difference(place, "columns", columns, after.columns)),
    // A worker chooses the keys of a table that it makes.
    ...(before === null ? [] : difference(place, "keys", before.keys, after.keys)),
  ];
}

/** Columns of a table of the service come in the order in which records have them, and these in any where the query says none. */
const isOfAnyOrder = (scenario: PromisedJob["scenario"]): boolean =>
  serviceTableOf(scenario) !== null && !isOrdered(scenario.source);

const sorted = (columns: Content["columns"]) => columns?.toSorted(([one], [other]) => (one < other ? -1 : 1));

/** Its result has not come into the service's table, and need not have: whether it had to is for I4. */
const isStillBare = ({ scenario, final }: PromisedJob, { columns }: Content): boolean =>
  serviceTableOf(scenario) !== null && final.stored !== "success" && columns?.length === 0;

/** Whether the job was to make, fill or replace it: whether it did is told by what it holds. */
function isPromised({ scenario, final, schedule }: PromisedJob, { what, before, after }: Change): boolean {
  const kind = tableUseOf(scenario);
  const { effect, registeredBy } = kind;
  const isAdded = before === null && after !== null;
  switch (what) {
    case "table":
      return effect === "makes" || ((isFilling(kind) || effect === "deletes") && !isAdded);
    case "registration":
      return registeredBy !== "nobody";
    case "destination":
      if (loadsOf(scenario) !== undefined) return false;
      // Without faults nothing comes between what a delivery makes and its rows.
      if (schedule.faults.length === 0 && final.stored !== "success" && isAdded) return false;
      return destinationOf(scenario) !== null;
    case "other":
      return false;
  }
}

/** A process that died may have left what it had half made; whether that had to be cleared away is for L3. */
const isLeftByTheDead = ({ deaths }: PromisedJob, { what }: Change): boolean =>
  what === "table" && deaths.length > 0;

function difference(place: string, what: string, expected: unknown, found: unknown): string[] {
  if (expected === undefined || found === undefined || isDeepStrictEqual(expected, found)) return [];
  return [`${place}: its ${what} are ${JSON.stringify(found)}, promised are ${JSON.stringify(expected)}`];
}

/** What is wrong with the job's record in the end; where nothing is, what was wrong when its end was acknowledged. */
function allRecordProblems(history: PromisedJob): Contradiction[] {
  const { final } = history;
  const { record } = final;
  const last = record === undefined ? [] : recordProblems(history, record, "in the end");
  if (last.length > 0) return againstReport(history, final, last);
  const report = endingReport(history);
  const then = report?.served === 200 ? heldWith(history, report, "after") : undefined;
  return then?.record === undefined
    ? []
    : againstReport(history, then, recordProblems(history, then.record, "when its end was acknowledged"));
}

/** What the database says of an ended job, where the job promises it. */
function recordProblems(history: PromisedJob, record: JobRecord, when: string): string[] {
  const { final, scenario, steps } = history;
  const wrong = (what: string, expected: unknown, found: unknown): string[] =>
    isDeepStrictEqual(expected, found)
      ? []
      : [
          `${when} the API's database had ${JSON.stringify(found)} as ${what}, and ${JSON.stringify(expected)} is right`,
        ];
  const { source } = scenario;
  if (final.stored !== "success") {
    const told = steps.report.findLast(({ facts, served }) => facts.state === "error" && served === 200);
    const isSaid = final.stored === "error" && told !== undefined;
    return [
      ...(isSaid ? wrong("error message", told.facts.message ?? null, record.message) : []),
      ...ofAnother(history, record, when),
      ...(isReceiptInVain(history, record) ? wrong("rows of its receipt", null, record.receiptRows) : []),
    ];
  }
  const { result: kind } = statementOf(scenario.statement);
  const records = wrong("num_records", recordsOf(scenario), record.numRecords);
  const delivers = destinationOf(scenario) !== null;
  if (kind === "none" && !delivers) return records;
  // In the order in which its customer reads it.
  const result = final.result ?? carriedRows(scenario);
  if (saidRefused(history) !== undefined)
    return [
      ...records,
      ...wrong("result_schema", source.columns, record.resultSchema),
      ...(isReceiptInVain(history, record) ? wrong("rows of its receipt", null, record.receiptRows) : []),
    ];
  const hasReceipt = delivers && isReceiptKept(steps.receipt, record);
  return [
    ...records,
    ...wrong("result_schema", kind === "own" ? source.columns : null, record.resultSchema),
    ...wrong("rows of its receipt", hasReceipt ? result.length : null, record.receiptRows),
    ...wrong("checksum of its receipt", hasReceipt ? rowsChecksum(result) : null, record.receiptChecksum),
  ];
}

/** A message is for the customer of its own job. */
function ofAnother(history: PromisedJob, { message }: JobRecord, when: string): string[] {
  const named = targetOf(message ?? "")?.number ?? history.number;
  return named === history.number ? [] : [`${when} its message is about job ${named} of the workload`];
}

/** Whether it says that rows have arrived where none have. */
function isReceiptInVain({ scenario, final }: PromisedJob, { receiptRows }: JobRecord): boolean {
  const { destination } = final;
  const [before, after] = [false, true].map((delivered) => expectedAt(scenario, delivered));
  if (receiptRows === null || receiptRows === 0) return false;
  if (isRefused(scenario)) return true;
  if (destination === undefined || !before || !after) return false;
  const holds = ({ rows }: Landed) => compareRows(rows, destination.rows) === null;
  return holds(before) && !holds(after);
}

/** Whether a receipt belongs there: one was taken, or one may have been and is there. C checks that one is required. */
function isReceiptKept(receipts: readonly Call[], { receiptRows }: JobRecord): boolean {
  if (receipts.some(({ served }) => served === 200)) return true;
  return receiptRows !== null && receipts.some(({ served }) => served === null || served >= 500);
}

function unasked({ place, before, after }: Change): string {
  if (before === null) return `${place}: no job was to make it; it has ${inWords(after)}`;
  if (after === null) return `${place}: no job was to take it away; it had ${inWords(before)}`;
  const isInAnotherForm = inWords(before) !== inWords(after);
  return `${place}: no job was to change it; ${
    isInAnotherForm
      ? `it had ${inWords(before)}, and has ${inWords(after)}`
      : "what it holds is otherwise than before"
  }`;
}

function inWords(content: Content | null): string {
  const { columns, keys, rows } = content ?? {};
  const parts = [
    ...(rows === undefined ? [] : [`${rows} rows`]),
    ...(columns === undefined ? [] : [`columns ${JSON.stringify(columns)}`]),
    ...(keys === undefined || keys.length === 0 ? [] : [`keys ${keys.join("; ")}`]),
  ];
  return parts.length === 0 ? "nothing that can be described" : parts.join(", ");
}
