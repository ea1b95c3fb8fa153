import type { StateSeed } from "../../../contracts/in-process.ts";
import { type Cluster, clusterOf, clusters, type Generation, generations } from "../../../contracts/job.ts";
import { statementOf } from "../../schedule/statements.ts";
import type { Job } from "../workload.ts";

/** The accounts of every in-process run, and what is there when it begins. */
export const database = "sample";
export const customers: Record<Cluster, { account: number; apikey: string }> = {
  cdh4: { account: 1, apikey: "customer-key-1" },
  hdp2: { account: 2, apikey: "customer-key-2" },
};
export const customerOf = ({ engine }: Job) => customers[clusterOf(engine)];
export const tokens: Record<Generation, string> = { v5: "worker-token-v5", v6: "worker-token-v6" };

export const stateSeed = (jobs: readonly Job[]): StateSeed => ({
  customers: clusters.map((cluster) => ({ ...customers[cluster], cluster, database })),
  workers: generations.map((generation) => ({ generation, token: tokens[generation] })),
  tables: jobs.flatMap((job) => {
    const { account } = customerOf(job);
    const { source, statement } = job.scenario;
    const own = { account, database, columns: source.columns };
    const read = { ...own, name: source.name, rows: source.rows };
    const filled = { ...own, name: job.target, rows: [] };
    return statementOf(statement).effect === "fills" ? [read, filled] : [read];
  }),
});
