import { kept } from "./names.ts";
import type { Held, Input, Party } from "./probe.ts";
import { ended, insert, look, lookInVain, reports } from "./tries.ts";

/** Jobs that may be tried again after a failure, in every state and with every end. */

const failed = (held: Held, message = "line 1: no such column"): Input => ended(held, "error", { message });

export async function retries(party: Party): Promise<void> {
  await untilTheLimit(party);
  await untilTheHighest(party);
  await endedOtherwise(party);
  await afterKill(party);
  await nothingInherited(party);
}

/** The limit counts attempts, by whomever, and also one that was never heard of before it failed. */
async function untilTheLimit(party: Party): Promise<void> {
  const job_id = await party.issue(insert, { retry_limit: 2, priority: 2 });
  await look(party, job_id);
  for (const [worker, isHeard] of [
    [1, true],
    [2, false],
    [1, true],
  ] as const) {
    const held = (await party.claim(worker)) ?? { job_id, attempt: 1 };
    if (isHeard) await party.asWorker(worker, "worker.heartbeat", held);
    await lookInVain(party, job_id);
    await failTwice(party, worker, held);
    await party.asCustomer("job.list", { status: "running" });
    await party.asCustomer("job.list", { status: "error", to: 1 });
  }
  await party.claim(3);
}

/** As often as a customer may ask for, and no more. */
async function untilTheHighest(party: Party): Promise<void> {
  const highest = 32;
  const job_id = await party.issue(insert, { retry_limit: highest });
  for (let attempt = 1; attempt <= highest + 1; attempt += 1) {
    await look(party, job_id);
    const held = (await party.claim(1)) ?? { job_id, attempt };
    await party.asWorker(1, "worker.finish", failed(held));
  }
  await look(party, job_id);
  await party.claim(1);
}

/** An attempt that has failed may say so again, and nothing else. */
async function failTwice(party: Party, worker: number, held: Held): Promise<void> {
  const report = failed(held, `attempt ${held.attempt} failed`);
  await party.asWorker(worker, "worker.finish", report);
  await lookInVain(party, held.job_id);
  await party.asWorker(worker, "worker.finish", report);
  for (const [operation, input] of reports(party, held))
    if (input["status"] !== "error") await party.asWorker(worker, operation, input);
  await look(party, held.job_id);
}

/** Only a failure is followed by another attempt, and what the last one says is what is shown. */
async function endedOtherwise(party: Party): Promise<void> {
  for (const status of ["success", "killed"]) {
    const first = await party.take(1, insert, { retry_limit: 10 });
    await party.asWorker(1, "worker.finish", failed(first));
    const second = (await party.claim(2)) ?? first;
    await party.asWorker(1, "worker.finish", failed(first));
    const more = status === "success" ? { num_records: 7 } : { message: "it was asked for" };
    await party.asWorker(2, "worker.finish", ended(second, status, more));
    await look(party, first.job_id);
  }
}

/** Whoever asked for a kill wants no other attempt. */
async function afterKill(party: Party): Promise<void> {
  const waiting = await party.issue(insert, { retry_limit: 10 });
  await party.asCustomer("job.kill", { job_id: waiting });
  await look(party, waiting);
  const running = await party.take(1, insert, { retry_limit: 10 });
  await party.asCustomer("job.kill", { job_id: running.job_id });
  await party.asWorker(1, "worker.finish", failed(running));
  await look(party, running.job_id);
  // Nobody holds it at present: the next worker is told.
  for (const isHeard of [false, true]) {
    const between = await party.take(1, insert, { retry_limit: 10 });
    if (isHeard) await party.asWorker(1, "worker.heartbeat", between);
    await party.asWorker(1, "worker.finish", failed(between));
    await party.asCustomer("job.kill", { job_id: between.job_id });
    await look(party, between.job_id);
    const told = (await party.claim(2)) ?? between;
    await party.asWorker(2, "worker.heartbeat", told);
    await party.asWorker(2, "worker.finish", failed(told));
    await look(party, told.job_id);
  }
}

/** An attempt rests on no receipt and no table of one that failed. */
async function nothingInherited(party: Party): Promise<void> {
  const { database, generation } = party;
  const result = "mysql://prober:prober-password@probe.invalid/mart/t";
  const table = kept(generation, 4);
  const made = { database, table, columns: [["id", "bigint"]] };
  const proofs = (held: Held): ["worker.receipt" | "worker.register_table", Input][] => [
    ["worker.receipt", { ...held, rows: 1, checksum: "4".repeat(64) }],
    ["worker.register_table", { ...held, ...made }],
  ];
  for (const [query, more, n] of [
    ["SELECT 1", { result }, 0],
    [`create table ${table} AS SELECT 1`, {}, 1],
  ] as const) {
    const prove = async (held: Held) => {
      const [operation, input] = proofs(held)[n] as ReturnType<typeof proofs>[number];
      await party.asWorker(1, operation, input);
    };
    const first = await party.take(1, query, { retry_limit: 1, ...more });
    await prove(first);
    await party.asWorker(1, "worker.finish", failed(first));
    const second = (await party.claim(1)) ?? first;
    const success = ended(second, "success", { num_records: 1 });
    await party.asWorker(1, "worker.finish", success);
    await prove(second);
    await party.asWorker(1, "worker.finish", success);
    await look(party, second.job_id);
  }
}
