import { type Check, hasEnded, lastRead } from "./check.ts";

export const eventuallyTerminal: Check = {
  id: "L1",
  definition: "Every accepted job comes to an end within the declared time.",
  applies: ({ accepted }) => accepted,
  witnesses: (facts) => (hasEnded(facts) ? [] : [`the job is still ${lastRead(facts) ?? "unread"}`]),
};
