import { setTimeout as wait } from "node:timers/promises";
import type { RowDataPacket } from "mysql2/promise";
import type { Server } from "./two-servers.ts";

/**
 * A server that has died tells nobody whether it was semi-synchronous to the end: whoever wants to know has asked it all
 * the time.
 */
export interface Watch {
  /** At the last look. Null where nobody has looked yet. */
  isSemiSynchronous: () => boolean | null;
  /** What a server that does not answer any more may have acknowledged alone. */
  told: () => string;
  end(): Promise<void>;
}

const lookMs = 50;

interface Seen {
  isOn: boolean;
  /** The last moment at which it was on and nobody waited: it stays on for `limitMs` from here, whatever happens. */
  freeAt: number | null;
  limitMs: number;
  /** Whether it also waits while nobody follows it. */
  waitsForNobody: boolean;
}

export function watchedSource({ operator }: Pick<Server, "operator">): Watch {
  const stop = new AbortController();
  const last: { seen: Seen | null } = { seen: null };
  const looks = (async () => {
    for (; !stop.signal.aborted; await wait(lookMs)) {
      const at = performance.now();
      // A server that does not answer has died, or will answer later.
      const found = await look(operator).catch(() => null);
      if (found !== null) last.seen = { ...found, freeAt: found.isFree ? at : (last.seen?.freeAt ?? null) };
    }
  })();
  return {
    isSemiSynchronous: () => last.seen?.isOn ?? null,
    told: () => toldOf(last.seen, performance.now()),
    async end() {
      stop.abort();
      await looks;
    },
  };
}

async function look(operator: Server["operator"]): Promise<Omit<Seen, "freeAt"> & { isFree: boolean }> {
  const [status] = await operator.query<RowDataPacket[]>("SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_source_%'");
  const [variables] = await operator.query<RowDataPacket[]>(
    "SHOW GLOBAL VARIABLES LIKE 'rpl_semi_sync_source_%'",
  );
  const of = (name: string) =>
    [...status, ...variables].find((row) => row["Variable_name"] === name)?.["Value"] as string | undefined;
  const isOn = of("Rpl_semi_sync_source_status") === "ON";
  return {
    isOn,
    isFree: isOn && of("Rpl_semi_sync_source_wait_sessions") === "0",
    limitMs: Number(of("rpl_semi_sync_source_timeout") ?? 0),
    waitsForNobody: of("rpl_semi_sync_source_wait_no_replica") === "ON",
  };
}

/** @param now the server has died by then */
export function toldOf(seen: Seen | null, now: number): string {
  if (seen?.isOn === false) return "it was asynchronous: what it acknowledged last may be lost";
  if (seen?.waitsForNobody === true && seen.freeAt !== null && now - seen.freeAt < seen.limitMs)
    return "it was semi-synchronous: it acknowledged nothing that the replica has not received";
  return "nobody knows whether it was semi-synchronous to the end: what it acknowledged last may be lost";
}
