import type { StateSeed } from "../../../contracts/in-process.ts";
import { engineFor, type Generation, generations } from "../../../contracts/job.ts";
import type { Schedule } from "../../schedule/schedule.ts";
import { sourceColumns, sourceRows, sourceTable, targetTable } from "../workload.ts";

/** The accounts of every in-process run, and what is there when it begins. */
export const database = "sample";
export const customers = {
  cdh4: { account: 1, apikey: "customer-key-1" },
  hdp2: { account: 2, apikey: "customer-key-2" },
} as const;
/** The host of every web destination of these rigs. */
export const destinationHost = "destination.test";
export const tokens: Record<Generation, string> = { v5: "worker-token-v5", v6: "worker-token-v6" };

export const stateSeed = ({ workload }: Schedule): StateSeed => ({
  customers: (["cdh4", "hdp2"] as const).map((cluster) => ({ ...customers[cluster], cluster, database })),
  workers: generations.map((generation) => ({ generation, token: tokens[generation] })),
  tables: workload.jobs.flatMap(({ engine, statement }, i) => {
    const { account } = customers[engine === engineFor("hive", "hdp2") ? "hdp2" : "cdh4"];
    const source = { account, database, name: sourceTable, columns: sourceColumns, rows: sourceRows };
    const target = { account, database, name: targetTable(i + 1), columns: sourceColumns, rows: [] };
    return statement === "insert-into" ? [source, target] : [source];
  }),
});
