import type { Millis } from "../../../contracts/values.ts";
import type { JobHistory } from "../../history/job-history.ts";
import type { WayDown } from "../../history/processes/ends.ts";
import { between, type Contradiction, type Invariant, seconds } from "../invariant.ts";

/** Who must be waited for longer cannot be taken back: a rollback that waits for it never comes to its end. */
export const drained: Invariant = {
  id: "D",
  name: "drained",
  definition:
    "A process of the API that is asked to end, and given the time, has ended within ten seconds, whatever work it holds: other processes finish it.",
  isOfTime: () => true,
  applies: ({ waysDown }) => waysDown.some(isGivenTime),
  witnesses: ({ waysDown, final }) => waysDown.filter(isGivenTime).flatMap((way) => overdue(way, final)),
};

const dueOf = ({ freeFrom, withinMs }: WayDown): Millis => freeFrom + withinMs;

const isGivenTime = (way: WayDown): boolean => way.asked.at + way.graceMs >= dueOf(way);

/** @param final the last look of all, where it never ended */
function overdue(way: WayDown, final: JobHistory["final"]): Contradiction[] {
  const { process, asked, ended } = way;
  const last = ended ?? final;
  if (last.at < dueOf(way)) return [];
  const what = ended === null ? "had not ended" : "ended";
  return [
    between(`${process} was asked to end ${seconds(asked.at)} and ${what} ${seconds(last.at)}`, asked, last),
  ];
}
