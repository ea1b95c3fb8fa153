import type { Generation } from "../../contracts/job.ts";
import type { OperationId } from "../../contracts/operations.ts";
import { type Held, Party, type ProbePort } from "../probe/probe.ts";
import { ended } from "../probe/tries.ts";
import { sideBySide } from "../side-by-side.ts";
import { type Counters, countedBetween } from "./counters.ts";
import { type Figure, median } from "./figures.ts";

/** So many calls for one account are under way at once. */
export const callsAtOnce = 16;
const rounds = 3;

/** What waits for locks, where every call of an operation is made by many at once. */
export async function lockWaits(
  port: ProbePort,
  generation: Generation,
  read: () => Promise<Counters>,
): Promise<Figure[]> {
  const samples = new Map<OperationId, number[]>();
  const party = new Party(port, generation);
  const all = Array.from({ length: callsAtOnce }, (_, n) => n + 1);
  const atOnce = async <T>(operation: OperationId, call: (n: number) => Promise<T>): Promise<T[]> => {
    const before = await read();
    const given = await sideBySide(all, callsAtOnce, call);
    const { lockWaits: waits } = countedBetween(before, await read());
    samples.set(operation, [...(samples.get(operation) ?? []), waits]);
    return given;
  };
  for (let round = 0; round < rounds; round += 1) {
    const key = (n: number) => ({ priority: 2, domain_key: `cost-${generation}-${round}-${n}` });
    await atOnce("job.issue", (n) => party.issue("SELECT 1", key(n)));
    const claimed = await atOnce("worker.claim", (n) => party.claim(n));
    const held = claimed.filter((one): one is Held => one !== null);
    const ofMine = (n: number): Held =>
      held[(n - 1) % Math.max(1, held.length)] ?? { job_id: "1", attempt: 1 };
    await atOnce("worker.heartbeat", (n) => party.asWorker(n, "worker.heartbeat", ofMine(n)));
    await atOnce("job.show", (n) => party.asCustomer("job.show", { job_id: ofMine(n).job_id }));
    await atOnce("job.list", () => party.asCustomer("job.list", {}));
    await atOnce("job.kill", (n) => party.asCustomer("job.kill", { job_id: ofMine(n).job_id }));
    await atOnce("worker.finish", (n) =>
      party.asWorker(n, "worker.finish", ended(ofMine(n), "killed", { message: "it was asked for" })),
    );
  }
  return [...samples].map(([operation, waits]) => ({
    of: `${operation}, ${callsAtOnce} at once for one account of ${generation}`,
    measure: "lockWaits",
    value: median(waits),
    parts: [],
  }));
}
