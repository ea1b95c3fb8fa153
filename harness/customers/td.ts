import { TDClient } from "td";
import type { JobStatus } from "../../contracts/job.ts";

/** The public client of the job service, npm `td`, as it is: it stands for what customers really send. */
export interface Customer {
  issue(
    type: "presto" | "hive",
    database: string,
    query: string,
    result?: string,
  ): Promise<Answer<{ job_id: string }>>;
  show(job: string): Promise<Answer<{ status: JobStatus }>>;
  list(): Promise<Answer<{ jobs: { job_id: string }[] }>>;
  kill(job: string): Promise<Answer<{ former_status: JobStatus }>>;
  /** The rows of a result, read as one JSON array a line. */
  result(job: string): Promise<Answer<unknown[][]>>;
}

/** What the client got: a value, or the error text that the service gave it. */
export type Answer<T> = { ok: true; value: T } | { ok: false; problem: string };

export function tdCustomer(apikey: string, host: string): Customer {
  const client = new TDClient(apikey, { host, protocol: "http" });
  return {
    issue: (type, database, query, result) => {
      const options = result === undefined ? {} : { result };
      return answer((done) => {
        if (type === "presto") client.prestoQuery(database, query, options, done);
        else client.hiveQuery(database, query, options, done);
      });
    },
    show: (job) => answer((done) => client.showJob(job, done)),
    list: () => answer((done) => client.listJobs(0, done)),
    kill: (job) => answer((done) => client.kill(job, done)),
    result: async (job) => {
      const text = await answer<unknown>((done) => client.jobResult(job, "json", done));
      return text.ok ? { ok: true, value: parseLines(text.value) } : text;
    },
  };
}

/** The client gives an empty object for an empty body. */
const parseLines = (text: unknown): unknown[][] =>
  typeof text !== "string"
    ? []
    : text
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as unknown[]);

const answer = <T>(call: (done: (error: Error | null, value: T) => void) => void): Promise<Answer<T>> =>
  new Promise((resolve) => {
    call((error, value) =>
      resolve(error === null ? { ok: true, value } : { ok: false, problem: error.message }),
    );
  });
