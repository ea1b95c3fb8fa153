import { generationOf } from "../../contracts/job.ts";
import { stepOf } from "../../contracts/steps.ts";
import { departuresOf } from "../history/departures.ts";
import type { AttestedBuild } from "../history/event.ts";
import type { JobHistory } from "../history/job-history.ts";
import { attestedOf, claimedBuild, endingReport, handOuts, namedEngine } from "../history/work.ts";
import { contractKept } from "../invariants/c-contract.ts";
import { endsAsPromised } from "../invariants/e-ending.ts";
import { terminalAbsorbs } from "../invariants/i1-terminal-absorbs.ts";
import { statusAgreesWithEffect } from "../invariants/i3-status-agrees.ts";
import { outputAgrees } from "../invariants/i4-output-agrees.ts";
import type { Invariant } from "../invariants/invariant.ts";
import { eventuallyTerminal } from "../invariants/liveness/l1-eventually-terminal.ts";
import { rightWorkers } from "../invariants/w-witness.ts";
import { destinationOf } from "../schedule/scenario.ts";
import { statementOf } from "../schedule/statements.ts";

/**
 * Why a job of a matrix proves nothing about its cell although nothing of it is broken, a line each; none where it does.
 * Nobody but the system decides any of this: a run whose system works always has it.
 */
export const unproven = (job: JobHistory, builds: readonly AttestedBuild[]): string[] => [
  ...leftBy(job),
  ...otherBuilds(job, builds),
  ...untested(job),
];

/** Workers that were handed the job and let another one finish it. */
function leftBy(job: JobHistory): string[] {
  const finisher = endingReport(job)?.by;
  const others = handOuts(job).filter(({ by }) => finisher !== undefined && by !== finisher);
  return [
    ...new Set(others.map(({ by }) => `${by} was handed the job and did not finish it, ${finisher} did`)),
  ];
}

/** Workers that claimed the job as another build than the one that was attested. */
function otherBuilds(job: JobHistory, builds: readonly AttestedBuild[]): string[] {
  return handOuts(job).flatMap((claim) => {
    const attested = attestedOf(claim.by, builds);
    const claimed = claimedBuild(claim);
    return attested === undefined || claimed === attested.digest
      ? []
      : [`${claim.by} claimed the job as build ${claimed}, attested was ${attested.digest}`];
  });
}

/** What its scenario promises and nobody could see: an answer that never came is no proof. */
function untested(job: JobHistory): string[] {
  const open = promisesOf(job).filter(({ applies }) => !applies(job));
  return open.map(({ id, name }) => `${id} (${name}) was not put to the test`);
}

function promisesOf({ scenario }: JobHistory): Invariant[] {
  if (scenario === null) return [];
  if (scenario.ending === "refused") return [contractKept, endsAsPromised];
  const { effect, result } = statementOf(scenario.statement);
  const leaves = scenario.ending === "success" && (!["none", "keeps"].includes(effect) || result !== "none");
  return [
    contractKept,
    endsAsPromised,
    rightWorkers,
    terminalAbsorbs,
    eventuallyTerminal,
    ...(leaves ? [statusAgreesWithEffect] : []),
    ...(destinationOf(scenario) === null ? [] : [outputAgrees]),
  ];
}

/** Whether nothing is wrong with a job but which worker was handed it, and was not. */
const isMisrouted = (job: JobHistory, broken: readonly string[]): boolean =>
  broken.every((id) => id === rightWorkers.id || id === contractKept.id) &&
  job.calls.every(({ exchange }) => departuresOf(exchange).length === 0) &&
  job.modelled.every(({ exchange: { operation, generation }, problem }) => {
    const isOthers = generation !== null && generation !== generationOf(job.engine);
    // Nobody of another generation can say that a job runs: a customer who looks then sees more than could be said.
    const isSeenToRun = stepOf(operation) === "look" && problem === seenToRun;
    return stepOf(operation) === "grant" || isOthers || isSeenToRun;
  });

const seenToRun = 'status: expected "booting", got "running"';

/**
 * That the API ran a job on another engine than its cell's, by workers who run that one: its customer is then of another
 * cluster than the config says, or the API sends it astray. The run cannot know which; null where it did not,
 * or where more than that is broken.
 */
export function onOtherEngine(job: JobHistory, broken: readonly string[]): string | null {
  const wanted = job.engine;
  const claims = handOuts(job);
  const [first] = claims;
  const named = first && namedEngine(first);
  if (named === undefined || named === wanted || !isMisrouted(job, broken)) return null;
  const isConsistent = claims.every(
    (claim) => namedEngine(claim) === named && claim.exchange.generation === generationOf(named),
  );
  return isConsistent
    ? `the API ran its job on ${named}, not on ${wanted}: the customer in the config is of another cluster, or the API takes it for one`
    : null;
}
