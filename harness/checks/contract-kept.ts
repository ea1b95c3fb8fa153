import type { Check } from "./check.ts";

export const contractKept: Check = {
  id: "contract",
  definition:
    "Every request and every reply about the job is as the contracts say, in the form of the generation that sees it.",
  applies: () => true,
  witnesses: ({ mismatches }) => [...new Set(mismatches)],
};
