import { isTerminal } from "../../contracts/job.ts";
import { type Check, lastRead } from "./check.ts";

export const terminalAbsorbs: Check = {
  id: "I1",
  definition:
    "Once a job has been seen as ended, every later look shows the same end, the database's own included.",
  applies: ({ reads }) => reads.some(isTerminal),
  witnesses: (facts) => {
    const first = facts.reads.find(isTerminal);
    const changed = facts.reads.slice(facts.reads.findIndex(isTerminal)).find((status) => status !== first);
    return [
      ...(changed === undefined ? [] : [`the customer read ${first}, and later ${changed}`]),
      ...(facts.stored === lastRead(facts)
        ? []
        : [`the customer was told ${lastRead(facts)}, the database holds ${facts.stored ?? "no such job"}`]),
    ];
  },
};
