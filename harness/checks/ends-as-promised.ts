import { statusOf } from "../../contracts/errors.ts";
import { type CellFacts, type Check, lastRead } from "./check.ts";

export const endsAsPromised: Check = {
  id: "ending",
  definition: "The job ends in the way that the scenario promises to its customer.",
  applies: () => true,
  witnesses: (facts) => {
    const { scenario, accepted, refusal } = facts;
    if (scenario.ending === "refused") return refusalProblems(facts);
    if (!accepted) return [`the API refused the job: ${refusal}`];
    const status = lastRead(facts);
    return [
      ...(status === scenario.ending
        ? []
        : [`the job ended as ${status ?? "unread"}, promised is ${scenario.ending}`]),
      ...(facts.listed ? [] : ["the customer's list of jobs does not show it"]),
    ];
  },
};

/** A service that breaks down, or is not there, has not refused anything. */
function refusalProblems({ accepted, refusal, refusalStatus }: CellFacts): string[] {
  if (accepted) return ["the API accepted a job that it must refuse"];
  const wanted = statusOf.invalid_input;
  const answered = refusalStatus === null ? "no refusal is on record" : `it answered ${refusalStatus}`;
  return refusalStatus === wanted
    ? []
    : [`the API must refuse the job with status ${wanted}, but ${answered}: ${refusal}`];
}
