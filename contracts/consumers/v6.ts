import type { ConsumerContract } from "../consumer.ts";
import { interactionsFor } from "./interactions.ts";

/** Worker v6 (Hive on HDP2): the destination is a structure with every value already decoded. */
export const v6: ConsumerContract = {
  consumer: "worker-v6",
  generation: "v6",
  engines: ["hive-hdp2"],
  released: "2015-08-24",
  interactions: interactionsFor("v6", "hive-hdp2", {
    key: "result_settings",
    value: {
      type: "mysql",
      host: "destination.test",
      port: 3307,
      user: "w@rehouse",
      password: "p:w/d",
      database: "mart",
      table: "daily_rows",
      mode: "append",
      unique: [],
    },
  }),
};
