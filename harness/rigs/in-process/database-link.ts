import type { Connection, DatabaseLink } from "../../../contracts/in-process.ts";
import type { Overlaps } from "../overlaps.ts";
import type { TransactionSeen } from "../run.ts";
import type { VirtualClock } from "./clock.ts";
import type { SimulatedProcess } from "./process.ts";
import { type Plane, transit } from "./transit.ts";

/** What the API's calls of its database go through. */
export interface DatabaseRoute {
  plane: Plane;
  /** The API. */
  by: SimulatedProcess;
  /** The database that is up; null where nothing happens to it. */
  to: () => SimulatedProcess | null;
  /** Null where the schedule leaves the order of transactions to chance: then they come one after the other. */
  overlaps: Overlaps | null;
  /** Where each transaction is taken down when it gets there. */
  transactions: TransactionSeen[];
}

export const databaseLink =
  ({ plane, by, to: toDatabase, overlaps, transactions }: DatabaseRoute): DatabaseLink =>
  ({ operation }, effect) => {
    const to = toDatabase();
    return transit(plane, {
      link: "api->database",
      operation,
      job: null,
      by,
      to,
      effect: (server, occurrence) => {
        const seen: TransactionSeen = { operation, occurrence, at: plane.clock.now() };
        transactions.push(seen);
        if (overlaps === null) return effect(server);
        const transaction = overlaps.begin(operation, occurrence);
        return overConnection(transaction, { clock: plane.clock, by, to, seen }, (connection) =>
          effect(server, connection),
        );
      },
      serviceMs: 0,
    });
  };

interface Around {
  clock: VirtualClock;
  seen: TransactionSeen;
  by: SimulatedProcess;
  to: SimulatedProcess | null;
}

/** Runs a transaction over a connection that keeps to the order of the schedule and breaks when one of its ends dies. */
async function overConnection<T>(
  transaction: ReturnType<Overlaps["begin"]>,
  { clock, by, to, seen }: Around,
  effect: (connection: Connection) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const outcome = effect({
    statement: async (statement) => {
      seen.statements = (seen.statements ?? 0) + 1;
      await transaction.before();
      if (!by.running) await by.gate();
      if (to !== null && !to.running) await to.gate();
      try {
        const value = await statement();
        transaction.after();
        return value;
      } catch (error) {
        transaction.refused();
        throw error;
      }
    },
    sleep: (ms, signal) => clock.sleep(ms, signal),
    lost: lost.signal,
  });
  // Its caller is told what it rejects with; a death rejects first.
  for (const end of [by, to]) end?.whileAlive(outcome).catch(() => lost.abort());
  try {
    return await outcome;
  } finally {
    transaction.end();
  }
}
