import { expectedAtDestination } from "../schedule/scenario.ts";
import { type Check, hasEnded, lastRead } from "./check.ts";
import { compareRows, describeDifference } from "../invariants/rows.ts";

export const outputAgrees: Check = {
  id: "I4",
  definition:
    "A job with Result Output that ended as success has delivered exactly its result rows; with any other end the destination is as it was before.",
  applies: (facts) => facts.atDestination !== null && (!facts.accepted || hasEnded(facts)),
  witnesses: (facts) => {
    const { scenario, atDestination, deliveries } = facts;
    const status = lastRead(facts);
    const ending = status === "success" ? "success" : "error";
    const differs = compareRows(expectedAtDestination({ ...scenario, ending }), atDestination ?? []);
    const wantedDeliveries = ending === "success" ? 1 : 0;
    return [
      ...(differs === null
        ? []
        : describeDifference(`the job ended as ${status ?? "refused"}; its destination`, differs)),
      ...(deliveries === null || deliveries === wantedDeliveries
        ? []
        : [`the destination received ${deliveries} deliveries, ${wantedDeliveries} expected`]),
    ];
  },
};
