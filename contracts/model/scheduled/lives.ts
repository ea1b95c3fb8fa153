import { isUnanswered, type ModelCall } from "../call.ts";

/** What is made again under a name is another scheduled query: how the last job of its namesake ended is no matter of it. */

const makes = ({ operation }: ModelCall): boolean => operation === "scheduled_query.create";
const removes = ({ operation }: ModelCall): boolean => operation === "scheduled_query.delete";

/**
 * The calls that name it, by the scheduled query that they are about; all of them as one where it is not sure which that is.
 *
 * @param own calls of one name
 */
export function livesIn(own: readonly ModelCall[]): readonly (readonly ModelCall[])[] {
  const calls = own.toSorted((a, b) => a.sent - b.sent);
  const bounds = calls.filter(
    (call) => (makes(call) || removes(call)) && (call.status === 200 || isUnanswered(call)),
  );
  const inTurn = bounds.every((call, i) => call.status === 200 && makes(call) === (i % 2 === 0));
  const isApart = (call: ModelCall) =>
    bounds.every((bound) => bound === call || bound.returned < call.sent || call.returned < bound.sent);
  if (!inTurn || !calls.filter(({ status }) => status === null || status < 300).every(isApart)) return [own];
  const again = bounds.filter((call, i) => makes(call) && i > 0);
  const lives = Map.groupBy(calls, ({ sent }) => again.filter((create) => create.sent <= sent).length);
  return [...lives.values()];
}
