import type { StateSeed } from "../../../contracts/in-process.ts";
import { type Cluster, clusterOf, clusters, type Generation, generations } from "../../../contracts/job.ts";
import { kindNamed } from "../../destinations/index.ts";
import { destinationNameOf, rowsBefore, scenarioFor } from "../../schedule/scenario.ts";
import type { Job } from "../workload.ts";
import { settingsOf } from "./places.ts";

/** The accounts of every in-process run, and what is there when it begins. */
export const database = "sample";
export const customers: Record<Cluster, { account: number; apikey: string }> = {
  cdh4: { account: 1, apikey: "customer-key-1" },
  hdp2: { account: 2, apikey: "customer-key-2" },
};
export const customerOf = ({ engine }: Job) => customers[clusterOf(engine)];
export const tokens: Record<Generation, string> = { v5: "worker-token-v5", v6: "worker-token-v6" };

/** Every customer has a table of that name, each with rows of its own. */
const sourcesOf = ({ template }: Job): StateSeed["tables"] =>
  clusters.map((cluster) => {
    const { name, columns, rows, reads } = scenarioFor(template, cluster).source;
    return { account: customers[cluster].account, database, name, columns, rows, reads };
  });

/** What jobs read of buckets. */
function objectsOf(jobs: readonly Job[]): Pick<StateSeed, "objects"> {
  const objects = jobs.flatMap((job) => {
    const { output, source } = job.scenario;
    const name = destinationNameOf(job.scenario);
    const settings = settingsOf(job);
    if (name === null || output === null || settings?.type !== "s3") return [];
    const held = kindNamed(name).holds?.(output, job.target, source) ?? [];
    return held.map((one) => ({ settings, name: one.name, body: one.body }));
  });
  return objects.length === 0 ? {} : { objects };
}

export const stateSeed = (jobs: readonly Job[]): StateSeed => ({
  customers: clusters.map((cluster) => ({ ...customers[cluster], cluster, database })),
  workers: generations.map((generation) => ({ generation, token: tokens[generation] })),
  tables: jobs.flatMap((job) => {
    const rows = rowsBefore(job.scenario);
    const { columns } = job.scenario.source;
    const own = { account: customerOf(job).account, database, columns, name: job.target };
    return [...sourcesOf(job), ...(rows === undefined ? [] : [{ ...own, rows }])];
  }),
  ...objectsOf(jobs),
  firstJob: jobs.find(({ scenario }) => scenario.idFrom !== undefined)?.scenario.idFrom,
});
