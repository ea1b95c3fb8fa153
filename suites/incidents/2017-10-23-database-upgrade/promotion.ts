import { setTimeout as wait } from "node:timers/promises";
import type { Pool, RowDataPacket } from "mysql2/promise";
import { startMysqlProxy } from "../../../harness/proxy/mysql-proxy.ts";
import type { Proxy } from "../../../harness/proxy/way.ts";
import type { Watch } from "./semi-synchronous.ts";
import { silenceOf, stateOf } from "./server-state.ts";
import type { Server } from "./two-servers.ts";

/** The upgrade as its operator carries it out: the replica is promoted and swapped with the primary. */

/** The name under which the API reaches its database; it leads to one server, or to none. */
export interface Way extends Pick<Proxy, "port" | "close"> {
  to(server: Server | null): void;
}

export async function openWay(first: Server): Promise<Way> {
  let server: Server | null = first;
  const proxy = await startMysqlProxy({
    host: "127.0.0.1",
    upstream: () => server?.address ?? null,
    plan: () => null,
    unit: "transaction",
  });
  return {
    port: proxy.port,
    close: () => proxy.close(),
    to(next) {
      server = next;
    },
  };
}

export interface Upgrade {
  primary: Server;
  replica: Server;
  way: Way;
  /** Ends when the connections may be cut: until then all can be read, and nothing is stored. */
  whileReadOnly: () => Promise<void>;
  /** Ends when the replica may take over: until then nobody has a database. */
  meanwhile: () => Promise<void>;
  /** What was seen of the primary up to now. */
  watch: Pick<Watch, "told">;
  /** How long the replica may take to have all that the primary has. */
  catchUpMs: number;
  /** What is done with the new primary, and checked of it, before anybody reaches it. */
  promoted?: () => Promise<unknown>;
  /** What an operator may leave out, at a price. */
  skips?: readonly ("read-only" | "cutting" | "waiting" | "checking")[];
}

export interface Upgraded {
  /** Which server is the primary now. */
  primary: Server;
  /** Why it is still the old one, and what state each server is in. */
  problem: null | string;
  /** What nobody knows whether the new primary has. */
  notCompared: null | string;
}

/**
 * Whatever goes wrong before the replica takes over, it only reads again, and the old primary has everything and goes on as
 * it was. One that has died gives its place to the replica where that has received all, or where nobody can say what is all.
 */
export async function upgrade(wanted: Upgrade): Promise<Upgraded> {
  const { primary, replica, way, meanwhile } = wanted;
  let failed = "the upgrade is given up";
  let had: Had | null = null;
  try {
    had = await madeReadOnly(wanted);
    await meanwhile();
    failed = "the replica cannot take over";
    await promote(wanted, had);
    way.to(replica);
    return { primary: replica, problem: null, notCompared: had.notCompared };
  } catch (error) {
    const states = await asBefore(wanted);
    const problem = `${failed}: ${(error as Error).message}; ${states}`;
    return { primary, problem, notCompared: had?.notCompared ?? null };
  }
}

type Had = { gtids: string; notCompared: null } | { gtids: null; notCompared: string };

/**
 * Nobody reaches the primary any more. What it has by then is all that it will ever have. Throws where something else than
 * the primary fails.
 */
async function madeReadOnly({ primary, way, whileReadOnly, skips = [], watch }: Upgrade): Promise<Had> {
  try {
    if (!skips.includes("read-only")) {
      await primary.operator.query("SET GLOBAL super_read_only = ON");
      await whileReadOnly();
    }
    way.to(null);
    if (!skips.includes("cutting")) await cutConnections(primary.operator);
    const [[all]] = await primary.operator.query<RowDataPacket[]>("SELECT @@global.gtid_executed AS gtids");
    return { gtids: String(all?.["gtids"]), notCompared: null };
  } catch (error) {
    const silence = await silenceOf(primary);
    if (silence === null) throw error;
    way.to(null);
    const notCompared = `what the primary has and the replica has not received: the primary does not answer (${silence}); ${watch.told()}`;
    return { gtids: null, notCompared };
  }
}

async function promote({ primary, replica, way, catchUpMs, promoted, skips = [] }: Upgrade, had: Had) {
  const { operator } = replica;
  if (!skips.includes("waiting")) {
    const needed = had.gtids ?? (await received(operator));
    const apply = async () => {
      // Whoever has stopped it: what it has received is nowhere else now.
      await operator.query("START REPLICA SQL_THREAD");
      // That it cannot receive from a server that has died stops nothing.
      await caughtUp(needed, operator, catchUpMs, ["Last_SQL_Errno"]);
    };
    if (had.gtids === null) await apply();
    else
      await caughtUp(needed, operator, catchUpMs).catch(async (error: Error) => {
        const silence = await silenceOf(primary);
        if (silence === null) throw error;
        const lost = await notReceived(needed, operator);
        if (lost !== "")
          throw new Error(
            `it has not received ${lost}, and the primary that has it does not answer (${silence})`,
          );
        await apply();
      });
  }
  await operator.query("STOP REPLICA");
  await operator.query("RESET REPLICA ALL");
  await operator.query("SET GLOBAL read_only = OFF");
  if (skips.includes("checking")) way.to(replica);
  await promoted?.();
}

/** The replica takes no write; the primary does, where it can. Resolves with the states that the servers are in then. */
async function asBefore({ primary, replica, way }: Upgrade): Promise<string> {
  // What does not come about shows in the states.
  await replica.operator.query("SET GLOBAL super_read_only = ON").catch(() => {});
  await primary.operator.query("SET GLOBAL read_only = OFF").catch(() => {});
  way.to((await silenceOf(primary)) === null ? primary : null);
  return [await stateOf(primary), await stateOf(replica)].join(", ");
}

/** A connection that is open goes on to the server that it was opened to, wherever the name leads by now. */
async function cutConnections(operator: Pool): Promise<void> {
  const [open] = await operator.query<RowDataPacket[]>(
    "SELECT id FROM information_schema.processlist WHERE user = 'api'",
  );
  for (const { id } of open) await operator.query("KILL ?", [id]).catch(unlessGone);
}

const unlessGone = (error: unknown): void => {
  if ((error as { errno?: number }).errno !== 1094) throw error;
};

/** All that a replica has of its primary, done or not. */
async function received(replica: Pool): Promise<string> {
  const [[status]] = await replica.query<RowDataPacket[]>("SHOW REPLICA STATUS");
  return String(status?.["Retrieved_Gtid_Set"] ?? "");
}

/** What a replica has neither done nor received. */
async function notReceived(needed: string, replica: Pool): Promise<string> {
  const [[lacks]] = await replica.query<RowDataPacket[]>(
    "SELECT GTID_SUBTRACT(GTID_SUBTRACT(?, @@global.gtid_executed), ?) AS missing",
    [needed, await received(replica)],
  );
  return String(lacks?.["missing"]);
}

/** Resolves when the replica has done all of these; throws with what keeps it from that. */
async function caughtUp(
  needed: string,
  replica: Pool,
  limitMs: number,
  stops: readonly string[] = ["Last_SQL_Errno", "Last_IO_Errno"],
): Promise<void> {
  for (const until = performance.now() + limitMs; ; await wait(20)) {
    const [[done]] = await replica.query<RowDataPacket[]>(
      "SELECT GTID_SUBTRACT(?, @@global.gtid_executed) AS missing",
      [needed],
    );
    if (done?.["missing"] === "") return;
    const errno = await replicationError(replica, stops);
    const lacks = `it lacks ${String(done?.["missing"])}`;
    if (errno !== 0) throw new Error(`${lacks}, and its replication has stopped with error ${errno}`);
    if (performance.now() > until) throw new Error(`${lacks} after ${limitMs} ms`);
  }
}

/** What a replica's thread stops with because another one has stopped: it tells nothing of the cause. */
const stoppedByAnother = 3030;

/** The number of the error that has stopped the replication, or 0. Its threads' own come first: which one of several the status repeats is chance. */
async function replicationError(replica: Pool, stops: readonly string[]): Promise<number> {
  const [[first]] = await replica.query<RowDataPacket[]>(
    "SELECT last_error_number AS errno FROM performance_schema.replication_applier_status_by_worker WHERE last_error_number NOT IN (0, ?) ORDER BY last_error_timestamp LIMIT 1",
    [stoppedByAnother],
  );
  if (first !== undefined) return Number(first["errno"]);
  const [[status]] = await replica.query<RowDataPacket[]>("SHOW REPLICA STATUS");
  const errnos = stops.map((name) => Number(status?.[name]));
  return errnos.find((errno) => errno > 0 && errno !== stoppedByAnother) ?? 0;
}
