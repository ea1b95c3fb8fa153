import { enginesOf, generations } from "../../contracts/job.ts";
import type { OperationId } from "../../contracts/operations.ts";
import { sideBySide } from "../side-by-side.ts";
import { type Held, type Input, Party, type ProbePort, unknownJob } from "./probe.ts";

/** All that the probe asks of jobs. Nothing else may call the API for these customers, or claim jobs, as long as it lasts. */
export async function askOfJobs(port: ProbePort): Promise<void> {
  const parties = partiesAt(port);
  await Promise.all(parties.map(talk));
  await Promise.all(parties.map(twin));
}

/** What it asks of names that customers make: these stay, so that it comes after the last look at the world. */
export async function askOfNames(port: ProbePort): Promise<void> {
  await Promise.all(partiesAt(port).map(names));
}

const partiesAt = (port: ProbePort): Party[] => generations.map((generation) => new Party(port, generation));

async function talk(party: Party): Promise<void> {
  await malformed(party);
  await leases(party);
  await kills(party);
  await outputs(party);
  await tables(party);
  await backlog(party);
}

const insert = "INSERT INTO probes SELECT 1";

/** Every report that a worker may make, as if it held the job. */
const reports = ({ database }: Party, held: Held): [OperationId, Input][] => [
  ["worker.heartbeat", { ...held }],
  ["worker.register_table", { ...held, database, table: "probes", columns: [["id", "bigint"]] }],
  ["worker.receipt", { ...held, rows: 2, checksum: "0".repeat(64) }],
  ["worker.finish", ended(held, "killed", { message: "it was asked for" })],
  ["worker.finish", ended(held, "error", { message: "line 1: no such column" })],
  ["worker.finish", ended(held, "success", { num_records: 2 })],
];

const ended = (held: Held, status: string, more: Input = {}): Input => ({
  ...held,
  status,
  num_records: null,
  result_size: null,
  result_schema: null,
  message: null,
  ...more,
});

/** Every way in which a customer looks. */
async function look(party: Party, job_id: string): Promise<void> {
  await party.asCustomer("job.show", { job_id });
  await party.asCustomer("job.status", { job_id });
  await party.asCustomer("job.list", { from: 0, to: 4 });
}

/** The same, and the result that there is none of. */
async function lookInVain(party: Party, job_id: string): Promise<void> {
  await look(party, job_id);
  await party.asCustomer("job.result", { job_id, format: "json" });
}

/** Whoever has no right to it tries everything; the customer then looks what came of it. */
async function usurp(party: Party, held: Held): Promise<void> {
  const { job_id } = held;
  for (const credential of party.usurpers) {
    for (const [operation, input] of reports(party, held)) await party.ask(credential, operation, input);
    await party.ask(credential, "worker.claim", party.claimOf(9));
  }
  for (const credential of [...party.impostors, party.stranger]) {
    for (const operation of ["job.show", "job.status", "job.kill"] as const)
      await party.ask(credential, operation, { job_id });
    await party.ask(credential, "job.result", { job_id, format: "json" });
  }
  for (const credential of party.impostors) {
    await party.ask(credential, "job.list", {});
    await party.ask(credential, "job.issue", party.order(insert));
  }
  await look(party, job_id);
}

/** A worker of this generation asks for the jobs of the other one. */
async function poach(party: Party): Promise<void> {
  const { other } = party;
  const engines = [...enginesOf[other]];
  for (const claim of [{ engines }, { generation: other }, { generation: other, engines }])
    await party.asWorker(9, "worker.claim", { ...party.claimOf(9), ...claim });
}

/** A job's life with two takeovers: one that must come and one that must not. */
async function leases(party: Party): Promise<void> {
  const { leaseMs, sleep } = party;
  const silent = await party.issue(insert, { priority: 1, retry_limit: 3 });
  const kept = await party.issue(insert);
  await poach(party);
  await usurp(party, { job_id: silent, attempt: 1 });
  // It was handed out to nobody.
  for (const [operation, input] of reports(party, { job_id: silent, attempt: 1 }))
    await party.asWorker(1, operation, input);
  await lookInVain(party, silent);

  const first = (await party.claim(1)) ?? { job_id: silent, attempt: 1 };
  const second = (await party.claim(2)) ?? { job_id: kept, attempt: 1 };
  await lookInVain(party, first.job_id);
  await usurp(party, first);
  const ahead = { ...first, attempt: first.attempt + 1 };
  for (const [operation, input] of reports(party, ahead)) await party.asWorker(1, operation, input);
  await party.asWorker(1, "worker.heartbeat", first);
  await party.asWorker(2, "worker.heartbeat", second);
  await look(party, first.job_id);
  await usurp(party, first);
  await party.claim(3);

  await sleep(leaseMs * 0.6);
  await party.asWorker(2, "worker.heartbeat", second);
  await sleep(leaseMs * 0.55);
  const taken = (await party.claim(3)) ?? ahead;
  await party.claim(3);
  for (const [operation, input] of reports(party, first)) await party.asWorker(1, operation, input);
  await look(party, first.job_id);
  await party.asWorker(3, "worker.heartbeat", taken);
  await conclude(party, 3, taken, ended(taken, "error", { message: "line 1: no such column" }));

  // Its lease has run out, and nobody took over.
  await sleep(leaseMs * 0.55);
  const receipt = { ...second, rows: 2, checksum: "1".repeat(64) };
  await party.asWorker(2, "worker.receipt", receipt);
  await party.asWorker(2, "worker.receipt", receipt);
  await party.asWorker(2, "worker.receipt", { ...receipt, rows: 3 });
  await conclude(party, 2, second, ended(second, "success", { num_records: 3 }));
}

/** A job ends, and everything is tried once more. */
async function conclude(party: Party, n: number, held: Held, report: Input): Promise<void> {
  await party.asWorker(n, "worker.finish", report);
  await lookInVain(party, held.job_id);
  await party.asWorker(n, "worker.finish", report);
  for (const [operation, input] of reports(party, held)) {
    if (operation === "worker.finish" && input["status"] === report["status"]) continue;
    await party.asWorker(n, operation, input);
  }
  await party.asCustomer("job.kill", { job_id: held.job_id });
  await usurp(party, held);
  await party.claim(4);
  await look(party, held.job_id);
}

/** A customer asks for the end of a job in every state. */
async function kills(party: Party): Promise<void> {
  const queued = await party.issue(insert);
  await party.asCustomer("job.kill", { job_id: queued });
  await lookInVain(party, queued);
  await party.asCustomer("job.kill", { job_id: queued });
  await party.claim(1);

  for (const isRunning of [false, true]) {
    for (const status of ["killed", "success"]) {
      const id = await party.issue(insert);
      const held = (await party.claim(1)) ?? { job_id: id, attempt: 1 };
      if (isRunning) await party.asWorker(1, "worker.heartbeat", held);
      await party.asCustomer("job.kill", { job_id: held.job_id });
      await look(party, held.job_id);
      await party.asWorker(1, "worker.heartbeat", held);
      const more = status === "killed" ? { message: "the customer asked for it" } : { num_records: 1 };
      await party.asWorker(1, "worker.finish", ended(held, status, more));
      await look(party, held.job_id);
    }
  }
}

/** Of a job with a destination a receipt is asked for before success. */
async function outputs(party: Party): Promise<void> {
  const id = await party.issue("SELECT 1", {
    result: "web://prober:prober-password@probe.invalid/none?method=post",
  });
  const held = (await party.claim(1)) ?? { job_id: id, attempt: 1 };
  const schema = [["one", "bigint"]];
  const success = ended(held, "success", { num_records: 1, result_size: 30, result_schema: schema });
  await party.asWorker(1, "worker.finish", success);
  await party.asWorker(1, "worker.receipt", { ...held, rows: 1, checksum: "2".repeat(64) });
  await look(party, held.job_id);
  await party.asWorker(1, "worker.finish", success);
  await look(party, held.job_id);
}

const kept = (generation: string, n = 1): string => `probe_${generation}_kept_${n}`;

/** Whether a place in the world is a table that the probe leaves known to the API: nothing takes it away again. */
export const isKept = (place: string): boolean => /\/probe_v\d_kept_\d$/.test(place);

/** Tables that jobs make: known after success, and forgotten after any other end. */
async function tables(party: Party): Promise<void> {
  const { database, generation } = party;
  const columns = [
    ["id", "bigint"],
    ["na me", "string"],
  ];
  const make = async (table: string, status: string, isRegistered: boolean) => {
    const id = await party.issue(`CREATE TABLE ${table} AS SELECT 1`);
    const held = (await party.claim(1)) ?? { job_id: id, attempt: 1 };
    const success = ended(held, "success", { num_records: 1 });
    await party.asWorker(1, "worker.finish", success);
    const registration = { ...held, database, table, columns };
    for (let times = isRegistered ? 2 : 0; times > 0; times -= 1)
      await party.asWorker(1, "worker.register_table", registration);
    await party.asCustomer("table.show", { database, table });
    await party.ask(party.stranger, "table.show", { database, table });
    await party.asWorker(
      1,
      "worker.finish",
      status === "success" ? success : ended(held, status, { message: "no space left" }),
    );
    await look(party, held.job_id);
    await party.asCustomer("table.show", { database, table });
    await party.asCustomer("table.list", { database });
  };
  await make(kept(generation), "success", true);
  await make(kept(generation), "error", true);
  await make(`probe_${generation}_gone`, "error", true);
  await make(`probe_${generation}_none`, "killed", false);
}

/** What a customer makes is there from then on, for itself alone. */
async function names(party: Party): Promise<void> {
  const { database, generation, stranger } = party;
  const own = `probe_${generation}_made`;
  const looks: [OperationId, Input][] = [
    ["database.show", { database: own }],
    ["database.list", {}],
    ["table.list", { database: own }],
    ["table.show", { database: own, table: kept(generation) }],
    ["table.show", { database, table: kept(generation) }],
  ];
  const lookAround = async () => {
    for (const [operation, input] of looks) {
      await party.asCustomer(operation, input);
      await party.ask(stranger, operation, input);
    }
  };
  const table = { database: own, table: kept(generation), type: "log" };
  await lookAround();
  for (const credential of party.impostors) {
    await party.ask(credential, "database.create", { database: own });
    await party.ask(credential, "table.create", { ...table, database });
    for (const [operation, input] of looks) await party.ask(credential, operation, input);
  }
  await party.ask(stranger, "table.create", table);
  for (let times = 2; times > 0; times -= 1) await party.asCustomer("database.create", { database: own });
  await party.asCustomer("database.create", { database: "No Name" });
  await lookAround();
  await party.asCustomer("table.create", { ...table, type: "item" });
  for (let times = 2; times > 0; times -= 1) await party.asCustomer("table.create", table);
  await party.asCustomer("table.create", { ...table, table: kept(generation, 2) });
  await lookAround();
  const id = await party.issue(insert, { database: own, domain_key: own });
  await party.asCustomer("job.kill", { job_id: id });
  await party.ask(stranger, "job.issue", party.order(insert, { database: own }));
}

/** So many jobs of each generation wait at once. */
const waiting = 100;
const atOnce = 4;

/** The more urgent jobs come first, and each comes once. */
async function backlog(party: Party): Promise<void> {
  const numbers = Array.from({ length: waiting }, (_, n) => n);
  await sideBySide(numbers, atOnce, async (n) => {
    await party.issue(insert, { priority: (n % 5) - 2 });
  });
  const held: Held[] = [];
  for (const _ of numbers) {
    const one = await party.claim(1);
    if (one !== null) held.push(one);
  }
  await party.claim(1);
  await sideBySide(held, atOnce, async (one) => {
    await party.asWorker(1, "worker.finish", ended(one, "error", { message: "enough" }));
  });
  await party.asCustomer("job.list", { from: 0, to: 199 });
}

/** What must not be taken, whoever asks. */
async function malformed(party: Party): Promise<void> {
  for (const operation of ["system.status", "system.version"] as const)
    await party.ask("none", operation, {});
  const issue = party.order(insert);
  const claim = party.claimOf(1);
  const id = await party.issue(insert);
  const held = (await party.claim(1)) ?? { job_id: id, attempt: 1 };
  const finish = ended(held, "success", { num_records: 1 });
  const asCustomer: [OperationId, Input][] = [
    ["job.issue", { ...issue, type: "spark" }],
    ["job.issue", { ...issue, query: "" }],
    ["job.issue", { ...issue, query: 7 }],
    ["job.issue", { ...issue, priority: 3 }],
    ["job.issue", { ...issue, retry_limit: -1 }],
    ["job.issue", { ...issue, domain_key: "" }],
    ["job.issue", { ...issue, database: "probe_nowhere" }],
    ["job.issue", { ...issue, result: "web:/nowhere" }],
    ["job.list", { from: -1 }],
    ["job.list", { status: "asleep" }],
    ["job.show", { job_id: "0" }],
    ...(["job.show", "job.status", "job.kill", "job.result"] as const).map(
      (operation): [OperationId, Input] => [operation, { job_id: unknownJob }],
    ),
    ["database.show", { database: "probe_nowhere" }],
    ["table.list", { database: "probe_nowhere" }],
    ["table.show", { database: party.database, table: "probe_nothing" }],
  ];
  const asWorker: [OperationId, Input][] = [
    ["worker.claim", { ...claim, engines: [] }],
    ["worker.claim", { ...claim, engines: ["hive"] }],
    ["worker.claim", { ...claim, worker: "" }],
    ["worker.heartbeat", { ...held, attempt: 0 }],
    ["worker.heartbeat", { ...held, job_id: unknownJob }],
    ["worker.receipt", { ...held, rows: -1, checksum: "0".repeat(64) }],
    ["worker.receipt", { ...held, rows: 1, checksum: "none" }],
    ["worker.register_table", { ...held, database: "no name", table: "t", columns: [] }],
    ["worker.finish", { ...finish, status: "running" }],
    ["worker.finish", { ...finish, num_records: -1 }],
    ["worker.finish", { ...finish, message: undefined }],
  ];
  for (const [operation, input] of asCustomer) await party.asCustomer(operation, input);
  for (const [operation, input] of asWorker) await party.asWorker(1, operation, input);
  await look(party, held.job_id);
  await party.asWorker(1, "worker.finish", ended(held, "error", { message: "line 1" }));
}

/** Two customers may use the same word for their jobs, one may not use it twice. */
async function twin(party: Party): Promise<void> {
  const order = party.order(insert, { domain_key: "probe-twin" });
  const id = await party.issue(insert, { domain_key: "probe-twin" });
  await party.asCustomer("job.issue", order);
  await party.asCustomer("job.issue", { ...order, query: "SELECT 2" });
  await party.asCustomer("job.kill", { job_id: id });
  await party.asCustomer("job.issue", order);
  await look(party, id);
}
