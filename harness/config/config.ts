import { z } from "zod";
import type { InProcessBuilds } from "../../contracts/in-process.ts";
import { clusters, engines, generations } from "../../contracts/job.ts";
import { objectName } from "../../contracts/values.ts";
import type { Scenario } from "../schedule/scenario.ts";

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
      z.strictObject({ command: z.array(z.string().min(1)).min(1), env, ...more }),
      z.strictObject({ url: z.url(), ...more }),
    ],
    { error: "expected an image, a command or a url" },
  );

/** Waits for what it needs to be there, however long that takes: it may be started together with it. */
const patient = z.boolean().optional();

const millis = z.int().positive();

/** What it takes to run schedules in containers: the system's clockwork, and what the oracle must look up. */
const schedules = z.strictObject({
  /** What the system's waits and leases were multiplied by; a schedule's durations are multiplied by it as well. */
  timeScale: z.number().positive().max(1),
  /** The system's constants as they are in production. */
  limits: z.strictObject({
    leaseMs: millis,
    requestMs: millis,
    registerMs: millis,
    retryCapMs: millis,
    statementMs: millis,
    deliveryTryMs: millis,
    deliveryMs: millis,
  }),
  /** One row, one column `lease`, for the job id in the place of `?`; NULL while nobody holds the job. */
  jobLease: z.string().includes("?"),
  /** A row if the API knows the table of account, database and name in the place of three `?`. */
  registeredTable: z.string().regex(/\?.*\?.*\?/s, "needs three ?: account, database, table"),
  /** How the statement begins whose OK tells that a call to the warehouse took effect, by its label; else COMMIT. */
  effects: z.record(z.string(), z.string().min(1)),
  /** Folder in a worker's container with a file for each report that is kept until it is acknowledged. */
  outbox: z.string().startsWith("/").optional(),
});

const releaseName = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/);
const account = z.strictObject({ user: z.string().min(1), password: z.string() });
const init = z.string().optional();

const configSchema = z.strictObject({
  /** Holds the API's tables and the warehouse. `init` is run by a server that the run starts from an image. */
  mysql: componentWith({
    init,
    oracle: account,
    /** Fills the warehouse tables that the scenarios read. */
    loader: account,
    /** Schema of an account's database in the warehouse. */
    warehouse: z.custom<(account: number, database: string) => string>(
      (value) => typeof value === "function",
    ),
    /** One row, one column `status`, for the job id that takes the place of `?`. */
    jobStatus: z.string().includes("?"),
  }),
  /** The API by release. */
  api: z.record(releaseName, componentWith({ patient })),
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
  destinations: z.strictObject({
    web: componentWith({}),
    mysql: componentWith({ init, oracle: account, writer: account, database: z.string().min(1) }),
  }),
  customers: z.record(
    z.enum(clusters),
    z.strictObject({ account: z.int().positive(), apikey: z.string().min(8), database: objectName }),
  ),
  scenarios: z
    .array(z.custom<Scenario>((value) => typeof value === "object" && value !== null && "name" in value))
    .min(1, "names none; a matrix without scenarios tests nothing"),
  /** The same builds as code, for the rigs that explore in this process; strangers' images do without. */
  inProcess: z.custom<() => Promise<InProcessBuilds>>((value) => typeof value === "function").optional(),
  schedules: schedules.optional(),
  limits: z.strictObject({
    /** From the start of a component until its handshake. */
    readyMs: z.int().min(1000),
    /** From the issue of a job until its end. */
    jobMs: z.int().min(1000),
  }),
});

export type Config = z.output<typeof configSchema>;
export type Component = Config["api"][string];
export type WorkerComponent = Config["workers"][string];

/** What the config is written from: passwords and keys of this run, the same for the same name. */
export interface ConfigContext {
  secret: (name: string) => string;
}

export type ConfigFunction = (context: ConfigContext) => z.input<typeof configSchema>;

/** Wraps the default export of `interlock.config.ts`; gives completion in editors. */
export const defineConfig = (config: ConfigFunction): ConfigFunction => config;

export type CheckedConfig = { ok: true; config: Config } | { ok: false; problems: string[] };

export function checkConfig(written: unknown): CheckedConfig {
  const result = configSchema.safeParse(written, { reportInput: true });
  if (!result.success)
    return { ok: false, problems: result.error.issues.flatMap((issue) => issueLines(issue, [])) };
  const problems = crossChecks(result.data);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, config: result.data };
}

type Issue = z.core.$ZodIssue;

/** A union's own message says nothing: the alternative that came nearest has the true problem. */
function issueLines(issue: Issue, outer: PropertyKey[]): string[] {
  const path = [...outer, ...issue.path];
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const weight = (issues: Issue[]) => issues.reduce((sum, each) => sum + distance(each), 0);
    const nearest = [...issue.errors].sort((a, b) => weight(a) - weight(b))[0] as Issue[];
    return nearest.flatMap((inner) => issueLines(inner, path));
  }
  return [`${path.join(".") || "the config"}: ${issue.message}`];
}

/** A key that is missing tells more of another alternative than a wrong value, and that more than a key too many. */
function distance({ code, input }: Issue): number {
  if (code === "unrecognized_keys") return 1;
  return input === undefined ? 3 : 2;
}

function crossChecks(config: Config): string[] {
  const problems: string[] = [];
  if (!Object.hasOwn(config.api, config.current))
    problems.push(`current: names ${config.current}, which is not under api`);
  if (Object.keys(config.workers).length === 0)
    problems.push("workers: names none; a matrix without workers tests nothing");
  const names = config.scenarios.map(({ name }) => name);
  for (const name of new Set(names.filter((name, i) => names.indexOf(name) !== i))) {
    problems.push(`scenarios: ${name} stands there twice`);
  }
  for (const name of names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))) {
    problems.push(`scenarios: ${name} is no name for a cell's path: lower-case words joined by hyphens`);
  }
  for (const [name, worker] of Object.entries(config.workers)) {
    if ("url" in worker && worker.linkPort === undefined) {
      problems.push(
        `workers.${name}: a worker that runs already needs linkPort, the port where it finds the API`,
      );
    }
  }
  for (const generation of generations) {
    const places = Object.values(config.workers)
      .filter((worker) => worker.generation === generation)
      .map((worker) => "image" in worker);
    if (new Set(places).size > 1) {
      problems.push(
        `workers: those of generation ${generation} run partly as images, which find the destinations elsewhere`,
      );
    }
  }
  return problems;
}
