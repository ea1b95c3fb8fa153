import { type Call, type Held, type Party, unknownJob } from "./probe.ts";
import { ended, insert, look, reports } from "./tries.ts";

/** A password that no refusal may repeat. */
const secret = "probers-secret";
const at = `prober:${secret}@probe.invalid`;

const ofCustomers = (party: Party, held: Held): Call[] => {
  const issue = party.order(insert);
  return [
    ["job.issue", { ...issue, type: "spark" }],
    ["job.issue", { ...issue, query: "" }],
    ["job.issue", { ...issue, query: 7 }],
    ["job.issue", { ...issue, priority: 3 }],
    ["job.issue", { ...issue, priority: "-3" }],
    ["job.issue", { ...issue, retry_limit: -1 }],
    ["job.issue", { ...issue, retry_limit: 33 }],
    ["job.issue", { ...issue, type: "Hive" }],
    ["job.issue", { ...issue, domain_key: "" }],
    ["job.issue", { ...issue, domain_key: "k".repeat(256) }],
    ["job.issue", { ...issue, priority: 9, result: `web://${at}/` }],
    ["job.issue", { ...issue, result: `mysql://${at}/mart/t?mode=upsert` }],
    ["job.issue", { ...issue, result: `mysql://${at}/mart/t?mode=update` }],
    ["job.issue", { ...issue, result: `web://${at}/${"x".repeat(4_096)}` }],
    ...elsewhere.map((result): Call => ["job.issue", { ...issue, result }]),
    ["job.issue", { ...issue, type: "trino" }],
    ["job.issue", { ...issue, database: "probe_nowhere" }],
    ["job.issue", { ...issue, result: "web:/nowhere" }],
    ["job.list", { from: -1 }],
    ["job.list", { status: "asleep" }],
    ["job.list", { from: 3, to: 1 }],
    ["job.result", { job_id: held.job_id, format: "xml" }],
    ...(["job.show", "job.status", "job.kill", "job.result"] as const).flatMap((operation) =>
      [...noIds, unknownJob, `0${held.job_id}`, `${held.job_id}.0`].map(
        (job_id): Call => [operation, { job_id }],
      ),
    ),
    ["database.show", { database: "probe_nowhere" }],
    ["table.list", { database: "probe_nowhere" }],
    ["table.show", { database: party.database, table: "probe_nothing" }],
  ];
};

/** What real clients may say of a destination, and no worker could deliver to: by name, as settings, or of another kind. */
const elsewhere = [
  "probe_target:a_table",
  JSON.stringify({
    type: "mysql",
    host: "probe.invalid",
    user: "prober",
    password: secret,
    database: "mart",
    table: "t",
  }),
  `postgresql://${at}/mart/t`,
  `sftp://${at}/t`,
];

/** Texts that are the id of no job. */
const noIds = ["0", "-1", "xxxxxx", "1e3", "9".repeat(20)];

/** Parameters of real clients and of nobody, which would be lost without a word: one for a destination is 2015 once more. */
const unknownTo = (party: Party, held: Held): Call[] => [
  ...[
    { result_connection_id: 1, result_connection_settings: "{}" },
    { engine_version: "AAAAAA" },
    { pool_name: "no_such_pool" },
    { scheduled_time: 1_567_578_480 },
    { Result: `web://${at}/` },
    { "": 1 },
  ].map((more): Call => ["job.issue", { ...party.order(insert), ...more }]),
  ["job.list", { slower_than: 60 }],
  ...(["job.show", "job.status", "job.result", "job.kill"] as const).map(
    (operation): Call => [operation, { job_id: held.job_id, force: true }],
  ),
  ["database.list", { count: 1 }],
  ["database.show", { database: party.database, table: "t" }],
  ["table.list", { database: party.database, from: 0 }],
  ["table.create", { database: party.database, table: "probe_unknown", type: "log", idempotent_key: "k" }],
  ["bulk_import.list", { name: "probe_nobodys" }],
  ["scheduled_query.list", { name: "probe_nobodys" }],
  ["system.status", { verbose: true }],
];

const ofWorkers = (party: Party, held: Held): Call[] => {
  const claim = party.claimOf(1);
  const finish = ended(held, "success", { num_records: 1 });
  return [
    ["worker.claim", { ...claim, engines: [] }],
    ["worker.claim", { ...claim, engines: ["hive"] }],
    ["worker.claim", { ...claim, engines: [...(claim["engines"] as string[]), "spark"] }],
    ["worker.claim", { ...claim, version: undefined }],
    ["worker.claim", { ...claim, worker: "" }],
    ["worker.heartbeat", { ...held, attempt: 0 }],
    ...reports(party, { ...held, job_id: unknownJob }),
    ["worker.receipt", { ...held, rows: -1, checksum: "0".repeat(64) }],
    ["worker.receipt", { ...held, rows: 1, checksum: "none" }],
    ["worker.register_table", { ...held, database: "no name", table: "t", columns: [] }],
    ["worker.finish", { ...finish, status: "running" }],
    ["worker.finish", { ...finish, num_records: -1 }],
    ["worker.finish", { ...finish, message: undefined }],
    ["worker.finish", { ...finish, status: "error", message: "x".repeat(2_001) }],
  ];
};

/** What must not be taken, whoever asks. */
export async function malformed(party: Party): Promise<void> {
  await party.askEach(
    ["none", "unknown", party.customer, party.generation],
    [
      ["system.status", {}],
      ["system.version", {}],
    ],
  );
  // Without a right to ask nobody learns which jobs there are.
  await party.askEach(party.impostors, [["job.show", { job_id: unknownJob }]]);
  const held = await party.take(1, insert);
  await party.askByCustomer([...ofCustomers(party, held), ...unknownTo(party, held)]);
  for (const [operation, input] of ofWorkers(party, held)) await party.asWorker(1, operation, input);
  await look(party, held.job_id);
  await party.asWorker(1, "worker.finish", ended(held, "error", { message: "line 1" }));
}
