import type { Generation } from "../../contracts/job.ts";
import type { ProbePort } from "../probe/port.ts";
import { type Held, type Input, Party } from "../probe/probe.ts";
import { ended } from "../probe/tries.ts";
import { median } from "../quantile.ts";
import { sideBySide } from "../side-by-side.ts";
import { type Counters, countedBetween } from "./counters.ts";
import { type Figure, figure } from "./figures.ts";
import { chunkInto } from "./streamed.ts";

/** So many calls for one account are under way at once. */
const callsAtOnce = 16;
const rounds = 3;
/** A service may send chunks away that come while it reads others. */
const chunksAtOnce = 4;

/** What waits for locks, where every call of an operation is made by many at once, and where different ones meet. */
export async function lockWaits(
  port: ProbePort,
  generation: Generation,
  read: () => Promise<Counters>,
): Promise<Figure[]> {
  const samples = new Map<string, number[]>();
  const party = new Party(port, generation);
  const callers = Array.from({ length: callsAtOnce }, (_, n) => n + 1);
  const atOnce = async <T>(
    what: string,
    call: (n: number) => Promise<T>,
    most = callsAtOnce,
  ): Promise<T[]> => {
    const before = await read();
    const given = await sideBySide(callers, most, call);
    const { lockWaits: waits } = countedBetween(before, await read());
    const of = `${what}, ${most} at once for one account of ${generation}`;
    samples.set(of, [...(samples.get(of) ?? []), waits]);
    return given;
  };
  const table = `cost_contended_${generation}`;
  await party.asCustomer("table.create", { database: party.database, table, type: "log" });
  for (let round = 0; round < rounds; round += 1) {
    const issue = (name: string) =>
      party.issue("SELECT 1", { priority: 2, domain_key: `cost-${generation}-${round}-${name}` });
    const chunk = (n: number) => chunkInto(party, table, `${round}${n.toString(16)}`);
    const operation = "table.import_with_id";
    if (!port.lacks.includes(operation))
      await atOnce(operation, (n) => party.asCustomer(operation, chunk(n)), chunksAtOnce);
    await atOnce("job.issue", (n) => issue(`alike-${n}`));
    const held = (await atOnce("worker.claim", (n) => party.claim(n))).filter((one) => one !== null);
    const ofMine = (n: number): Held =>
      held[(n - 1) % Math.max(1, held.length)] ?? { job_id: "1", attempt: 1 };
    await atOnce("worker.heartbeat", (n) => party.asWorker(n, "worker.heartbeat", ofMine(n)));
    await atOnce("job.show", (n) => party.asCustomer("job.show", { job_id: ofMine(n).job_id }));
    await atOnce("job.list", () => party.asCustomer("job.list", {}));
    await different(party, issue, ofMine, (call) => atOnce("all operations", call));
    await atOnce("job.kill", (n) => party.asCustomer("job.kill", { job_id: ofMine(n).job_id }));
    await atOnce("worker.finish", (n) => party.asWorker(n, "worker.finish", killed(ofMine(n))));
  }
  return [...samples].map(([of, waits]) => figure(of, "lockWaits", median(waits)));
}

/** One operation beside the other. What it claims and issues is ended afterwards: no worker gets it. */
async function different(
  party: Party,
  issue: (name: string) => Promise<string>,
  ofMine: (n: number) => Held,
  atOnce: (call: (n: number) => Promise<unknown>) => Promise<unknown>,
): Promise<void> {
  const taken: Held[] = [];
  const issued: string[] = [];
  const add = async (name: string) => issued.push(await issue(name));
  const calls: ((n: number, held: Held) => Promise<unknown>)[] = [
    (n) => add(`different-${n}`),
    async (n) => taken.push(...[await party.claim(n)].filter((one) => one !== null)),
    (n, held) => party.asWorker(n, "worker.heartbeat", held),
    () => party.asCustomer("job.list", {}),
    (_, { job_id }) => party.asCustomer("job.kill", { job_id }),
    (_, { job_id }) => party.asCustomer("job.show", { job_id }),
  ];
  // More urgent than what waits for the workers, so that the claims come to these.
  for (let n = 0; n * calls.length < callsAtOnce; n += 1) await add(`spare-${n}`);
  await atOnce((n) => (calls[n % calls.length] as (typeof calls)[number])(n, ofMine(n)));
  for (const job_id of issued) await party.asCustomer("job.kill", { job_id });
  for (const held of taken) await party.asWorker(1, "worker.finish", killed(held));
}

const killed = (held: Held): Input => ended(held, "killed", { message: "it was asked for" });
