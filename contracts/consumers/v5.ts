import type { ConsumerContract } from "../consumer.ts";
import { destinationUrl, interactionsFor } from "./interactions.ts";

/** Worker v5 (Presto, Hive on CDH4): the destination is the URL string, to the letter as the customer wrote it. */
export const v5: ConsumerContract = {
  consumer: "worker-v5",
  generation: "v5",
  engines: ["presto", "hive-cdh4"],
  released: "2015-03-01",
  interactions: [
    ...interactionsFor("v5", "presto", { key: "result_url", value: destinationUrl }),
    ...interactionsFor("v5", "hive-cdh4", { key: "result_url", value: destinationUrl }),
  ],
};
