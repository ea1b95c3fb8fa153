import { z } from "zod";
import type { MysqlErrno } from "../../contracts/mysql-errors.ts";
import type { Millis } from "../../contracts/values.ts";
import { faultKind, millis } from "./fault-kind.ts";
import { printMillis } from "./print-millis.ts";
import type { LinkName, Site } from "./site.ts";

/** What a MySQL server itself refuses, in the server's own words and with what it has undone by then. */

const toMysql: readonly LinkName[] = ["api->database", "worker->warehouse"];

const byServer = { links: toMysql, phase: "before", processes: [], process: () => null } as const;
/** One statement is refused; without `statement` in the site the first one of the call. */
const ofStatement = { ...byServer, lastsMs: () => 0 } as const;
const deny = (errno: MysqlErrno) => () => ({ does: "deny", errno }) as const;

const readOnly = [1290, 1836] as const;

/** As long as an outage: a lease, and what is tried again and again within it. */
const fullMs: Millis = 45_000;

/**
 * What is refused before a call has written is a lost request to its callers. Of what is refused later a lock wait, which
 * undoes the least, and a COMMIT that nobody repeats stand for the rest in pairs.
 */
const inNoPair = () => false;
const isLaterWrite = ({ statement }: Site): boolean => typeof statement === "number" && statement > 1;

export const mysqlKinds = [
  /** 1213: the transaction is the victim of a deadlock, and rolled back. */
  faultKind(
    "deadlock",
    {},
    {
      ...ofStatement,
      statement: "may",
      words: () => "deadlock (1213)",
      samples: [{ kind: "deadlock" }],
      pairsAt: inNoPair,
      random: ({ fc }) => [fc.constant({ kind: "deadlock" } as const)],
      effect: deny(1213),
    },
  ),
  /** 1205: a lock did not come free in time. What the transaction did before stays; at COMMIT it is rolled back. */
  faultKind(
    "lock-wait",
    {},
    {
      ...ofStatement,
      statement: "may",
      words: () => "lock wait time-out (1205)",
      samples: [{ kind: "lock-wait" }],
      pairsAt: isLaterWrite,
      random: ({ fc }) => [fc.constant({ kind: "lock-wait" } as const)],
      effect: deny(1205),
    },
  ),
  /** The server only reads: a primary that was demoted (1290), or a storage engine that takes no writes (1836). */
  faultKind(
    "read-only",
    { errno: z.literal(readOnly) },
    {
      ...ofStatement,
      statement: "must",
      words: ({ errno }) => `read-only (${errno})`,
      samples: [{ kind: "read-only", errno: 1290 }],
      pairsAt: ({ statement }) => statement === "commit",
      random: ({ fc }) => [
        fc.record({ kind: fc.constant("read-only" as const), errno: fc.constantFrom(...readOnly) }),
      ],
      effect: ({ errno }) => ({ does: "deny", errno }),
    },
  ),
  /**
   * 1114: no room for what the statement writes. With `ms`: from this statement on its table has none for so long, for
   * anybody. Then rows that become no longer are changed and deleted as ever, this one as well.
   */
  faultKind(
    "table-full",
    { ms: millis.optional() },
    {
      ...ofStatement,
      lastsMs: ({ ms = 0 }) => ms,
      statement: "must",
      refusal: ({ statement, link }, _, fault) => {
        if (statement === "commit") return "COMMIT writes nothing more into a table";
        return fault?.ms !== undefined && link !== "api->database"
          ? "only a table of the API stays full (ms)"
          : null;
      },
      words: ({ ms }) => `table full (1114)${ms === undefined ? "" : ` for ${printMillis(ms)}`}`,
      samples: [{ kind: "table-full" }, { kind: "table-full", ms: fullMs }],
      pairsAt: inNoPair,
      random: ({ fc, length }) => [
        fc.record({ kind: fc.constant("table-full" as const), ms: length }, { requiredKeys: ["kind"] }),
      ],
      effect: ({ ms }) => (ms === undefined ? { does: "deny", errno: 1114 } : { does: "fill", ms }),
    },
  ),
  /** 1040: the connection of this call is closed, and for so long the server takes no other one on this link. */
  faultKind(
    "too-many-connections",
    { ms: millis },
    {
      ...byServer,
      lastsMs: ({ ms }) => ms,
      words: ({ ms }) => `too many connections (1040) for ${printMillis(ms)}`,
      samples: [{ kind: "too-many-connections", ms: 5_000 }],
      pairsAt: inNoPair,
      random: ({ fc, length }) => [
        fc.record({ kind: fc.constant("too-many-connections" as const), ms: length }),
      ],
      effect: ({ ms }) => ({ does: "refuse", ms, errno: 1040 }),
    },
  ),
] as const;

export const isMysqlKind = (kind: string): boolean => mysqlKinds.some((one) => one.kind === kind);
