import { enginesOf, jobStatuses, queryTypeOf } from "../../contracts/job.ts";
import { textField } from "../../contracts/step.ts";
import type { Millis } from "../../contracts/values.ts";
import { sideBySide } from "../side-by-side.ts";
import { inherit, leave, wish } from "./heirs.ts";
import { twinSession } from "./imports.ts";
import { movedLater } from "./moves.ts";
import { type Held, type Input, type Party, unknownJob } from "./probe.ts";
import { twinScheduled } from "./scheduled.ts";
import { ended, insert, look, lookInVain, reports, usurp } from "./tries.ts";

/** Jobs in every state, as they are held, kept, left, taken over, killed and ended. */

/** A job's life with two takeovers: one that must come and one that must not. */
export async function leases(party: Party): Promise<void> {
  const { leaseMs, sleep } = party;
  // The attempt that is lost is its first, and the next may not fail.
  const silent = await party.issue(insert, { priority: 1, retry_limit: 1 });
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

  const leftBehind = await leave(party);
  // Whoever ends it in its own time keeps it until then.
  const wished = await party.take(4, insert);
  await party.asCustomer("job.kill", { job_id: wished.job_id });
  // Times are shown in whole seconds: what is changed at once looks as if it were not.
  const move = await movedLater(party);
  await sleep(leaseMs * 0.6);
  await move();
  await party.asWorker(2, "worker.heartbeat", second);
  await party.asWorker(4, "worker.heartbeat", wished);
  await wish(party, leftBehind);
  await sleep(leaseMs * 0.55);
  const heirs = await party.claimAll(3);
  await party.asWorker(4, "worker.finish", ended(wished, "killed", { message: "it was asked for" }));
  const taken = heirs.find(({ job_id }) => job_id === first.job_id) ?? ahead;
  for (const [operation, input] of reports(party, first)) await party.asWorker(1, operation, input);
  await look(party, first.job_id);
  await party.asWorker(3, "worker.heartbeat", taken);
  const failed = ended(taken, "error", { message: "line 1: no such column" });
  await conclude(party, 3, taken, failed);
  await inherit(
    party,
    3,
    heirs.filter(({ job_id }) => job_id !== taken.job_id),
  );

  // Its lease has run out, and nobody took over.
  await sleep(leaseMs * 0.55);
  // Much later, and still the same.
  await party.asWorker(3, "worker.finish", failed);
  await party.asWorker(1, "worker.finish", { ...failed, attempt: first.attempt });
  await party.asCustomer("job.kill", { job_id: taken.job_id });
  await look(party, taken.job_id);
  const receipt = { ...second, rows: 2, checksum: "1".repeat(64) };
  await party.asWorker(2, "worker.receipt", receipt);
  await party.asWorker(2, "worker.receipt", receipt);
  await party.asWorker(2, "worker.receipt", { ...receipt, rows: 3 });
  await conclude(party, 2, second, ended(second, "success", { num_records: 3 }));
}

/** A worker of this generation asks for the jobs of the other one. */
async function poach(party: Party): Promise<void> {
  const { other } = party;
  const engines = [...enginesOf[other]];
  for (const claim of [{ engines }, { generation: other }, { generation: other, engines }])
    await party.asWorker(9, "worker.claim", { ...party.claimOf(9), ...claim });
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
export async function kills(party: Party): Promise<void> {
  const queued = await party.issue(insert);
  await party.asCustomer("job.kill", { job_id: queued });
  await lookInVain(party, queued);
  await party.asCustomer("job.kill", { job_id: queued });
  await party.claim(1);

  const spared = await party.take(2, insert);
  for (const isRunning of [false, true]) {
    for (const status of ["killed", "success", "error"]) {
      const held = await party.take(1, insert);
      if (isRunning) await party.asWorker(1, "worker.heartbeat", held);
      for (let times = 2; times > 0; times -= 1) await party.asCustomer("job.kill", { job_id: held.job_id });
      await look(party, held.job_id);
      for (let times = 2; times > 0; times -= 1) await party.asWorker(1, "worker.heartbeat", held);
      await party.asWorker(2, "worker.heartbeat", spared);
      const more = status === "success" ? { num_records: 1 } : { message: "the customer asked for it" };
      await party.asWorker(1, "worker.finish", ended(held, status, more));
      await look(party, held.job_id);
    }
  }
  await listed(party);
  await party.asWorker(2, "worker.finish", ended(spared, "error", { message: "enough" }));
}

/** A job in every state, and the lists of each. */
async function listed(party: Party): Promise<void> {
  const held = await party.take(1, insert);
  const waiting = await party.issue(insert);
  await sideBySide(jobStatuses, atOnce, async (status) => {
    await party.asCustomer("job.list", { status });
  });
  await party.asCustomer("job.kill", { job_id: waiting });
  await party.asWorker(1, "worker.finish", ended(held, "error", { message: "enough" }));
}

const delivering = [
  "web://prober:prober-password@probe.invalid/none?method=post",
  "mysql://prober:prober-password@probe.invalid/mart/t",
];

/** Of a job with a destination a receipt is asked for before success, and for no other end. */
export async function outputs(party: Party): Promise<void> {
  for (const result of delivering) {
    const held = await party.take(1, "SELECT 1", { result });
    const schema = [["one", "bigint"]];
    const success = ended(held, "success", { num_records: 1, result_size: 30, result_schema: schema });
    await party.asWorker(1, "worker.finish", success);
    // Times are shown in whole seconds.
    await party.sleep(aSecond);
    await party.asWorker(1, "worker.receipt", { ...held, rows: 1, checksum: "2".repeat(64) });
    await look(party, held.job_id);
    await party.asWorker(1, "worker.heartbeat", held);
    await party.asWorker(1, "worker.finish", success);
    await look(party, held.job_id);
    for (const status of ["error", "killed"]) {
      const undelivered = await party.take(1, "SELECT 1", { result });
      await party.asWorker(1, "worker.finish", ended(undelivered, status, { message: "nothing was sent" }));
      await look(party, undelivered.job_id);
    }
  }
}

const aSecond: Millis = 1_000;

/** So many jobs of each generation wait at once. */
const waiting = 100;
const atOnce = 4;

/** All, and pages in the midst of all and of those of one end, also the usual ones. */
const pages: readonly Input[] = [
  { from: 0, to: 199 },
  { from: waiting * 0.6, to: waiting * 0.6 + 9 },
  { from: waiting * 0.7 },
  { status: "error", from: waiting * 0.3 },
  { status: "error", from: waiting * 0.5, to: waiting * 0.5 + 9 },
];

/** The more urgent jobs come first, and each comes once. */
export async function backlog(party: Party): Promise<void> {
  await acrossEngines(party);
  const numbers = Array.from({ length: waiting }, (_, n) => n);
  await sideBySide(numbers, atOnce, async (n) => {
    await party.issue(insert, { priority: (n % 5) - 2 });
  });
  const held = await party.claimAll(1);
  await sideBySide(held, atOnce, async (one) => {
    await party.asWorker(1, "worker.finish", ended(one, "error", { message: "enough" }));
  });
  for (const page of pages) await party.asCustomer("job.list", page);
}

/** The more urgent job comes first whichever engine it is for: each waits behind a less urgent one of the other engines. */
async function acrossEngines(party: Party): Promise<void> {
  const engines = enginesOf[party.generation];
  if (engines.length === 1) return;
  for (const first of engines) {
    const types = [...engines.filter((engine) => engine !== first), first].map(queryTypeOf);
    for (const [priority, type] of types.entries()) await party.issue(insert, { type, priority });
    for (const held of await party.claimAll(1))
      await party.asWorker(1, "worker.finish", ended(held, "killed", { message: "enough" }));
  }
}

/** Two customers may use the same word for their jobs, one may not use it twice, also for what is the same to the letter. */
export async function twin(party: Party): Promise<void> {
  const order = party.order(insert, { domain_key: "probe-twin" });
  const id = textField((await party.asCustomer("job.issue", order))?.body, "job_id") ?? unknownJob;
  await party.asCustomer("job.issue", order);
  await party.asCustomer("job.issue", { ...order, query: "SELECT 2" });
  await party.asCustomer("job.kill", { job_id: id });
  await party.asCustomer("job.issue", order);
  await look(party, id);
  await twinSession(party);
  await twinScheduled(party);
}
