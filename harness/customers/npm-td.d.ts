/** The part of npm `td` that is used here; the package ships no types. */
declare module "td" {
  import type { Readable } from "node:stream";

  /** The client hands over whatever JSON the service sent: its type is a promise of the caller's. */
  type Done<T> = (error: Error | null, value: T) => void;
  interface QueryOptions {
    result?: string;
    retry_limit?: unknown;
  }
  export class TDClient {
    constructor(apikey: string, options: { host: string; protocol: "http" | "https" });
    prestoQuery<T>(database: string, query: string, options: QueryOptions, done: Done<T>): void;
    hiveQuery<T>(database: string, query: string, options: QueryOptions, done: Done<T>): void;
    showJob<T>(job: string, done: Done<T>): void;
    listJobs<T>(from: number, done: Done<T>): void;
    kill<T>(job: string, done: Done<T>): void;
    jobResult<T>(job: string, format: string, done: Done<T>): void;
    createDatabase<T>(database: string, done: Done<T>): void;
    deleteDatabase<T>(database: string, done: Done<T>): void;
    listTables<T>(database: string, done: Done<T>): void;
    /** Without an id `done` takes its place. */
    import<T>(
      database: string,
      table: string,
      format: string,
      content: Readable,
      bytes: number,
      ...rest: [unique_id: string, done: Done<T>] | [done: Done<T>]
    ): void;
    swapTable<T>(database: string, first: string, second: string, done: Done<T>): void;
    deleteTable<T>(database: string, table: string, done: Done<T>): void;
    createLogTable<T>(database: string, table: string, done: Done<T>): void;
    createBulkImport<T>(name: string, database: string, table: string, done: Done<T>): void;
    deleteBulkImport<T>(name: string, done: Done<T>): void;
    showBulkImport<T>(name: string, done: Done<T>): void;
    listBulkImports<T>(done: Done<T>): void;
    listBulkImportParts<T>(name: string, done: Done<T>): void;
    bulkImportUploadPart<T>(name: string, part: string, content: Readable, done: Done<T>): void;
    bulkImportDeletePart<T>(name: string, part: string, done: Done<T>): void;
    performBulkImport<T>(name: string, done: Done<T>): void;
    commitBulkImport<T>(name: string, done: Done<T>): void;
    createSchedule<T>(name: string, query: object, done: Done<T>): void;
    updateSchedule<T>(name: string, changes: object, done: Done<T>): void;
    deleteSchedule<T>(name: string, done: Done<T>): void;
    listSchedules<T>(done: Done<T>): void;
    /** The time in seconds since 1970. */
    runSchedule<T>(name: string, time: string, runs: number, done: Done<T>): void;
    history<T>(name: string, from: number, to: number, done: Done<T>): void;
  }
}

/** The same in a checkout; the package that others install brings the client as a file (script/lib/td-client.ts). */
declare module "#td" {
  export * from "td";
}
