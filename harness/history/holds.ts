import { generationOf, isTerminal } from "../../contracts/job.ts";
import type { Millis } from "../../contracts/values.ts";
import type { Call } from "./calls.ts";
import { seconds } from "./in-words.ts";
import { type JobHistory, lastRead } from "./job-history.ts";
import { endingReport, handOuts } from "./work.ts";

/** Who held which job when: a worker that does not let go of one keeps the others waiting. */

/** A worker's time with one job; it ends for ever at infinity where nothing ended it. */
interface Hold {
  worker: string;
  job: JobHistory;
  from: Millis;
  to: Millis;
}

/** Until the worker's report was taken, until it died, or until the next attempt was handed out. */
function holdsOf(job: JobHistory): Hold[] {
  const claims = handOuts(job);
  return claims.map((claim, i) => {
    const { by: worker, at: from } = claim;
    const ends = [
      ...job.steps.report
        .filter((report) => isSame(report, claim) && report.served === 200)
        .map(({ at }) => at),
      ...job.deaths.filter((death) => death.process === worker && death.at >= from).map(({ at }) => at),
      ...claims.slice(i + 1).map(({ at }) => at),
    ];
    return { worker, job, from, to: Math.min(...ends, Number.POSITIVE_INFINITY) };
  });
}

const isSame = (a: Call, b: Call): boolean => a.by === b.by && a.facts.attempt === b.facts.attempt;

/**
 * Who worked on a job, and whom it waited for where its customer saw no end of it: the worker of its generation that was
 * busy the longest meanwhile, and with what. In words.
 */
export function workInWords(job: JobHistory, all: readonly JobHistory[]): string {
  const claims = handOuts(job).map(({ by, at }) => `${by} ${moment(at)}`);
  const handed = claims.length === 0 ? "handed to nobody" : `handed to ${claims.join(", then ")}`;
  const report = endingReport(job);
  const finished = report === undefined ? "" : `, finished by ${report.by} ${moment(report.at)}`;
  const last = lastRead(job);
  const isOver = last !== undefined && isTerminal(last);
  const blocker = isOver ? null : blockerOf(job, all);
  return `${handed}${finished}${blocker === null ? "" : `; ${blocker}`}`;
}

/** The other job that kept a worker of this one's generation busy the longest while it waited; null for none. */
export function blockerOf(job: JobHistory, all: readonly JobHistory[]): string | null {
  const since = job.steps.issue[0]?.at ?? 0;
  const until = handOuts(job)[0]?.sent ?? job.end;
  const generation = generationOf(job.engine);
  const waits = all
    .filter((other) => other !== job && generationOf(other.engine) === generation)
    .flatMap(holdsOf)
    .map((hold) => ({ hold, waited: Math.min(hold.to, until) - Math.max(hold.from, since) }))
    .filter(({ waited }) => waited > 0)
    .sort((a, b) => b.waited - a.waited);
  const [longest] = waits;
  if (longest === undefined) return null;
  const { worker, job: other, from, to } = longest.hold;
  const end = to === Number.POSITIVE_INFINITY ? "the end" : seconds(to).trimStart();
  return `meanwhile ${worker} held job ${other.number} (${other.scenario?.name ?? "a visitor's"} on ${other.engine}) from ${seconds(from).trimStart()} until ${end}`;
}

const moment = (at: Millis): string => `at ${seconds(at).trimStart()}`;
