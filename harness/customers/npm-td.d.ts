/** The part of npm `td` that is used here; the package ships no types. */
declare module "td" {
  // biome-ignore lint: the client hands over whatever JSON the service sent
  type Done = (error: Error | null, value: any) => void;
  export class TDClient {
    constructor(apikey: string, options: { host: string; protocol: "http" | "https" });
    prestoQuery(database: string, query: string, options: { result?: string }, done: Done): void;
    hiveQuery(database: string, query: string, options: { result?: string }, done: Done): void;
    showJob(job: string, done: Done): void;
    listJobs(from: number, done: Done): void;
    kill(job: string, done: Done): void;
    jobResult(job: string, format: string, done: Done): void;
  }
}
