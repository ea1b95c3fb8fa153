import { type Asked, type Call, type Held, type Input, type Party, unknownKey } from "./probe.ts";

/** What is tried of a job in every state. */

export const insert = "INSERT INTO probes SELECT 1";

/** Every report that a worker may make, as if it held the job. */
export const reports = ({ database }: Party, held: Held): Call[] => [
  ["worker.heartbeat", { ...held }],
  ["worker.register_table", { ...held, database, table: "probes", columns: [["id", "bigint"]] }],
  ["worker.receipt", { ...held, rows: 2, checksum: "0".repeat(64) }],
  ["worker.finish", ended(held, "killed", { message: "it was asked for" })],
  ["worker.finish", ended(held, "error", { message: "line 1: no such column" })],
  ["worker.finish", ended(held, "success", { num_records: 2 })],
];

export const ended = (held: Held, status: string, more: Input = {}): Input => ({
  ...held,
  status,
  num_records: null,
  result_size: null,
  result_schema: null,
  message: null,
  ...more,
});

/** A customer asks for the end of a job, whatever it does, and the worker that has it is told. */
export async function killHeld(party: Party, held: Held): Promise<void> {
  await party.asCustomer("job.kill", { job_id: held.job_id });
  await party.asWorker(1, "worker.heartbeat", held);
}

/** Every way in which a customer looks. */
export async function look(party: Party, job_id: string): Promise<void> {
  await party.askByCustomer(looksAt(party, job_id));
}

const looksAt = (party: Party, job_id: string): Call[] => {
  const domain_key = party.keyOf(job_id);
  return [
    ["job.show", { job_id }],
    ["job.status", { job_id }],
    ...(domain_key === undefined ? [] : [["job.status_by_domain_key", { domain_key }] satisfies Call]),
    ["job.list", { from: 0, to: 4 }],
  ];
};

/** The same, and the result that there is none of. */
export async function lookInVain(party: Party, job_id: string): Promise<void> {
  await party.askByCustomer([...looksAt(party, job_id), ["job.result", { job_id, format: "json" }]]);
}

/** Whoever has no right to it tries everything; the customer then looks what came of it. */
export async function usurp(party: Party, held: Held): Promise<void> {
  const { job_id } = held;
  const tries = party.usurpers.flatMap((credential): Asked[] => [
    ...reports(party, held).map(([operation, input]): Asked => [credential, operation, input]),
    [credential, "worker.claim", party.claimOf(9)],
  ]);
  for (const credential of party.others) {
    for (const operation of ["job.show", "job.status", "job.kill"] as const)
      tries.push([credential, operation, { job_id }]);
    tries.push(
      [credential, "job.status_by_domain_key", { domain_key: party.keyOf(job_id) ?? unknownKey }],
      [credential, "job.result", { job_id, format: "json" }],
      [credential, "job.result_export", { target_id: job_id, result: "web://probe.invalid/not-theirs" }],
    );
  }
  for (const credential of party.impostors)
    tries.push([credential, "job.list", {}], [credential, "job.issue", party.order(insert)]);
  await party.askAll(tries);
  await look(party, job_id);
}
