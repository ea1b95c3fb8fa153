import { generationOf } from "../../contracts/job.ts";
import { reportingSteps } from "../../contracts/step.ts";
import type { Call } from "../history/calls.ts";
import type { JobHistory } from "../history/job-history.ts";
import { endingReport, handOuts } from "../history/work.ts";
import { againstOrder, between, type Contradiction, type Invariant, once, orderOf } from "./invariant.ts";

export const rightWorkers: Invariant = {
  id: "W",
  name: "witness",
  definition:
    "A job is handed only to workers of the generation that runs its engine, only the worker that holds it may report on it, and such a worker has claimed and finished every job that ended as success or error.",
  applies: (history) => handOuts(history).length > 0 || endedByWork(history),
  witnesses: (history) => [...foreigners(history), ...strangers(history), ...nobody(history)],
};

const endedByWork = ({ final: { stored } }: JobHistory): boolean =>
  stored === "success" || stored === "error";

/** What workers said of the job and the API took. */
const heard = ({ steps }: JobHistory): Call[] =>
  reportingSteps.flatMap((step) => steps[step].filter(({ served }) => served === 200));

/** Workers of another generation that the API let have the job, or heard about it. */
function foreigners(history: JobHistory): Contradiction[] {
  const engine = history.engine;
  const wanted = generationOf(engine);
  const isForeign = ({ exchange: { generation } }: Call) => generation !== wanted;
  const told = (verb: string) => (call: Call) =>
    between(
      `${call.by} of ${call.exchange.generation} ${verb}, which is for ${engine} and so for ${wanted}`,
      orderOf(history),
      call.exchange,
    );
  return once([
    ...handOuts(history).filter(isForeign).map(told("was handed the job")),
    ...heard(history).filter(isForeign).map(told("was heard about the job")),
  ]);
}

/** Workers that were heard about an attempt which was handed to somebody else, or to nobody. */
function strangers(history: JobHistory): Contradiction[] {
  const claims = handOuts(history);
  return once(
    heard(history).flatMap(({ by, exchange, facts: { attempt } }) => {
      const handed = claims.filter(({ facts }) => facts.attempt === attempt);
      const holders = handed.map((claim) => claim.by);
      if (holders.includes(by)) return [];
      const whose = holders.length === 0 ? "nobody" : holders.join(" and ");
      return [
        between(
          `${exchange.operation} of attempt ${attempt} was taken from ${by}, it had been handed to ${whose}`,
          handed[0]?.exchange ?? orderOf(history),
          exchange,
        ),
      ];
    }),
  );
}

function nobody(history: JobHistory): Contradiction[] {
  const { final } = history;
  const { stored } = final;
  if (!endedByWork(history)) return [];
  return againstOrder(history, final, [
    ...(handOuts(history).length === 0 ? [`the job ended as ${stored}, and no worker was handed it`] : []),
    ...(endingReport(history) === undefined
      ? [`the job ended as ${stored}, and the API took no such report of any worker`]
      : []),
  ]);
}
