import { isDeepStrictEqual } from "node:util";
import type { StoredJob, SystemState } from "../../../contracts/in-process.ts";
import type { Row } from "../../../contracts/values.ts";
import type { Landed } from "../../destinations/destination.ts";
import { kindNamed } from "../../destinations/index.ts";
import type { FinalEvent, HeldEvent, JobRecord } from "../../history/event.ts";
import { destinationNameOf, serviceTableOf } from "../../schedule/scenario.ts";
import type { Phase } from "../../schedule/schedule.ts";
import { statementOf } from "../../schedule/statements.ts";
import type { Seen } from "../last-look.ts";
import type { Job } from "../workload.ts";
import { customerOf, database } from "./accounts.ts";
import { settingsOf } from "./places.ts";

/** The oracle's own looks at what outlives the processes. */

/** What is left of a run when all is over. */
interface Remains {
  state: SystemState;
  idOf(number: number): string | null;
  /** What the customers saw, by the job's number. */
  seen: ReadonlyMap<number, Seen>;
  /** Finish reports that are still to be sent. */
  unsent(): number;
}

/** What a job has come to. */
export function finalLook(remains: Remains, job: Job): FinalEvent {
  const { state } = remains;
  const { number, scenario, target } = job;
  const id = remains.idOf(number);
  const stored = id === null ? undefined : state.job(id);
  return {
    kind: "final",
    number,
    job: id,
    stored: stored?.status ?? null,
    leased: stored?.leaseUntil != null,
    ...effectsOf(state, job, true),
    ...remains.seen.get(number),
    registered:
      statementOf(scenario.statement).effect === "makes" &&
      state.registered(customerOf(job).account, database, target) !== null,
    ...(stored === undefined ? {} : { record: recordOf(stored) }),
    residue: state.residue(),
    unsent: remains.unsent(),
  };
}

/** What is there while a report on a job is held back. */
export const heldLook = (
  state: SystemState,
  job: Job,
  id: string | null,
  by: string,
  phase: Phase,
): HeldEvent => ({
  kind: "held",
  phase,
  number: job.number,
  by,
  ...(phase === "before"
    ? effectsOf(state, job, false)
    : { stored: id === null ? null : (state.job(id)?.status ?? null) }),
});

const recordOf = ({
  numRecords,
  resultSchema,
  message,
  receiptRows,
  receiptChecksum,
}: StoredJob): JobRecord => ({ numRecords, resultSchema, message, receiptRows, receiptChecksum });

/** The rows in the warehouse and at the destination, for a job that is about them. */
function effectsOf(state: SystemState, job: Job, isOver: boolean): Pick<FinalEvent, "table" | "destination"> {
  const { scenario, target } = job;
  const isEffective = statementOf(scenario.statement).effect !== "none";
  const landed = landedAt(state, job, isOver);
  return {
    ...(isEffective ? { table: copied(state.table(customerOf(job).account, database, target)) } : {}),
    ...(landed === null ? {} : { destination: landed }),
  };
}

/** As it is now: the state goes on. */
const copied = (rows: readonly Row[] | null): readonly Row[] | null => rows && [...rows];

/**
 * What is at the very place that the customer named, in its form; what was sent elsewhere has not arrived. Acknowledged rows
 * come into a table of the service later, so that it is looked at when all is over.
 */
function landedAt(state: SystemState, job: Job, isOver: boolean): Landed | null {
  const { output, source } = job.scenario;
  const name = destinationNameOf(job.scenario);
  if (serviceTableOf(job.scenario) !== null && !isOver) return null;
  if (serviceTableOf(job.scenario) !== null)
    return {
      rows: copied(state.table(customerOf(job).account, database, job.target)) ?? [],
      deliveries: null,
    };
  if (name === null || output === null) return null;
  const wanted = settingsOf(job);
  const deliveries = state.deliveries().filter(({ settings }) => isDeepStrictEqual(settings, wanted));
  return kindNamed(name).after(output, source, deliveries);
}
