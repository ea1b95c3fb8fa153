import { z } from "zod";
import type { Effect } from "./effect.ts";
import { type FaultMeaning, faultKind, millis } from "./fault-kind.ts";
import { mysqlKinds } from "./mysql-faults.ts";
import { cannotBeKnownYet } from "./operations.ts";
import { overtakenMs, overtakerSchema, printOvertaker } from "./overtaking.ts";
import { printMillis } from "./print-millis.ts";
import { processKinds } from "./process-faults.ts";
import { type LinkName, links, type ProcessName } from "./site.ts";

/**
 * Every kind of fault: this is the one place that knows it. Its order is that of the sweep. Those that befall a process
 * stand in a file of their own.
 *
 * Each sample lasts as long as it must to exceed the limit that it tests and no longer, since containers pay for it in
 * real time; the grid of outage lengths tries the lengths between.
 *
 * - 11 s: a request's time-out (10 s).
 * - 35 s: a lease (30 s), and time for another worker to take over meanwhile.
 * - 45 s: a heartbeat's interval (10 s) and the 35 s of a call that begins within it; ten failed tries in a row.
 */

const statuses = [429, 500, 502, 503, 504] as const;

/** A disk loses nothing, it only stops with its machine. */
const network = links.filter((link) => link !== "worker->disk");
const http: readonly LinkName[] = ["customer->api", "worker->api", "worker->destination", "api->notices"];

/** A fault of the call that is just there. */
const ofCall = { processes: [], process: () => null } as const;
const atOnce = () => 0;
const itsMs = ({ ms }: { ms: number }) => ms;

const kinds = [
  /** The connection is reset: the request never arrives, or its reply is lost after the effect. */
  faultKind(
    "lost",
    {},
    {
      ...ofCall,
      links: network,
      lastsMs: atOnce,
      words: () => "lost",
      samples: [{ kind: "lost" }],
      random: ({ fc }) => [fc.constant({ kind: "lost" } as const)],
      effect: () => ({ does: "end", how: "reset" }),
    },
  ),
  /** The request or the reply is held back for so long, then goes its way. */
  faultKind(
    "late",
    { ms: millis },
    {
      ...ofCall,
      links: network,
      lastsMs: itsMs,
      words: ({ ms }) => `late for ${printMillis(ms)}`,
      samples: [{ kind: "late", ms: 11_000 }],
      random: ({ fc, length }) => [fc.record({ kind: fc.constant("late" as const), ms: length })],
      effect: ({ ms }) => ({ does: "hold", ms }),
    },
  ),
  /** An answer of this status in the place of the effect, or in the place of the true reply. */
  faultKind(
    "status",
    { status: z.literal(statuses) },
    {
      ...ofCall,
      links: http,
      lastsMs: atOnce,
      words: ({ status }) => `status ${status}`,
      samples: [
        { kind: "status", status: 429 },
        { kind: "status", status: 503 },
      ],
      // Before the effect it is a lost request to the caller, and one status that invites a retry stands for all.
      pairsAt: ({ phase }, { status }) => phase === "after" && status === 503,
      random: ({ fc }) => [
        fc.record({ kind: fc.constant("status" as const), status: fc.constantFrom(...statuses) }),
      ],
      effect: ({ status }) => ({ does: "answer", status }),
    },
  ),
  /** The reply ends before it is whole. */
  faultKind(
    "truncated",
    {},
    {
      ...ofCall,
      links: http,
      phase: "after",
      lastsMs: atOnce,
      words: () => "truncated",
      samples: [{ kind: "truncated" }],
      // To the caller it is a lost reply.
      pairsAt: () => false,
      random: ({ fc }) => [fc.constant({ kind: "truncated" } as const)],
      effect: () => ({ does: "end", how: "truncated" }),
    },
  ),
  /** The request arrives twice; the caller sees the second reply. */
  faultKind(
    "duplicate",
    {},
    {
      ...ofCall,
      links: http,
      phase: "before",
      lastsMs: atOnce,
      words: () => "duplicate",
      samples: [{ kind: "duplicate" }],
      random: ({ fc }) => [fc.constant({ kind: "duplicate" } as const)],
      effect: () => ({ does: "repeat" }),
    },
  ),
  /** Nothing moves and nothing ends the connection; after so long it goes on as if nothing had been. */
  faultKind(
    "half-open",
    { ms: millis },
    {
      ...ofCall,
      links: network,
      lastsMs: itsMs,
      words: ({ ms }) => `half-open for ${printMillis(ms)}`,
      samples: [{ kind: "half-open", ms: 35_000 }],
      random: ({ fc, length }) => [fc.record({ kind: fc.constant("half-open" as const), ms: length })],
      effect: ({ ms }) => ({ does: "stall", ms }),
    },
  ),
  /** From here on every call on this link is refused for so long. */
  faultKind(
    "outage",
    { ms: millis },
    {
      ...ofCall,
      links: network,
      lastsMs: itsMs,
      words: ({ ms }) => `outage for ${printMillis(ms)}`,
      samples: [{ kind: "outage", ms: 45_000 }],
      random: ({ fc, length }) => [fc.record({ kind: fc.constant("outage" as const), ms: length })],
      effect: ({ ms }) => ({ does: "refuse", ms }),
    },
  ),
  ...processKinds,
  /** The operator changes a setting of the running system, which ends no process. */
  faultKind(
    "setting",
    { setting: z.string().min(1), value: z.int().min(0) },
    {
      ...ofCall,
      links,
      lastsMs: atOnce,
      words: ({ setting, value }) => `the setting ${setting} becomes ${value}`,
      samples: [],
      random: () => [],
      effect: ({ setting, value }) => ({ does: "set", setting, value }),
    },
  ),
  /** From here on so many calls in a hundred go to the API's processes of this release, the others to all others. */
  faultKind(
    "traffic",
    { to: z.string().min(1), percent: z.int().min(0).max(100) },
    {
      ...ofCall,
      links,
      lastsMs: atOnce,
      words: ({ to, percent }) => `${percent} % of the calls go to release ${to}`,
      samples: [],
      random: () => [],
      effect: ({ to, percent }) => ({ does: "share", release: to, percent }),
    },
  ),
  /** A statement of this transaction waits until another transaction is over, or one of its statements is. */
  faultKind(
    "overtaken",
    { statement: z.int().positive(), by: overtakerSchema },
    {
      ...ofCall,
      links: ["api->database"],
      phase: "before",
      lastsMs: () => overtakenMs,
      words: ({ statement, by }) => `statement ${statement} is overtaken by ${printOvertaker(by)}`,
      samples: [],
      random: () => [],
      effect: ({ statement, by }) => ({ does: "overtake", statement, by }),
    },
  ),
  /** The customer asks for the job's end here. */
  faultKind(
    "kill-job",
    {},
    {
      ...ofCall,
      links: network,
      refusal: (at, jobs) => {
        if (at.job === null && jobs > 1) return "which of the jobs is meant, the site does not say";
        return cannotBeKnownYet(at) ? "its customer does not know of a job yet" : null;
      },
      lastsMs: atOnce,
      words: () => "the customer kills the job",
      samples: [{ kind: "kill-job" }],
      random: ({ fc }) => [fc.constant({ kind: "kill-job" } as const)],
      effect: () => ({ does: "cancel" }),
    },
  ),
  ...mysqlKinds,
] as const;

type Kind = (typeof kinds)[number];
type Schema = Kind["schema"];

export const faultSchema = z.discriminatedUnion(
  "kind",
  kinds.map(({ schema }) => schema) as [Schema, ...Schema[]],
);
export type Fault = z.infer<typeof faultSchema>;
export type FaultKind = Fault["kind"];

/** The table. Whoever looks a fault's kind up gets what is meant for faults of that kind. */
export const faultKinds = Object.fromEntries(kinds.map((kind) => [kind.kind, kind])) as unknown as Readonly<
  Record<FaultKind, FaultMeaning<Fault>>
>;

export const printFault = (fault: Fault): string => faultKinds[fault.kind].words(fault);
export const effectOf = (fault: Fault): Effect => faultKinds[fault.kind].effect(fault);
export const processOf = (fault: Fault): ProcessName | null => faultKinds[fault.kind].process(fault);
/** Null: for ever. */
export const lastsMs = (fault: Fault): number | null => faultKinds[fault.kind].lastsMs(fault);
