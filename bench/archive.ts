import { mysqlStore } from "../fixtures/api/store/mysql.ts";
import { archive } from "../fixtures/api/upkeep/archive.ts";
import { compact } from "../fixtures/api/upkeep/compact.ts";
import { finishedJobs } from "../fixtures/mysql/finished-jobs.ts";
import { quantile } from "../harness/quantile.ts";
import { jobsTable } from "../suites/incidents/reference/jobs-table.ts";
import { type Service, serviceOn } from "../suites/incidents/reference/service.ts";
import type { Bar } from "./bar.ts";
import type { Bench } from "./bench.ts";
import { seconds } from "./figures.ts";

/** Claims, archiving and compaction with as many ended jobs as the service has in a table of a few hundred MB. */
const ended = 1_000_000;
const claims = 500;

/** Claims beside a million jobs that ended, and beside a few, while they are archived and while the table is compacted: one server, one run. */
export async function measureArchive({ note }: Bench): Promise<Bar[]> {
  note(`putting in ${ended} ended jobs`);
  await using table = await jobsTable(null);
  const service = await serviceOn(table);
  for (const sql of finishedJobs(ended, { acme: { account: 1, database: "shop" } }))
    await table.pool.query(sql);
  note(`claiming ${claims} times beside them`);
  const full = await claimed(service, claims);
  const filled = await table.fileBytes();
  note("archiving them, and claiming meanwhile");
  const before = Date.now() - 24 * 3_600_000;
  const archiving = await beside(service, () => archive(mysqlStore(table.pool), before));
  note(`claiming ${claims} times without them`);
  const small = await claimed(service, claims);
  const archived = await table.fileBytes();
  note("compacting the table, and claiming meanwhile");
  const compacting = await beside(service, () => compact(table.pool));
  const compacted = await table.fileBytes();
  const [p95, ofFew] = [quantile(full, 0.95), quantile(small, 0.95)];
  const perSecond = Math.round(archiving.value / (archiving.millis / 1_000));
  return [
    {
      bar: `claim beside ${ended} ended jobs, p95`,
      line: "<= 1.5x of a claim with them archived",
      measured: `${(p95 / ofFew).toFixed(2)}x: ${p95.toFixed(1)} ms against ${ofFew.toFixed(1)} ms; while they are archived ${told(archiving)}; ${archiving.value} archived at ${perSecond}/s`,
      met: p95 <= 1.5 * ofFew,
    },
    {
      bar: "2019: file of the jobs table after compaction",
      line: "<= 5 % of what it was, and archiving alone takes nothing from it; no claim takes longer than 10 s meanwhile",
      measured: `${megabytes(filled)} with all jobs, ${megabytes(archived)} with them archived, ${megabytes(compacted)} compacted in ${seconds(compacting.millis)}, meanwhile ${told(compacting)}`,
      met: compacted <= 0.05 * filled && archived >= filled && Math.max(...compacting.took) <= 10_000,
    },
  ];
}

/** How long each of so many claims took that found a job, in ms. */
async function claimed(service: Service, count: number): Promise<number[]> {
  for (let n = 0; n < count; n += 1) await service.issue();
  const took: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const began = performance.now();
    const { body } = await service.claim();
    took.push(performance.now() - began);
    if (body["job"] === null) throw new Error("a claim took no job");
  }
  return took;
}

interface Beside<T> {
  value: T;
  millis: number;
  /** How long each claim took that began meanwhile, in ms. */
  took: number[];
}

/** A job is issued and claimed again and again while something goes on. */
async function beside<T>(service: Service, goesOn: () => Promise<T>): Promise<Beside<T>> {
  const began = performance.now();
  let millis: number | null = null;
  const going = goesOn().finally(() => {
    millis = performance.now() - began;
  });
  const took: number[] = [];
  while (millis === null) took.push(...(await claimed(service, 1)));
  return { value: await going, millis, took };
}

const told = ({ took }: Pick<Beside<unknown>, "took">): string =>
  `${took.length} claims, p95 ${quantile(took, 0.95).toFixed(1)} ms, slowest ${seconds(Math.max(...took), 2)}`;

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MB`;
