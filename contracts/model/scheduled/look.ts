import { formatTimestamp, type Millis } from "../../values.ts";
import { type Fields, type ModelCall, wrong } from "../call.ts";
import { nextDueTime } from "./next-due.ts";
import { isDue, type Settings, shownSettings, timeIn } from "./settings.ts";

/** How a scheduled query must be shown. */

/** What tells the next due time. */
export interface NextTold {
  field: string;
  /** It is later than this; of one that is made before, or at another time, its job may wait still. */
  from?: Millis;
  /** It is the first one after this, or an earlier one. */
  to: Millis;
}

export const nextIn = (name: string, { returned }: ModelCall, clockErrorMs: Millis): NextTold => ({
  field: name,
  to: returned + clockErrorMs,
});

/** Why it must not be shown so. @param settings null where they are not known. @param next where the next due time is told, if it is */
export function lookProblem(
  shown: Fields,
  fixed: Fields,
  settings: Settings | null,
  next: NextTold | null,
): string | null {
  for (const [field, value] of Object.entries(fixed))
    if (field in shown && shown[field] !== value) return wrong(field, value, shown[field]);
  if (settings === null) return null;
  const expected = shownSettings(settings);
  const wanted = Object.keys(expected).filter((field) => next !== null || field in shown);
  for (const field of wanted)
    if (shown[field] !== expected[field]) return wrong(field, expected[field], shown[field]);
  return next === null ? null : nextProblem(shown[next.field], settings, next);
}

function nextProblem(
  told: unknown,
  settings: Settings,
  { field, from = Number.NEGATIVE_INFINITY, to }: NextTold,
): string | null {
  const latest = nextDueTime(settings, to);
  const depart = (expected: string) => wrong(field, expected, told);
  // A cron may have no more due times.
  if (told === null) return latest === null ? null : depart(formatTimestamp(latest));
  const at = timeIn(told);
  if (!isDue(settings, at)) return depart("one of its due times");
  if (at <= from) return depart("a due time to come");
  return latest !== null && at > latest ? depart(`${formatTimestamp(latest)}, or one before`) : null;
}
