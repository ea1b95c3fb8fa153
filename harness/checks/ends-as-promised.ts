import { type Check, lastRead } from "./check.ts";

export const endsAsPromised: Check = {
  id: "ending",
  definition: "The job ends in the way that the scenario promises to its customer.",
  applies: () => true,
  witnesses: (facts) => {
    const { scenario, accepted, refusal } = facts;
    if (scenario.ending === "refused") return accepted ? ["the API accepted a job that it must refuse"] : [];
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
