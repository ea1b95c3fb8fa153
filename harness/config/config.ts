import { z } from "zod";
import type { LoadBuilds } from "../../contracts/in-process.ts";
import { type Cluster, clusterOf, clusters, type Engine, engines, generations } from "../../contracts/job.ts";
import { type OperationId, operations } from "../../contracts/operations.ts";
import { objectName } from "../../contracts/values.ts";
import { type DestinationName, destinationKinds, destinationNames } from "../destinations/index.ts";
import { UsageError } from "../errors.ts";
import type { Filling } from "../oracle/fill.ts";
import { limitsSchema } from "../schedule/limits.ts";
import { scenarioSchema } from "../schedule/scenario.ts";
import { sessionPinsSchema } from "./session-pins.ts";
import { releaseName, skewPolicySchema } from "./skew-policy.ts";
import { tableSizesSchema } from "./table-sizes.ts";

/** `interlock.config.ts`: the systems under test, named as an image, a command or a URL, and what is tried on them. */

/** What a component is told about its surroundings, as seen from where it runs. */
export interface Surroundings {
  /** The component's name in this run; no other component of the run has it. */
  name: string;
  /** The port that it should listen on. */
  port: number;
  mysql: { host: string; port: number };
  /** Base URL of the API; for a worker this is its own link through Interlock's proxy. */
  api: string;
  /** Where the API posts notices of scheduled queries; absent for everybody else, and where the config has no `notices`. */
  notices?: string;
  /** A folder of the run that a command may write to; an image has its own file system. */
  folder: string;
}

const port = z.int().min(1).max(65535);
const env = z
  .custom<(surroundings: Surroundings) => Record<string, string>>((value) => typeof value === "function", {
    error: "expected a function from the surroundings to environment variables",
  })
  .default(() => () => ({}));

/** A component in one of its three forms, each with the same further fields. */
const componentWith = <S extends z.ZodRawShape>(more: S) =>
  z.union(
    [
      z.strictObject({
        image: z.string().min(1),
        command: z.array(z.string()).optional(),
        port: port.default(8080),
        env,
        ...more,
      }),
      z.strictObject({
        command: z.array(z.string().min(1)).min(1),
        /** A commit of this repository: the command runs in a checkout of it, in which `build` was run once. */
        ref: z.string().min(1).optional(),
        build: z.array(z.string().min(1)).min(1).optional(),
        env,
        ...more,
      }),
      z.strictObject({ url: z.url(), ...more }),
    ],
    { error: "expected an image, a command or a url" },
  );

/** Waits for what it needs to be there, however long that takes: it may be started together with it. */
const patient = z.boolean().optional();

/** What it takes to run schedules in containers: the system's clockwork, and what the oracle must look up. */
const schedules = z.strictObject({
  /** What the system's waits and leases were multiplied by; a schedule's durations are multiplied by it as well. */
  timeScale: z.number().positive().max(1),
  /** The system's constants as they are in production. */
  limits: limitsSchema,
  /** One row, one column `lease`, for the job id in the place of `?`; NULL while nobody holds the job. */
  jobLease: z.string().includes("?"),
  /** A row if the API knows the table of account, database and name in the place of three `?`. */
  registeredTable: z.string().regex(/\?.*\?.*\?/s, "needs three ?: account, database, table"),
  /** How the statement begins whose OK tells that a call to the warehouse took effect, by its label; else COMMIT. */
  effects: z.record(z.string(), z.string().min(1)),
  /** Folder in a worker's container with a file for each report that is kept until it is acknowledged. */
  outbox: z.string().startsWith("/").optional(),
});

/** Operations of the contract that a release does not have: what takes one of them is not asked of it. */
const lacks = z
  .array(
    z.enum(Object.keys(operations) as [OperationId, ...OperationId[]], {
      error: "is no operation of the contract; docs/openapi.json lists them",
    }),
  )
  .readonly()
  .optional();

const account = z.strictObject({ user: z.string().min(1), password: z.string() });
type DestinationComponents = {
  [Name in DestinationName]: z.ZodOptional<
    ReturnType<typeof componentWith<(typeof destinationKinds)[Name]["component"]>>
  >;
};

/** A component for each kind of destination that the scenarios deliver to. */
const destinations = z.strictObject(
  Object.fromEntries(
    destinationNames.map((name) => [
      name,
      componentWith<z.ZodRawShape>(destinationKinds[name].component).optional(),
    ]),
  ) as DestinationComponents,
);

const load = z.custom<LoadBuilds>((value) => typeof value === "function", {
  error: "expected a function that resolves with the builds",
});

/**
 * Builds as code in this process, and the images of which they are the code. A component in another image, or in another
 * form, is none of them: the rigs in process refuse it. A function alone stands for code of all that the config names.
 */
const inProcess = z.union([
  z.strictObject({ images: z.array(z.string().min(1)), load }),
  load.transform((given) => ({ images: "all" as const, load: given })),
]);

const ownByTables = z.strictObject({
  tables: z.string().min(1),
  by: z.enum(["streams", "jobs"]).default("streams"),
});

/** Where else the oracle may look in the server; a run lists what is left out as not compared. */
const world = z.strictObject({
  /**
   * Tables of the system's own by `database.table`: the column with the id of the job that a row is about; null where no
   * job changes anything; or SQL by which the tables of customers that rows are about are found: `account`, `database`,
   * `name`, null for a row that is about none, and `job`, the one that made the table and may change what is kept of it.
   * `by`: whether streaming imports alone change rows about tables, or all jobs that change the rows of these.
   */
  own: z
    .record(
      z.string().regex(/^[^.]+\.[^.]+$/, "needs a name like jobs.accounts"),
      z.union([z.string().min(1), z.null(), ownByTables], {
        error: "expected the name of a column, null, or { tables: SQL }",
      }),
    )
    .default({}),
  /** Those of them that workers write too; the others are the API's alone. */
  byWorkers: z.array(z.string()).optional(),
  /** Those of them that the API writes when it starts, such as the list of its migrations. */
  atStart: z.array(z.string()).default([]),
  /** False where the server has no binary log, or none that the oracle is to read. */
  binlog: z.boolean().default(true),
  /** A row for each table that the API knows: `account`, `database`, `name`, and `columns` as JSON. */
  registered: z.string().min(1).optional(),
  /**
   * One row for the job id in the place of `?`: `num_records`, `result_schema` as JSON, `message`, `receipt_rows`,
   * `receipt_checksum`.
   */
  jobRecord: z.string().includes("?").optional(),
});

/** What it takes to count what a system costs. */
const cost = z.strictObject({
  /** The command of the MySQL server in the place of `mysql.command`: what counts must be on. */
  mysqlCommand: z.array(z.string()).optional(),
  /** SQL by which the loader puts this many ended jobs of the customers into the API's database. */
  finished: z
    .custom<(count: number) => readonly Filling[]>((value) => typeof value === "function", {
      error: "expected a function from a number of jobs to SQL statements",
    })
    .optional(),
  /** The most that may be counted, by what is counted, such as `job.kill, call 1 of a life in v5: statements`. */
  budgets: z.record(z.string(), z.number().min(0)).default({}),
});

/** What it takes to judge how the API's statements go through its tables. */
const queryPlans = tableSizesSchema.extend({
  /** Explains statements and sets statistics: may do all that the API may, and what docs/query-plans.md lists. */
  account,
  /** The command of the MySQL server in the place of `mysql.command`: it must keep the statements that it executes. */
  mysqlCommand: z.array(z.string()).optional(),
});

/** What it takes to judge how the components are connected to MySQL. */
const sessions = sessionPinsSchema.extend({
  /** Reads what the server keeps of each connection: `SELECT ON performance_schema.*`. */
  account,
  /** The command of the MySQL server in the place of `mysql.command`: it must keep what its connections use. */
  mysqlCommand: z.array(z.string()).optional(),
});

export const configSchema = z.strictObject({
  /** Names of the servers that the config can be written for, the usual one first; without it there is one alone. */
  databases: z.array(releaseName).min(1).optional(),
  /** Holds the API's tables and the warehouse. `init` is run by a server that the run starts from an image. */
  mysql: componentWith({
    init: z.string().optional(),
    oracle: account,
    /** Fills the warehouse tables that the scenarios read. */
    loader: account,
    /** Schema of an account's database in the warehouse. */
    warehouse: z.custom<(account: number, database: string) => string>(
      (value) => typeof value === "function",
    ),
    /** One row, one column `status`, for the job id that takes the place of `?`. */
    jobStatus: z.string().includes("?"),
    /** The statement by which the loader sets the id of the next job, in the place of `?`. */
    nextJob: z.string().includes("?").optional(),
    /** A row for each build that claims jobs of a live system: `component` as this config names it, and `digest`. */
    claiming: z.string().min(1).optional(),
    world: world.default({ own: {}, atStart: [], binlog: true }),
  }),
  /** The API by release. */
  api: z.record(releaseName, componentWith({ patient, lacks })),
  /** The release that is run unless another is asked for. */
  current: z.string(),
  workers: z.record(
    z.string().regex(/^[a-z0-9-]+$/),
    componentWith({
      generation: z.enum(generations),
      engines: z.array(z.enum(engines)).min(1),
      patient,
      /** A fixed port for the worker's link to the API: a worker that runs already must be pointed at it. */
      linkPort: port.optional(),
      /** Other builds of this worker, which a schedule asks for by name; the matrix runs the current one. */
      releases: z.record(releaseName, componentWith({})).default({}),
    }),
  ),
  destinations,
  /**
   * Present where the API posts notices of scheduled queries to the URL that it is told: how long after the end of a job its
   * notice has come at the latest, in the system's own time, where nothing is broken.
   */
  notices: z.strictObject({ withinMs: z.int().positive() }).optional(),
  /** A customer for each cluster that the workers run jobs of. */
  customers: z.partialRecord(
    z.enum(clusters),
    z.strictObject({ account: z.int().positive(), apikey: z.string().min(8), database: objectName }),
  ),
  /** The tokens of the workers, which the probe needs; without them it is not run. */
  workerTokens: z.strictObject({ v5: z.string().min(1), v6: z.string().min(1) }).optional(),
  scenarios: z.array(scenarioSchema).min(1, "names none; a matrix without scenarios tests nothing"),
  /** Builds as code, for the rigs that explore in this process; images alone do without. */
  inProcess: inProcess.optional(),
  schedules: schedules.optional(),
  /** Which releases may be live together; without it a config has no window to roll through. */
  skew: skewPolicySchema.optional(),
  cost: cost.optional(),
  queryPlans: queryPlans.optional(),
  sessions: sessions.optional(),
  /** Files with the contract sets of releases, for `interlock diff`; paths from the working directory. */
  contracts: z.record(releaseName, z.string().min(1)).optional(),
  limits: z.strictObject({
    /** From the start of a component until its handshake. */
    readyMs: z.int().min(1000),
    /** From the issue of a job until its end. */
    jobMs: z.int().min(1000),
    /** A matrix looks at every job once more this long after its end. */
    ageMs: z.int().min(0).default(6_000),
  }),
});

export type Config = z.output<typeof configSchema>;
export type Component = Config["api"][string];
export type WorkerComponent = Config["workers"][string];
export type CustomerAccount = NonNullable<Config["customers"]["cdh4"]>;

/** What the config is written from: passwords and keys of this run, the same for the same name. */
export interface ConfigContext {
  secret: (name: string) => string;
  /** The server of `databases` that is asked for; undefined for the usual one. */
  database?: string | undefined;
}

export type ConfigFunction = (context: ConfigContext) => z.input<typeof configSchema>;

/** Wraps the default export of `interlock.config.ts`; gives completion in editors. */
export const defineConfig = (config: ConfigFunction): ConfigFunction => config;

/** The customer whose jobs run on an engine; a config that was checked has one for each engine of its workers. */
export function customerOf({ customers }: Pick<Config, "customers">, engine: Engine): CustomerAccount {
  const cluster = clusterOf(engine);
  const customer = customers[cluster];
  if (customer === undefined)
    throw new UsageError(`${engine}: the config has no customer of ${cluster}, whose jobs run there`);
  return customer;
}

/** Whose key an `authorization` header bears; undefined where it is nobody's. */
export const customerWith =
  ({ customers }: Pick<Config, "customers">) =>
  (authorization: string): Cluster | undefined =>
    clusters.find((cluster) => authorization === `TD1 ${customers[cluster]?.apikey}`);
