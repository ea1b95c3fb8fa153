import { isTerminal } from "../../contracts/job.ts";
import type { JobHistory, Look } from "../history/job-history.ts";
import { between, type Invariant, seconds } from "./invariant.ts";

export const terminalAbsorbs: Invariant = {
  id: "I1",
  name: "terminal absorbs",
  definition:
    "Once a job has been seen as ended, every later look shows the same end, and the database holds it.",
  applies: (history) => looksFromEnd(history).length > 0,
  witnesses: (history) => {
    const [end, ...later] = looksFromEnd(history);
    if (end === undefined) return [];
    const { final } = history;
    const { stored } = final;
    const other = later.find(({ status }) => status !== end.status);
    return [
      ...(other === undefined
        ? []
        : [between(`the customer read ${read(end)} and ${read(other)}`, end, other)]),
      ...(stored === end.status
        ? []
        : [
            between(
              `the customer read ${read(end)}, the database holds ${stored ?? "no such job"}`,
              end,
              final,
            ),
          ]),
    ];
  },
};

const read = ({ status, sent }: Look): string => `${status} ${seconds(sent)}`;

/** The first look that was answered with an end, and all that were begun after that answer. */
function looksFromEnd({ looks }: JobHistory): readonly Look[] {
  const [end] = looks.filter(({ status }) => isTerminal(status)).toSorted((a, b) => a.at - b.at);
  return end === undefined ? [] : [end, ...looks.filter(({ sent }) => sent >= end.at)];
}
