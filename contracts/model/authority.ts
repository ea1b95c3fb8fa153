import { isCustomer, isWorker, refusedTo, type Standing } from "../authority.ts";
import type { ErrorReason } from "../errors.ts";
import { type Engine, enginesOf } from "../job.ts";
import { operations } from "../operations.ts";
import { type Departure, failureProblem, type ModelCall, show } from "./call.ts";
import { isBusy, isWellFormed, reasonOf } from "./refusals.ts";

/**
 * Calls of a probe that its credential alone gives no right to. They change nothing and learn nothing, whatever the state
 * of the job; what depends on the owner of the job is judged with the job.
 */

export const isEntitled = (call: ModelCall): boolean => call.probe === undefined || refusalOf(call) === null;

/** Why the service must refuse the call by its credential alone; null where it need not. */
function refusalOf(call: ModelCall): ErrorReason | null {
  const standing = standingOf(call);
  return standing === null ? null : refusedTo(operations[call.operation], standing);
}

/** As far as the call alone tells. */
function standingOf({ probe, operation, request }: ModelCall): Standing | null {
  if (probe === undefined || probe === "none" || probe === "unknown") return probe ?? null;
  if (isCustomer(probe)) return "own customer";
  if (!isWorker(probe) || operation !== "worker.claim") return "own worker";
  const { generation, engines } = request;
  const isOwn =
    generation === probe &&
    (!Array.isArray(engines) || engines.every((engine: Engine) => enginesOf[probe].includes(engine)));
  return isOwn ? "own worker" : "foreign worker";
}

/** What is wrong with the answer to a call that must be refused. */
export function authorityDeparture(call: ModelCall): Departure[] {
  const { status, request, probe } = call;
  const id = request["job_id"];
  const depart = (problem: string): Departure[] => [
    { call, job: typeof id === "string" ? id : null, problem },
  ];
  if (status === null) return [];
  if (status >= 500) {
    const failure = isBusy(call) ? null : failureProblem(call);
    return failure === null ? [] : depart(failure);
  }
  const expected = refusalOf(call);
  const reason = reasonOf(call);
  if (status === 200)
    return depart(`it was answered to ${wordsFor[probe ?? "none"] ?? `the credential of ${probe}`}`);
  const applies = reason === expected || (reason === "invalid_input" && !isWellFormed(call));
  return applies ? [] : depart(`it was refused (${show(reason)}), expected ${expected}`);
}

const wordsFor: Readonly<Record<string, string>> = {
  none: "a caller without credential",
  unknown: "a caller whose credential nobody has",
};
