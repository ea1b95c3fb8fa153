import { isDeepStrictEqual } from "node:util";
import { firstNoticeWaitMs, longestNoticeWaitMs } from "../../scheduled/notice.ts";
import type { Millis } from "../../values.ts";
import type { ModelNotice, Told } from "./notice-form.ts";

/** The tries of a notice: when it may come again, and as what. */

export interface TryLimits {
  clockErrorMs: Millis;
  /** When the first fault came, and the last one had ended; null where nothing was broken. */
  troubled: { from: Millis; to: Millis } | null;
  /** Whether tries come as they were sent, in their order: nothing was held back or doubled, and no clock was set. */
  isPaced: boolean;
}

export interface TryProblem {
  problem: string;
  notice: ModelNotice;
  isOfTime?: boolean;
}

/** How long a sender may be at one try. */
export const tryMs: Millis = 10_000;
/** More than clocks of one machine differ by. */
const clocksDifferMs: Millis = 1_000;

export const isTaken = ({ status }: ModelNotice): boolean => status !== null && status >= 200 && status < 300;

/** The same again: it is as it was, comes only where it may not have been taken, and not before its wait is over. */
export function tryProblems(told: readonly Told[], limits: TryLimits): TryProblem[] {
  return told.flatMap(({ notice, body }, i): TryProblem[] => {
    const before = told.slice(0, i).filter((one) => one.body.id === body.id);
    if (before.some((one) => !isDeepStrictEqual(one.body, body)))
      return [{ notice, problem: `notice ${body.id} comes again with another content` }];
    const problem = againProblem(notice, before, limits) ?? paceProblem(notice, before, limits);
    return problem === null
      ? []
      : [{ notice, problem: `notice ${body.id} comes again ${problem}`, isOfTime: true }];
  });
}

function againProblem(
  notice: ModelNotice,
  before: readonly Told[],
  { troubled, clockErrorMs }: TryLimits,
): string | null {
  const taken = before.findLast((one) => isTaken(one.notice));
  if (taken === undefined) return null;
  // From its try on something may have kept its sender from knowing that, or doubled it on its way.
  const wasAtWork = troubled !== null && troubled.from <= notice.at;
  // A process whose clock is ahead takes a try that goes on for one that was in vain.
  const mayBeLost = wasAtWork && (troubled.to >= taken.notice.at - tryMs || clockErrorMs >= clocksDifferMs);
  return mayBeLost ? null : "although it was taken";
}

/** Waits double. Of tries that did not come nobody knows: there were as many at least as came. */
function paceProblem(
  { at }: ModelNotice,
  before: readonly Told[],
  { clockErrorMs, isPaced }: TryLimits,
): string | null {
  const last = before.at(-1)?.notice;
  if (last === undefined || !isPaced) return null;
  const waitMs = Math.min(firstNoticeWaitMs * 2 ** (before.length - 1), longestNoticeWaitMs);
  return at - last.at < waitMs - clockErrorMs
    ? `${at - last.at} ms after try ${before.length} that came, and not after ${waitMs} ms`
    : null;
}
