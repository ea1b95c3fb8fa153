import { isTerminal } from "../../contracts/job.ts";
import { type Check, lastRead } from "./check.ts";

export const eventuallyTerminal: Check = {
  id: "L1",
  definition: "Every accepted job comes to an end within the declared time.",
  applies: ({ accepted }) => accepted,
  witnesses: (facts) => {
    const status = lastRead(facts);
    return status !== undefined && isTerminal(status) ? [] : [`the job is still ${status ?? "unread"}`];
  },
};
