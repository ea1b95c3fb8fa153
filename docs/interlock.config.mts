import { type ConfigContext, defineConfig, type Surroundings } from "interlock";
import { provision, provisionDestination, warehouseSchema } from "interlock/mysql";
import { resultOutput } from "interlock/scenarios";

/**
 * The systems under test, as `interlock init` writes them down. Put your own builds in the place of these: each as an
 * `image`, a `command` or a `url`. docs/your-own.md of Interlock says what a component is told and what it must answer.
 */
const images = {
  mysql: "mysql:8.4",
  api: "my/api:candidate",
  v5: "my/worker-v5:candidate",
  v6: "my/worker-v6:candidate",
};

/** Passwords are made anew for each run: `secret` gives the same one for the same name. */
const loginOf = ({ secret }: ConfigContext, user: string) => ({ user, password: secret(`mysql ${user}`) });

/** One customer for each cluster; your API must know their keys and databases. */
const customersOf = ({ secret }: ConfigContext) => ({
  cdh4: { account: 1, apikey: `1/${secret("customer 1")}`, database: "sample" },
  hdp2: { account: 2, apikey: `2/${secret("customer 2")}`, database: "sample" },
});

/** The token of each generation of workers; your API must know them. */
const tokensOf = ({ secret }: ConfigContext) => ({ v5: secret("worker v5"), v6: secret("worker v6") });

const mysqlUrl = (context: ConfigContext, { mysql }: Surroundings, user: string, schema: string) =>
  `mysql://${user}:${loginOf(context, user).password}@${mysql.host}:${mysql.port}/${schema}`;

/** What your API is told by environment variables: call them as it does. */
const apiEnv = (context: ConfigContext) => (around: Surroundings) => ({
  PORT: String(around.port),
  DATABASE_URL: mysqlUrl(context, around, "api", "jobs"),
  DATABASE_MIGRATION_URL: mysqlUrl(context, around, "migrations", "jobs"),
  CUSTOMERS: JSON.stringify(Object.values(customersOf(context))),
  WORKER_TOKENS: JSON.stringify(tokensOf(context)),
});

/** What a worker is told, with the names that docs/worker.md uses. */
const workerEnv = (context: ConfigContext, generation: "v5" | "v6") => (around: Surroundings) => ({
  API_URL: around.api,
  WORKER_ID: around.name,
  WORKER_TOKEN: tokensOf(context)[generation],
  WAREHOUSE_URL: mysqlUrl(context, around, `worker_${generation}`, ""),
  WAREHOUSE_ACCOUNTS: JSON.stringify({ 1: loginOf(context, "account_1"), 2: loginOf(context, "account_2") }),
});

/** The accounts and schemas of the job service's MySQL, which workers use as a warehouse too. */
const schemasOf = (context: ConfigContext) =>
  provision({
    api: loginOf(context, "api"),
    migrations: loginOf(context, "migrations"),
    workers: [loginOf(context, "worker_v5"), loginOf(context, "worker_v6")],
    oracle: loginOf(context, "oracle"),
    loader: loginOf(context, "loader"),
    customers: Object.values(customersOf(context)).map(({ account, database }) => ({
      account,
      databases: [database],
      login: loginOf(context, `account_${account}`),
    })),
  });

/**
 * Tables of the system's own, with the column that holds a job's id: what is written in a database that none is named of
 * counts as an act that nobody asked for. Name all that your API keeps.
 */
const ownTables = (context: ConfigContext) => ({
  "jobs.jobs": "id",
  "results.files": "job_id",
  ...Object.fromEntries(
    Object.values(customersOf(context)).map(({ account }) => [`ledger_${account}.effects`, "job_id"]),
  ),
});

export default defineConfig((context) => ({
  mysql: {
    image: images.mysql,
    command: ["--log-bin=binlog", "--server-id=1"],
    init: schemasOf(context),
    oracle: loginOf(context, "oracle"),
    loader: loginOf(context, "loader"),
    warehouse: warehouseSchema,
    // How your API keeps a job's status: one row, one column `status`.
    jobStatus: "SELECT status FROM jobs.jobs WHERE id = ?",
    world: { own: ownTables(context) },
  },
  api: { candidate: { image: images.api, env: apiEnv(context) } },
  current: "candidate",
  workers: {
    "worker-v5": {
      image: images.v5,
      env: workerEnv(context, "v5"),
      generation: "v5",
      engines: ["presto", "hive-cdh4"],
    },
    "worker-v6": {
      image: images.v6,
      env: workerEnv(context, "v6"),
      generation: "v6",
      engines: ["hive-hdp2"],
    },
  },
  destinations: {
    mysql: {
      image: images.mysql,
      command: ["--log-bin=binlog", "--server-id=1"],
      init: provisionDestination("mart", loginOf(context, "writer"), loginOf(context, "oracle")),
      database: "mart",
      oracle: loginOf(context, "oracle"),
      writer: loginOf(context, "writer"),
    },
    // A web destination and a store for exports of yours; then the scenarios below may be all of `resultOutput`.
    // web: { image: "my/web-destination", env: ({ port }) => ({ PORT: String(port) }) },
    // s3: { image: "my/s3-destination", env: ({ port }) => ({ PORT: String(port) }) },
  },
  customers: customersOf(context),
  workerTokens: tokensOf(context),
  scenarios: resultOutput.filter(({ output }) => output?.kind !== "web" && output?.kind !== "s3"),
  limits: { readyMs: 60_000, jobMs: 60_000 },
}));
