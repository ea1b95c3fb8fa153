import { mysqlStore } from "../fixtures/api/store/mysql.ts";
import { archive } from "../fixtures/api/upkeep/archive.ts";
import { finishedJobs } from "../fixtures/mysql/finished-jobs.ts";
import { quantile } from "../harness/quantile.ts";
import { jobsTable } from "../suites/incidents/reference/jobs-table.ts";
import { type Service, serviceOn } from "../suites/incidents/reference/service.ts";
import type { Bar } from "./bar.ts";
import type { Bench } from "./bench.ts";

/** Claims and archiving with as many ended jobs as the service has in a table of a few hundred MB. */
const ended = 1_000_000;
const claims = 500;

/** A claim beside a million jobs that ended, and beside a few, on one server in one run. */
export async function measureArchive({ note }: Bench): Promise<Bar> {
  note(`putting in ${ended} ended jobs`);
  await using table = await jobsTable(null);
  const service = await serviceOn(table);
  for (const sql of finishedJobs(ended, { acme: { account: 1, database: "shop" } }))
    await table.pool.query(sql);
  note(`claiming ${claims} times beside them`);
  const full = await p95(service);
  note("archiving them");
  const began = performance.now();
  const moved = await archive(mysqlStore(table.pool), Date.now() - 24 * 3_600_000);
  const perSecond = moved / ((performance.now() - began) / 1_000);
  note(`claiming ${claims} times without them`);
  const small = await p95(service);
  return {
    bar: `claim beside ${ended} ended jobs, p95`,
    line: "<= 1.5x of a claim with them archived",
    measured: `${(full / small).toFixed(2)}x: ${full.toFixed(1)} ms against ${small.toFixed(1)} ms; ${moved} archived at ${Math.round(perSecond)}/s`,
    met: full <= 1.5 * small,
  };
}

/** Of claims that each take a job, in ms. */
async function p95(service: Service): Promise<number> {
  for (let n = 0; n < claims; n += 1) await service.issue();
  const took: number[] = [];
  for (let n = 0; n < claims; n += 1) {
    const began = performance.now();
    const { body } = await service.claim();
    took.push(performance.now() - began);
    if (body["job"] === null) throw new Error("a claim took no job");
  }
  return quantile(took, 0.95);
}
