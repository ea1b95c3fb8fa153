import { isTerminal, type TerminalStatus } from "../../contracts/job.ts";
import type { Call } from "../history/calls.ts";
import type { JobHistory } from "../history/job-history.ts";
import { between, type Invariant, orderOf } from "./invariant.ts";

export const noPhantomStatus: Invariant = {
  id: "I6",
  name: "no phantom status",
  definition:
    "A job shows no end that nobody caused: its worker has reported it, or its customer killed it before it began.",
  applies: (history) => ends(history).length > 0,
  witnesses: (history) => {
    const reported = new Set(history.steps.report.map(({ facts }) => facts.state));
    if (history.steps.cancel.some(mayHaveEnded)) reported.add("killed");
    return ends(history)
      .filter((status) => !reported.has(status))
      .map((status) =>
        between(
          `the job shows ${status}, which no worker reported`,
          history.steps.report.at(-1)?.exchange ?? orderOf(history),
          history.looks.find((look) => look.status === status) ?? history.final,
        ),
      );
  },
};

/**
 * Whether a kill can have found the job queued, and ended it. One that was not answered, or answered with an error, may
 * have been stored all the same; one that came twice answers with what the first has made of the job.
 */
function mayHaveEnded(call: Call): boolean {
  const { former } = call.facts;
  return call.served !== 200 || former === "queued" || former === "killed";
}

const ends = ({ looks, final }: JobHistory): TerminalStatus[] => {
  const seen = [...looks.map(({ status }) => status), final.stored];
  return [...new Set(seen.filter((status) => status !== null && isTerminal(status)))];
};
