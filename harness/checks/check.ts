import { isTerminal, type JobStatus } from "../../contracts/job.ts";
import type { Row } from "../../contracts/values.ts";
import type { Scenario } from "../schedule/scenario.ts";

/** What is known of one cell when its job is over: gathered by the oracle, judged by pure functions. */
export interface CellFacts {
  scenario: Scenario;
  /** Whether the API took the job, and what it said if not. */
  accepted: boolean;
  refusal: string | null;
  /** The status of the recorded reply that carried the refusal; null where none did, as when nobody answered. */
  refusalStatus: number | null;
  /** Every status that the customer read, in order. */
  reads: readonly JobStatus[];
  /** The status in the database at the end, read over the oracle's own connection; null if there is no such job. */
  stored: JobStatus | null;
  /** Whether the customer's list of jobs showed it. */
  listed: boolean;
  /** Rows at the destination; null where the scenario has none that could hold rows. */
  atDestination: readonly Row[] | null;
  /** How many deliveries a web destination received. */
  deliveries: number | null;
  /** Rows of the table that the statement fills; null where it fills none or the table does not exist. */
  inWarehouse: readonly Row[] | null;
  /** The result as the customer could read it; null where it could not. */
  result: readonly Row[] | null;
  /** Departures from the contract on any link, in exchanges about this job. */
  mismatches: readonly string[];
}

/** A promise that can be held against facts. */
export interface Check {
  /** Short name of the invariant (DESIGN §5), or of the promise where it is none of those. */
  id: string;
  definition: string;
  /** Whether the facts put the promise to the test: a check that never applies has proved nothing. */
  applies: (facts: CellFacts) => boolean;
  /** What contradicts the promise, a line each; empty when it was kept. */
  witnesses: (facts: CellFacts) => readonly string[];
}

export const lastRead = ({ reads }: CellFacts): JobStatus | undefined => reads.at(-1);

/** Whether the customer was told an end in the end: effects of a job that goes on prove nothing yet. */
export const hasEnded = (facts: CellFacts): boolean => {
  const status = lastRead(facts);
  return status !== undefined && isTerminal(status);
};
