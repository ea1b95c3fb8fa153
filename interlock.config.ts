import { hash } from "node:crypto";
import { type ConfigContext, defineConfig, type Surroundings } from "interlock";
import { noticesWithinMs, systemLimits } from "./contracts/promises/limits.ts";
import { databases, serverOf } from "./fixtures/databases.ts";
import { mutantsWithImage } from "./fixtures/mutants/files.ts";
import { claiming } from "./fixtures/mysql/claiming.ts";
import { finishedJobs, importedChunks } from "./fixtures/mysql/finished-jobs.ts";
import { provision, provisionDestination, warehouseSchema } from "./fixtures/mysql/provision.ts";
import { tablesAbout } from "./fixtures/mysql/tables-about.ts";
import { plansAccount } from "./fixtures/plans-account.ts";
import { costsMore } from "./fixtures/regressions/load.ts";
import { lacks } from "./fixtures/releases/lacks.ts";
import { sessionsAccount, sessionsPinned } from "./fixtures/sessions-pinned.ts";
import { tableSizes } from "./fixtures/table-sizes.ts";
import { resultOutput } from "./suites/result-output/scenarios.ts";

/**
 * The systems under test: here the fixtures that ship with Interlock. To try your own build, name its image, its
 * command or its URL in the place of one of these; docs/your-own.md says what it is told and what it must answer.
 */

// 0.08 of production's. A request's time-out is then 0.8 s: at a smaller scale a busy machine times out by itself.
const timeScale = 0.08;
const database = "sample";
const mutants = mutantsWithImage();

/** The customer's account at the destination: its password holds all that must be escaped in a URL. */
const writerOf = ({ secret }: ConfigContext) => ({
  user: "writer@mart",
  password: `p@s:w/ö?#&+ %25%${secret("mysql writer")}`,
});

/** The login of a MySQL account, by its name. */
const logins =
  ({ secret }: ConfigContext) =>
  (user: string) => ({ user, password: secret(`mysql ${user}`) });

const databaseUrl = (context: ConfigContext, { mysql }: Surroundings, user: string, schema: string) =>
  `mysql://${user}:${logins(context)(user).password}@${mysql.host}:${mysql.port}/${schema}`;

const customersOf = ({ secret }: ConfigContext) => ({
  cdh4: { account: 1, apikey: `1/${secret("customer 1")}`, database },
  hdp2: { account: 2, apikey: `2/${secret("customer 2")}`, database },
});

const workerTokenOf = ({ secret }: ConfigContext, generation: "v5" | "v6") => secret(`worker ${generation}`);

/** Whom the API lets in. */
const accountsOf = (context: ConfigContext) => ({
  customers: Object.entries(customersOf(context)).map(([cluster, { account, apikey }]) => ({
    id: account,
    name: `customer-${account}`,
    cluster,
    api_key_sha256: hash("sha256", apikey),
    databases: [database],
  })),
  workers: (["v5", "v6"] as const).map((generation) => ({
    generation,
    token_sha256: hash("sha256", workerTokenOf(context, generation)),
  })),
});

/** Presto is one for all, so both generations run statements of any account. */
const accountLogins = (context: ConfigContext) =>
  Object.fromEntries(
    Object.values(customersOf(context)).map(({ account }) => [
      account,
      logins(context)(`account_${account}`),
    ]),
  );

const apiBuild = (context: ConfigContext) => (release: string) => ({
  image: `interlock/api:${release}`,
  patient: true,
  lacks: lacks[release],
  env: (around: Surroundings) => ({
    PORT: String(around.port),
    DATABASE_URL: databaseUrl(context, around, "api", "jobs"),
    DATABASE_MIGRATION_URL: databaseUrl(context, around, "migrations", "jobs"),
    ACCOUNTS: JSON.stringify(accountsOf(context)),
    LEASE_MS: String(systemLimits.leaseMs * timeScale),
    ...(around.notices === undefined ? {} : { NOTICE_URL: around.notices }),
  }),
});

const workerBuild = (context: ConfigContext, generation: "v5" | "v6") => (release: string) => ({
  image: `interlock/worker-${generation}:${release}`,
  env: (around: Surroundings) => ({
    API_URL: around.api,
    WORKER_ID: around.name,
    WORKER_TOKEN: workerTokenOf(context, generation),
    WAREHOUSE_URL: databaseUrl(context, around, `worker_${generation}`, ""),
    WAREHOUSE_ACCOUNTS: JSON.stringify(accountLogins(context)),
    TIME_SCALE: String(timeScale),
  }),
});

function worker(context: ConfigContext, generation: "v5" | "v6") {
  const build = workerBuild(context, generation);
  return {
    ...build("current"),
    generation,
    patient: true,
    releases: byName(["next", costsMore, ...mutants.worker], build),
  };
}

const byName = <T>(names: readonly string[], make: (name: string) => T): Record<string, T> =>
  Object.fromEntries(names.map((name) => [name, make(name)]));

/** A log of all that is written: as the redo log, it outlives a kill of the server, and no commit waits for the disk. */
const binlog = ["--log-bin=binlog", "--server-id=1", "--sync-binlog=0"];
/** A server that counts takes longer to start. */
const counting = [...binlog, "--performance-schema=ON"];

/** The job service's database, which the workers use as a warehouse too. */
function mysqlOf(context: ConfigContext) {
  const login = logins(context);
  const { image, dialect } = serverOf(context.database);
  const system = provision(
    {
      api: login("api"),
      migrations: login("migrations"),
      workers: [login("worker_v5"), login("worker_v6")],
      oracle: login("oracle"),
      loader: login("loader"),
      customers: Object.values(customersOf(context)).map(({ account }) => ({
        account,
        databases: [database],
        login: login(`account_${account}`),
      })),
    },
    dialect,
  );
  return {
    image,
    command: binlog,
    init: `${system}${plansAccount(login("plans"), dialect)}${sessionsAccount(login("sessions"), dialect)}`,
    oracle: login("oracle"),
    loader: login("loader"),
    warehouse: warehouseSchema,
    jobStatus: "SELECT status FROM jobs.jobs WHERE id = ?",
    nextJob: "ALTER TABLE jobs.jobs AUTO_INCREMENT = ?",
    claiming: claiming("jobs"),
    world: worldOf(context),
  };
}

const ledgersOf = (context: ConfigContext, of: "effects" | "chunks"): string[] =>
  Object.values(customersOf(context)).map(({ account }) => `ledger_${account}.${of}`);

/** What no job may change. */
const ofNoJob =
  "accounts worker_tokens databases schema_migrations settings jobs_table_sizes import_parts scheduled_queries result_targets users user_apikeys";

/** What of the server a job may change besides the warehouses. */
const worldOf = (context: ConfigContext) => ({
  own: {
    ...Object.fromEntries(ofNoJob.split(" ").map((name) => [`jobs.${name}`, null])),
    "jobs.jobs": "id",
    "jobs.archived_jobs": "id",
    "jobs.bulk_imports": "job_id",
    "jobs.tables": "origin_job",
    "jobs.chunks": { tables: tablesAbout("jobs.chunks c") },
    "jobs.scheduled_runs": "job_id",
    "jobs.notices": "job_id",
    "jobs.table_counters": {
      tables: tablesAbout("jobs.table_counters c", "t.origin_job"),
      by: "jobs" as const,
    },
    "results.files": "job_id",
    ...Object.fromEntries(ledgersOf(context, "effects").map((name) => [name, "job_id"])),
    ...Object.fromEntries(
      ledgersOf(context, "chunks").map((name) => [
        name,
        { tables: tablesAbout(`${name} l LEFT JOIN jobs.chunks c ON c.id = l.taken_as`) },
      ]),
    ),
  },
  byWorkers: ["results.files", ...ledgersOf(context, "effects")],
  atStart: ["jobs.schema_migrations", "jobs.settings"],
  registered:
    "SELECT d.account_id AS account, d.name AS `database`, t.name AS name, t.columns AS columns FROM jobs.tables t JOIN jobs.databases d ON d.id = t.database_id",
  jobRecord:
    "SELECT num_records, result_schema, message, receipt_rows, receipt_checksum FROM jobs.jobs WHERE id = ?",
});

const env = ({ port }: Surroundings) => ({ PORT: String(port) });
const served = (name: string) => ({ image: `interlock/${name}-destination:current`, env });

function destinationsOf(context: ConfigContext) {
  const login = logins(context);
  const writer = writerOf(context);
  const { image, dialect } = serverOf(context.database);
  return {
    web: served("web"),
    s3: served("s3"),
    mysql: {
      image,
      command: binlog,
      init: provisionDestination("mart", writer, login("oracle"), dialect),
      database: "mart",
      own: { _td_deliveries: "job_id" },
      oracle: login("oracle"),
      writer,
    },
  };
}

/** What schedules need to know of the system beyond the matrix. */
const schedules = {
  timeScale,
  limits: systemLimits,
  jobLease: "SELECT lease_until AS lease FROM jobs.jobs WHERE id = ?",
  registeredTable:
    "SELECT t.id FROM jobs.tables t JOIN jobs.databases d ON d.id = t.database_id WHERE d.account_id = ? AND d.name = ? AND t.name = ?",
  effects: {
    stageTable: "CREATE TABLE",
    publishTable: "INSERT INTO",
    abandon: "SELECT kind",
    dropStages: "DROP TABLE",
    saveResult: "INSERT INTO",
    select: "SELECT",
    loadResult: "SELECT",
  },
  outbox: "/var/lib/worker/outbox",
};

/** Which releases may be live together: the next API takes the next workers alone. */
const skew = {
  apis: [
    { release: "2026-05", takes: { v5: ["current", "next"], v6: ["current", "next"] } },
    { release: "current", takes: { v5: ["current", "next"], v6: ["current", "next"] } },
    { release: "next", takes: { v5: ["next"], v6: ["next"] } },
  ],
};

const queryPlansOf = (context: ConfigContext) => ({
  account: logins(context)("plans"),
  mysqlCommand: [
    ...counting,
    "--performance-schema-max-sql-text-length=16384",
    "--performance-schema-max-digest-length=16384",
    "--max-digest-length=16384",
  ],
  rows: tableSizes,
});

export default defineConfig((context) => {
  const apis = byName(
    ["2026-05", "current", "next", "2015-08-24", "2017-10-23", costsMore, ...mutants.api],
    apiBuild(context),
  );
  const workers = {
    "worker-v5": { ...worker(context, "v5"), engines: ["presto" as const, "hive-cdh4" as const] },
    "worker-v6": { ...worker(context, "v6"), engines: ["hive-hdp2" as const] },
  };
  /** The images of which the code is in this repository. */
  const images = [
    ...Object.values(apis),
    ...Object.values(workers).flatMap((one) => [one, ...Object.values(one.releases)]),
  ].map(({ image }) => image);
  return {
    databases,
    mysql: mysqlOf(context),
    api: apis,
    current: "current",
    workers,
    destinations: destinationsOf(context),
    notices: { withinMs: noticesWithinMs },
    customers: customersOf(context),
    workerTokens: { v5: workerTokenOf(context, "v5"), v6: workerTokenOf(context, "v6") },
    scenarios: [...resultOutput],
    inProcess: {
      images,
      load: async (only) => (await import("./fixtures/in-process/builds.ts")).loadBuilds(only),
    },
    schedules,
    skew,
    cost: {
      mysqlCommand: counting,
      finished: (count) => [...finishedJobs(count, customersOf(context)), ...importedChunks()],
    },
    queryPlans: queryPlansOf(context),
    sessions: {
      account: logins(context)("sessions"),
      mysqlCommand: counting,
      pinned: sessionsPinned(serverOf(context.database).dialect),
    },
    contracts: {
      "2026-05": "fixtures/releases/contracts/2026-05.json",
      next: "fixtures/releases/contracts/next.json",
    },
    limits: { readyMs: 30_000, jobMs: 20_000 },
  };
});
